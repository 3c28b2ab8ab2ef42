import { type Expr, evaluate, grad, sum, type Value } from "@chainrule/core";
import fc from "fast-check";
import { describe, it } from "vitest";
import { randomProgram } from "../../support/randomProgram.ts";
import { runOnnx } from "./runOnnx.ts";
import { asTensor, expectNear } from "./tensors.ts";

/** Each run starts a session of the runtime, which takes longer than the program. */
const runs = { numRuns: 40, timeout: 60_000 };

async function agree(
  output: Expr,
  inputs: readonly Expr[],
  values: ReadonlyMap<Expr, Value>,
  tolerance: number,
): Promise<void> {
  const outputs = [output, ...grad(sum(output), inputs)];
  const wanted = evaluate(outputs, values) as readonly Value[];
  const given = await runOnnx(outputs, values);
  for (const [i, value] of wanted.entries()) {
    expectNear(given[i] as never, asTensor(value, (outputs[i] as Expr).dtype), tolerance);
  }
}

describe("random programs and their gradients in ONNX Runtime", () => {
  it.each([
    ["of scalars", { moves: [] }],
    ["of tensors", {}],
    ["with a named size", { named: true }],
  ] as const)(
    "%s",
    async (_name, options) => {
      await fc.assert(
        fc.asyncProperty(randomProgram(options), ({ output, inputs, values }) =>
          agree(output, inputs, values, 1e-9),
        ),
        runs,
      );
    },
    60_000,
  );
});
