import { compile } from "@chainrule/compile";
import { type Expr, evaluate, grad, isFloat, sum, Tensor, type Value } from "@chainrule/core";
import fc from "fast-check";
import { expect } from "vitest";
import { instantiate } from "../../../packages/compile/src/executable/instantiate.ts";
import { checkParts } from "../../../packages/compile/src/parts.ts";
import { tensorModule } from "../../../packages/compile/src/tensor/tensorModule.ts";
import { type ProgramOptions, randomProgram } from "../../support/randomProgram.ts";
import { difference, sameBits } from "./close.ts";

/** What a law holds over. */
export interface LawOptions extends ProgramOptions {
  readonly tolerance: number;
  readonly programs: number;
  /** Numbers put in place of some elements of the inputs. */
  readonly special?: readonly number[];
}

/** The same programs on every run, so that what passes here passes there; another seed by `SEED`. */
const seed = Number(process.env["SEED"] ?? 20261123);

/**
 * Compiled = interpreted for random programs and their gradients, as loops over memory; every fifth also without
 * fusion, rows and reuse, which changes no bit.
 */
export function law({ tolerance, programs, special, ...options }: LawOptions): void {
  let turn = 0;
  let skipped = 0;
  fc.assert(
    fc.property(randomProgram(options), ({ output, inputs, values }) => {
      turn++;
      const named = Object.fromEntries(inputs.map((input, i) => [`x${i}`, input]));
      const gradients = isFloat(output.dtype) && turn % 3 === 0 ? grad(sum(output), inputs) : [];
      const outputs: Record<string, Expr> = {
        output,
        ...Object.fromEntries(gradients.map((one, i) => [`g${i}`, one])),
      };
      const given = Object.fromEntries(
        inputs.map((input, i) => {
          const value = values.get(input) as Value;
          return [`x${i}`, special === undefined ? value : spiked(value, special, turn + i)];
        }),
      );
      const bound = new Map(inputs.map((input, i) => [input, given[`x${i}`] as Value]));
      const expected = evaluate(outputs, bound) as Record<string, Value>;
      const parts = { inputs: named, outputs };
      // Loops over the same rows take turns row by row, or at the size that is best for speed.
      const near = turn % 2 > 0 ? { near: 64 } : {};
      const got = instantiate(tensorModule(checkParts(parts), near))(given);
      for (const [name, value] of Object.entries(expected)) {
        const apart = difference(got[name] as Value, value, tolerance);
        if (apart === undefined) continue;
        // A jump, or digits that cancel: a change by rounding errors alone tells as much apart.
        if (isUnstable(outputs[name] as Expr, bound, value, tolerance)) skipped++;
        else expect(apart, name).toBeUndefined();
      }
      if (turn % 5 > 0) return;
      const plain = compile(parts, { as: "tensors", fuse: false, reuse: false })(given);
      for (const name of Object.keys(outputs)) {
        expect(sameBits(got[name] as Value, plain[name] as Value), name).toBe(true);
      }
    }),
    { numRuns: programs, seed },
  );
  expect(skipped / programs, "programs without a stable value").toBeLessThan(0.02);
}

/** Whether changes of the inputs by some units in the last place change the value by more than the tolerance. */
function isUnstable(
  output: Expr,
  values: ReadonlyMap<Expr, Value>,
  value: Value,
  tolerance: number,
): boolean {
  return [3, -3, 7, -5].some((units, turn) => {
    const nudged = new Map<Expr, Value>();
    let i = turn;
    for (const [input, one] of values) {
      const unit = units * (input.dtype === "f32" ? 2 ** -24 : 2 ** -53);
      const nudge = (x: number, k: number): number => x * (1 + ((k + i) % 2 > 0 ? unit : -unit));
      if (typeof one === "number") nudged.set(input, nudge(one, 0));
      else {
        const data = one.data.slice();
        for (const [k, x] of data.entries()) data[k] = nudge(x, k);
        nudged.set(input, new Tensor(one.shape, data, one.dtype));
      }
      i++;
    }
    return difference(evaluate(output, nudged) as Value, value, tolerance) !== undefined;
  });
}

/** Some elements replaced. */
function spiked(value: Value, special: readonly number[], turn: number): Value {
  if (typeof value === "number") return special[turn % special.length] as number;
  const data = value.data.slice();
  for (let i = turn % 3; i < data.length; i += 3) {
    data[i] = special[(turn + i) % special.length] as number;
  }
  return new Tensor(value.shape, data, value.dtype);
}
