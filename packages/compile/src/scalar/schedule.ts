import { Codes } from "./codes.ts";
import { planMemory, type ScalarMemory } from "./memory.ts";
import { type Pairs, pairedOrder, pairsOf } from "./pairs.ts";
import { type Parts, partsOf } from "./parts.ts";
import type { ScalarProgram } from "./scalarProgram.ts";

/** How scalar programs are scheduled; no bit of a result depends on it. */
export interface ScheduleOptions {
  /** Whether operations of one kind are done two at once where that pays; true by default. */
  readonly pairs?: boolean;
}

/** When and where all values of a scalar program are computed. */
export interface Schedule {
  readonly pairs: Pairs;
  readonly parts: Parts;
  /** Inputs and results; slots lie behind. */
  readonly memory: ScalarMemory;
  /** Codes on one double, and those that pairs need on two. */
  readonly one: Codes;
  readonly two: Codes;
}

/** An operation on two lanes instead of two saves an instruction; a function of the library, some tens. */
const GAINS = { instructions: 1, library: 10, host: -1 } as const;

/** Functions of the library that do one lane after another. */
const oneByOne = new Set(["mod", "pow"]);

/** The schedule of a program. */
export function scheduleScalars(program: ScalarProgram, options: ScheduleOptions = {}): Schedule {
  const { tape } = program;
  const memory = planMemory(program);
  const one = new Codes("f64", tape.examples);
  const gains = Float64Array.from(one.list, ({ way, math }) =>
    options.pairs === false || math.some(({ name }) => oneByOne.has(name)) ? -1 : GAINS[way],
  );
  const pairs = pairsOf(tape, { gains, inputs: memory.inputs, results: memory.result });
  const used = new Set<number>();
  pairs.mates.forEach((mate, node) => {
    if (mate >= 0) used.add(tape.kinds[node] as number);
  });
  const two = new Codes("f64x2", tape.examples, (kind) => used.has(kind));
  const parts = partsOf(tape, pairedOrder(tape, pairs), pairs);
  return { pairs, parts, memory, one, two };
}
