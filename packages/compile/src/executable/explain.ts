import type { Placement } from "../plan/placeBuffers.ts";
import { lengthOf } from "../plan/size.ts";
import type { CompiledModule, Explanation } from "./compiledModule.ts";
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

/** What an executable does, as data and as text. */
export interface Explained extends Explanation {
  readonly engine: EngineName;
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
  const facts = { ...module.explanation, memoryBytes: store.bytes };
  return { ...facts, engine: "webassembly", sizes, memory, text: textOf(facts, memory) };
}

function plannedBuffers(
  { layout }: CompiledModule,
  sizes: ReadonlyMap<string, number>,
  { addresses }: Placement,
): PlannedBuffer[] {
  const names = bufferNames(layout);
  return layout.buffers.map(({ bytes, from, to }, i) => ({
    name: names.get(i) ?? `value ${i}`,
    bytes: lengthOf(bytes, sizes),
    address: addresses[i] as number,
    from,
    to,
  }));
}

function textOf(facts: Explanation, memory: readonly PlannedBuffer[]): string {
  const { native, library, host, functions, moduleBytes, memoryBytes, slots, steps } = facts;
  const largest = memory.toSorted((a, b) => b.bytes - a.bytes).slice(0, LISTED);
  const more = memory.length - largest.length;
  return [
    ...steps,
    `${native + library + host} operations: ${native} instructions, ${library} calls of the module's mathematics, ${host} calls of the host`,
    `${functions} functions in ${moduleBytes} bytes; ${memoryBytes} bytes of memory, ${slots} slots for values between functions`,
    ...largest.map(describeBuffer),
    ...(more > 0 ? [`and ${more} smaller ones`] : []),
  ].join("\n");
}

function describeBuffer({ name, bytes, address, from, to }: PlannedBuffer): string {
  const life = Number.isFinite(to) ? `steps ${from} to ${to}` : "always";
  return `${name}: ${bytes} bytes at ${address}, ${life}`;
}
