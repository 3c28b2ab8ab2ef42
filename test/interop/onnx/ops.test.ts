import {
  type Attributes,
  apply,
  constant,
  type Expr,
  evaluate,
  grad,
  sum,
  type Tensor,
  type Value,
  variable,
} from "@chainrule/core";
import { allOps } from "@chainrule/core/json";
import { describe, expect, it } from "vitest";
import { leafOps, rules } from "../../../packages/interop/src/onnx/export/rules/index.ts";
import { controlSamples } from "../../support/controlSamples.ts";
import { bindingsOf, inInterval } from "../../support/points.ts";
import { samples } from "../../support/samples.ts";
import { readBack } from "./readBack.ts";
import { runOnnx } from "./runOnnx.ts";
import { asTensor, expectDigits, expectNear } from "./tensors.ts";

describe("the table of ops", () => {
  it("has every op of core, and no other", () => {
    const known = [...Object.keys(rules), ...leafOps].sort();
    expect(known).toEqual(allOps.map(({ name }) => name).sort());
  });
});

/** An op at points of its domain, and its derivatives there. */
const elementwise = allOps.flatMap((op) => {
  const { domain, elementwise: rule } = op;
  return domain === undefined || rule === undefined ? [] : [{ op, domain, rule }];
});

const tolerances = { f64: 1e-13, f32: 2e-6 } as const;

/** Tensors of points, one for each argument. */
function columns(points: readonly (readonly number[])[], dtype: "f64" | "f32"): Map<Expr, Value> {
  const [first = []] = points;
  return new Map(
    first.map((_, i) => {
      const nested = points.map((point) => point[i] as number);
      const value = evaluate(constant(nested, dtype));
      return [variable(`v${i}`, [points.length], dtype), value] as const;
    }),
  );
}

/** An op on its arguments, with its derivatives by those that have one. */
function withDerivatives(
  { op, rule }: (typeof elementwise)[number],
  inputs: readonly Expr[],
  attributes: Attributes,
): readonly Expr[] {
  const output = apply(op, inputs, attributes);
  const wrt = inputs.filter((_, i) => rule.partials[i] !== null);
  if (output.dtype !== inputs[0]?.dtype) return [output];
  return [output, ...wrt.map((input) => grad(sum(output), input))];
}

describe.each(["f64", "f32"] as const)("elementwise ops in ONNX Runtime, %s", (dtype) => {
  it.each(elementwise.map((one) => [one.op.name, one] as const))("%s", async (_name, one) => {
    const points = Array.from({ length: 5 }, (_, cell) =>
      one.domain.map((interval, i) => inInterval(interval, cell, i)),
    );
    const values = columns(points, dtype);
    await agree(withDerivatives(one, [...values.keys()], {}), values, tolerances[dtype]);
  });
});

describe("kinks, edges and tails in ONNX Runtime", () => {
  const cases = elementwise.flatMap((one) =>
    (one.op.examples ?? []).map((example) => {
      const attributes = example.attributes ?? {};
      const at = example.at.map((x) => (Object.is(x, -0) ? "-0" : String(x))).join(", ");
      const label = `${one.op.name}(${at}) ${JSON.stringify(attributes)}`;
      return [label, one, example.at, attributes] as const;
    }),
  );
  it.each(cases)("%s", async (_label, one, at, attributes) => {
    const values = columns([at], "f64");
    const outputs = withDerivatives(one, [...values.keys()], attributes);
    const wanted = evaluate(outputs, values) as readonly Tensor[];
    const given = await runOnnx(outputs, values);
    for (const [i, value] of wanted.entries()) expectDigits(given[i] as Tensor, value, 1e-12);
  });
});

describe("ops on whole tensors in ONNX Runtime", () => {
  const all = [...Object.entries(samples), ...Object.entries(controlSamples)];
  const cases = all.flatMap(([name, makes]) =>
    makes.map((make, i) => [`${name} ${i}`, make] as const),
  );
  it.each(cases)("%s", async (name, make) => {
    const output = make();
    const values = bindingsOf([output], 7);
    const wrt = [...values.keys()];
    const derived = output.dtype === "f64" && wrt.length > 0 ? grad(sum(output), wrt) : [];
    // The states of every trip, which the derivative keeps, are as many as trips are made.
    const readable = name.startsWith("whileLoop") ? [output] : undefined;
    await agree([output, ...derived], values, 1e-11, readable);
  });
});

async function agree(
  outputs: readonly Expr[],
  values: ReadonlyMap<Expr, Value>,
  tolerance: number,
  readable = outputs,
): Promise<void> {
  const wanted = evaluate(outputs, values) as readonly Value[];
  const given = await runOnnx(outputs, values);
  const back = readBack(readable, values);
  for (const [i, value] of wanted.entries()) {
    const own = asTensor(value, (outputs[i] as Expr).dtype);
    expectNear(given[i] as never, own, tolerance);
    if (i < readable.length) expectNear(back[i] as never, own, tolerance);
  }
}
