import { compile } from "@chainrule/compile";
import { type Expr, evaluate, grad, sum, type Value } from "@chainrule/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ProgramOptions, randomProgram } from "../../support/randomProgram.ts";

/** Numbers of a value. */
function elements(value: Value): readonly number[] {
  return typeof value === "number" ? [value] : [...value.data];
}

/**
 * A chain of ten functions may lose some digits more than each of them, and so may sums in another order; NaN and ∞
 * agree exactly.
 */
function close(got: Value, expected: Value, tolerance: number): string | undefined {
  const ours = elements(got);
  const theirs = elements(expected);
  if (ours.length !== theirs.length) return `${ours.length} elements for ${theirs.length}`;
  const scale = Math.max(1, ...theirs.map(Math.abs).filter(Number.isFinite));
  for (const [i, one] of theirs.entries()) {
    const other = ours[i] as number;
    if (Object.is(one, other) || Math.abs(one - other) <= tolerance * scale) continue;
    return `[${i}]: ${other} for ${one}`;
  }
  return undefined;
}

function sameBits(a: Value, b: Value): boolean {
  const left = elements(a);
  const right = elements(b);
  return left.length === right.length && left.every((one, i) => Object.is(one, right[i]));
}

function law(options: ProgramOptions, tolerance: number, numRuns: number): void {
  fc.assert(
    fc.property(randomProgram(options), ({ output, inputs, values }) => {
      const names = inputs.map((_, i) => `x${i}`);
      const named = Object.fromEntries(inputs.map((input, i) => [names[i] as string, input]));
      const gradients =
        output.dtype === "i32" || output.dtype === "bool" ? [] : grad(sum(output), inputs);
      const outputs: Record<string, Expr> = {
        output,
        ...Object.fromEntries(gradients.map((one, i) => [`g${i}`, one])),
      };
      const given = Object.fromEntries(
        inputs.map((input, i) => [names[i] as string, values.get(input) as Value]),
      );
      const expected = evaluate(outputs, values) as Record<string, Value>;
      const parts = { inputs: named, outputs };
      const got = compile(parts, { as: "tensors" })(given);
      for (const [name, value] of Object.entries(expected)) {
        expect(close(got[name] as Value, value, tolerance), name).toBeUndefined();
      }
      const plain = compile(parts, { as: "tensors", fuse: false, reuse: false })(given);
      for (const name of Object.keys(outputs)) {
        expect(sameBits(got[name] as Value, plain[name] as Value), name).toBe(true);
      }
    }),
    { numRuns },
  );
}

describe("compiled tensors = interpreted", () => {
  it("in double precision", () => law({}, 1e-9, 600));
  it("in single precision", () => law({ dtype: "f32" }, 2e-4, 300));
  it("with a named size", () => law({ named: true }, 1e-9, 300));
});
