import { compile } from "@chainrule/compile";
import {
  type Expr,
  evaluate,
  grad,
  isFloat,
  isInput,
  matmul,
  nameOf,
  sum,
  topological,
  transpose,
  type Value,
  variable,
} from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { controlSamples } from "../../support/controlSamples.ts";
import { valueLike } from "../../support/points.ts";
import { samples } from "../../support/samples.ts";
import { difference, sameBits } from "./close.ts";

/** Stacks of products that are only summed: with operands that run on, repeat, or lie crosswise. */
const summedProducts: Readonly<Record<string, readonly (() => Expr)[]>> = {
  summedProduct: [
    () => sum(matmul(variable("x", [3, 2, 4]), variable("y", [3, 4, 5])), 0),
    () => sum(matmul(variable("x", [3, 2, 4]), variable("y", [4, 5])), 0),
    () => sum(matmul(variable("x", [2, 4]), variable("y", ["batch", 3, 4, 5])), [0, 1]),
    () => sum(matmul(transpose(variable("x", [3, 4, 2]), [0, 2, 1]), variable("y", [3, 4, 5])), 0),
    () => sum(matmul(transpose(variable("x", [2, 3, 4]), [1, 0, 2]), variable("y", [3, 4, 5])), 0),
  ],
};

const all = [
  ...Object.entries(samples),
  ...Object.entries(controlSamples),
  ...Object.entries(summedProducts),
].flatMap(([name, list]) => list.map((make, i) => [`${name} ${i}`, make] as const));

function inputsOf(outputs: readonly Expr[]): Record<string, Expr> {
  const inputs = topological(outputs).nodes.filter(isInput);
  return Object.fromEntries(inputs.map((input) => [nameOf(input) as string, input]));
}

function gradients(output: Expr): Record<string, Expr> {
  if (!isFloat(output.dtype)) return {};
  const inputs = Object.entries(inputsOf([output]));
  const made = grad(
    sum(output),
    inputs.map(([, input]) => input),
  );
  return Object.fromEntries(inputs.map(([name], i) => [`d${name}`, made[i] as Expr]));
}

describe("every op on tensors", () => {
  it.each(all)("%s", (_name, make) => {
    const output = make();
    const outputs: Record<string, Expr> = { output, ...gradients(output) };
    const inputs = inputsOf(Object.values(outputs));
    const values = Object.fromEntries(
      Object.entries(inputs).map(([name, input], i) => [name, valueLike(input, i + 3)]),
    );
    const expected = evaluate(outputs, values) as Record<string, Value>;
    const got = compile({ inputs, outputs }, { as: "tensors" })(values);
    for (const [name, value] of Object.entries(expected)) {
      expect(difference(got[name] as Value, value, 1e-10), name).toBeUndefined();
    }
    const plain = compile(
      { inputs, outputs },
      { as: "tensors", fuse: false, reuse: false },
    )(values);
    for (const name of Object.keys(outputs)) {
      expect(sameBits(got[name] as Value, plain[name] as Value), name).toBe(true);
    }
  });
});
