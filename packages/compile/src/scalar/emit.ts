import type { HostKernel } from "../elementwise/index.ts";
import { type Body, f64, ModuleBuilder, pageSize } from "../wasm/index.ts";
import { Codes } from "./codes.ts";
import { DOUBLE, type MemoryPlan, planMemory, type ScalarMemory } from "./memory.ts";
import { partsOf } from "./parts.ts";
import type { NamedElements, ScalarProgram } from "./scalarProgram.ts";
import type { Tape } from "./tape.ts";
import { type Places, Writer } from "./writer.ts";

/** A scalar program as a module. */
export interface ScalarModule {
  readonly bytes: Uint8Array;
  /** Kernels of the interpreter that it imports. */
  readonly hosts: readonly HostKernel[];
  readonly memory: MemoryPlan;
  readonly functions: number;
  /** Operations that are instructions, calls inside the module, and calls of the host. */
  readonly native: number;
  readonly library: number;
  readonly host: number;
}

/** The code of a scalar program: straight-line functions over one memory. */
export function emitScalar(program: ScalarProgram): ScalarModule {
  const { tape } = program;
  const parts = partsOf(tape);
  const memory = planMemory(program, parts);
  const codes = new Codes("f64", tape.examples);
  const ways = countWays(tape, codes);
  const builder = new ModuleBuilder();
  const contextOf = codes.begin(builder);
  const writer = new Writer({ tape, parts, codes, places: new Doubles(memory) });
  const names: number[] = [];
  for (let part = 0; part + 1 < parts.bounds.length; part++) {
    const body = builder.function(`part${part}`, [], []);
    writer.write(contextOf(body), part);
    names.push(body.index);
  }
  // Inputs and literals that are results themselves.
  const copies = builder.function("copies", [], []);
  for (const [node, address] of memory.direct) {
    copies.i32(0);
    writer.pushAlone(contextOf(copies), node);
    copies.memory(f64.store, address);
  }
  const run = builder.function("run", [], []);
  for (const name of [...names, copies.index]) run.call(name);
  replaceState(run, program, memory.plan);
  builder.memory({ minimum: Math.max(1, Math.ceil(memory.plan.bytes / pageSize)) });
  builder.export("memory", "memory");
  builder.export("run", "function", run.index);
  return {
    bytes: builder.build(),
    hosts: codes.hosts,
    memory: memory.plan,
    functions: names.length + 2,
    ...ways,
  };
}

/** New values take the place of state once all have been computed. */
function replaceState(run: Body, program: ScalarProgram, plan: MemoryPlan): void {
  for (const [place, offset] of plan.updates) {
    const size = (program.inputs[place] as NamedElements).elements.items.length;
    run.i32(plan.inputs[place] as number);
    run.i32(offset);
    run.i32(size * DOUBLE);
    run.memoryCopy();
  }
}

function countWays(
  { counts }: Tape,
  codes: Codes,
): Pick<ScalarModule, "native" | "library" | "host"> {
  let [native, library, host] = [0, 0, 0];
  codes.list.forEach(({ way }, kind) => {
    const count = counts[kind] as number;
    if (way === "instructions") native += count;
    else if (way === "library") library += count;
    else host += count;
  });
  return { native, library, host };
}

const none: readonly number[] = [];

/** Doubles at fixed addresses. */
class Doubles implements Places {
  readonly keepsInputs = false;
  readonly #memory: ScalarMemory;

  constructor(memory: ScalarMemory) {
    this.#memory = memory;
  }

  pushInput(body: Body, node: number): void {
    body.i32(0);
    body.memory(f64.load, this.#memory.inputs[node] as number);
  }

  pushSlot(body: Body, slot: number): void {
    body.i32(0);
    body.memory(f64.load, this.#memory.slots + slot * DOUBLE);
  }

  beginSlot(body: Body): void {
    body.i32(0);
  }

  storeSlot(body: Body, slot: number): void {
    body.memory(f64.store, this.#memory.slots + slot * DOUBLE);
  }

  resultsOf(node: number): readonly number[] {
    const address = this.#memory.result[node] as number;
    if (address === -1) return none;
    return address >= 0 ? [address] : (this.#memory.several.get(node) as readonly number[]);
  }

  beginResult(body: Body): void {
    body.i32(0);
  }

  storeResult(body: Body, place: number): void {
    body.memory(f64.store, place);
  }
}
