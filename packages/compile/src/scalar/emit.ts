import type { HostKernel } from "../elementwise/index.ts";
import { type Body, f64, ModuleBuilder, pageSize } from "../wasm/index.ts";
import { beginCodes, type Codes } from "./codes.ts";
import { DOUBLE, type MemoryPlan, withSlots } from "./memory.ts";
import { PairWriter } from "./pairWriter.ts";
import type { NamedElements, ScalarProgram } from "./scalarProgram.ts";
import { type ScheduleOptions, scheduleScalars } from "./schedule.ts";
import type { Tape } from "./tape.ts";

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
export function emitScalar(program: ScalarProgram, options: ScheduleOptions = {}): ScalarModule {
  const { tape } = program;
  const schedule = scheduleScalars(program, options);
  const { parts, memory, one, two } = schedule;
  const builder = new ModuleBuilder();
  const contextOf = beginCodes(builder, [one, two]);
  const writer = new PairWriter({ tape, ...schedule });
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
    writer.pushStored(contextOf(copies), node);
    copies.memory(f64.store, address);
  }
  const run = builder.function("run", [], []);
  for (const name of [...names, copies.index]) run.call(name);
  const plan = withSlots(memory, parts.slotCount);
  replaceState(run, program, plan);
  builder.memory({ minimum: Math.max(1, Math.ceil(plan.bytes / pageSize)) });
  builder.export("memory", "memory");
  builder.export("run", "function", run.index);
  return {
    bytes: builder.build(),
    hosts: one.hosts,
    memory: plan,
    functions: names.length + 2,
    ...countWays(tape, one),
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
