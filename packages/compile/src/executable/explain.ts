import type { Placement } from "../plan/placeBuffers.ts";
import { lengthOf } from "../plan/size.ts";
import type { CompiledModule, Explanation, PlannedStep } from "./compiledModule.ts";
import { bufferNames } from "./outOfMemory.ts";
import type { Store } from "./store.ts";

/** What runs a program. */
export type EngineName = "webassembly" | "interpreter";

/** A stretch of the memory plan. */
export interface PlannedBuffer {
  /** Of an input or output, else `value` and a number. */
  readonly name: string;
  readonly bytes: number;
  readonly address: number;
  /** First and last step that needs the content; inputs, outputs and constants live always, until ∞. */
  readonly from: number;
  readonly to: number;
}

/** A step for the sizes there are; counts are undefined before these are known. */
export interface ExplainedStep extends Pick<PlannedStep, "text" | "depth"> {
  /** Arithmetic operations of one round; undefined also where a kernel does not tell. */
  readonly operations: number | undefined;
  /** Bytes of what one round reads and writes; each element counts once. */
  readonly bytes: number | undefined;
}

/** What an executable does, as data and as text. */
export interface Explained extends Omit<Explanation, "steps"> {
  /** What is done, one after another; what loops and choices hold follows them, deeper. */
  readonly steps: readonly ExplainedStep[];
  /** What runs the program; an engine of another package by its own name. */
  readonly engine: string;
  /** Lengths of the named sizes, as far as they are known. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Where everything lies; nothing before named sizes are known. */
  readonly memory: readonly PlannedBuffer[];
  readonly text: string;
}

/** Buffers that the text lists, largest first: the data holds all. */
const LISTED = 20;

/** Explains a module over its memory. */
export function explainModule(
  module: CompiledModule,
  store: Store,
  placement: Placement | undefined,
): Explained {
  const memory = placement === undefined ? [] : plannedBuffers(module, store.sizes, placement);
  const sizes = Object.fromEntries(store.sizes);
  const steps = module.explanation.steps.map((step) => explainStep(step, store));
  const facts = { ...module.explanation, steps, memoryBytes: store.bytes };
  return { ...facts, engine: "webassembly", sizes, memory, text: textOf(facts, memory) };
}

function explainStep(step: PlannedStep, { isPlaced, sizes }: Store): ExplainedStep {
  const { text, depth, operations, bytes } = step;
  if (!isPlaced) return { text, depth, operations: undefined, bytes: undefined };
  return {
    text,
    depth,
    operations: operations && lengthOf(operations, sizes),
    bytes: bytes.reduce((sum, term) => sum + lengthOf(term, sizes), 0),
  };
}

function plannedBuffers(
  { layout }: CompiledModule,
  sizes: ReadonlyMap<string, number>,
  { addresses }: Placement,
): PlannedBuffer[] {
  const names = bufferNames(layout);
  return layout.buffers.flatMap(({ bytes, from, to }, i) => {
    const name = names.get(i);
    const length = lengthOf(bytes, sizes);
    // Values that stay in locals, or in a block of rows, have no memory of their own.
    if (length === 0 && name === undefined) return [];
    return [
      { name: name ?? `value ${i}`, bytes: length, address: addresses[i] as number, from, to },
    ];
  });
}

function textOf(
  facts: Omit<Explained, "engine" | "sizes" | "memory" | "text">,
  memory: readonly PlannedBuffer[],
): string {
  const { native, library, host, functions, moduleBytes, memoryBytes, slots, steps } = facts;
  const largest = memory.toSorted((a, b) => b.bytes - a.bytes).slice(0, LISTED);
  const more = memory.length - largest.length;
  return [
    ...steps.map(describeStep),
    `${native + library + host} operations: ${native} instructions, ${library} calls of the module's mathematics, ${host} calls of the host`,
    `${functions} functions in ${moduleBytes} bytes; ${memoryBytes} bytes of memory, ${slots} slots for values between functions`,
    ...largest.map(describeBuffer),
    ...(more > 0 ? [`and ${more} smaller ones`] : []),
  ].join("\n");
}

function describeStep({ text, depth, operations, bytes }: ExplainedStep): string {
  const counts = [
    ...(operations === undefined ? [] : [`${operations} operations`]),
    ...(bytes === undefined ? [] : [`${bytes} bytes`]),
  ].join(", ");
  return `${"  ".repeat(depth)}${text}${counts === "" ? "" : ` (${counts})`}`;
}

function describeBuffer({ name, bytes, address, from, to }: PlannedBuffer): string {
  const life = Number.isFinite(to) ? `steps ${from} to ${to}` : "always";
  return `${name}: ${bytes} bytes at ${address}, ${life}`;
}
