import { compile } from "@chainrule/compile";
import { type Expr, evaluate, grad, sum, type Value } from "@chainrule/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ProgramOptions, randomProgram } from "../../support/randomProgram.ts";
import { difference, sameBits } from "./close.ts";

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
        expect(difference(got[name] as Value, value, tolerance), name).toBeUndefined();
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
