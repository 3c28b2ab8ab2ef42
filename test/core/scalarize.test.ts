import {
  type Expr,
  evaluate,
  grad,
  matmul,
  mean,
  scalar,
  scalarize,
  sigmoid,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  variable,
} from "@chainrule/core";
import { abstract } from "@chainrule/core/control";
import { describe, expect, it } from "vitest";

const X = variable("X", ["batch", 2]);
const W = variable("W", [2, 3]);
const t = variable("t", ["batch", 3]);
const loss = mean(square(sub(softmax(tanh(matmul(X, W))), t))) as Expr;
const values = {
  X: [
    [0.1, 0.5],
    [-0.3, 0.2],
  ],
  W: [
    [0.1, 0.2, 0.3],
    [0.4, 0.5, 0.6],
  ],
  t: [
    [1, 0, 0],
    [0, 1, 0],
  ],
};

describe("scalarize", () => {
  const { outputs, inputs } = scalarize([loss], { sizes: { batch: 2 } });
  const [output] = outputs[0]?.items ?? [];
  const scalars = Object.fromEntries(
    Object.entries(values).flatMap(([name, rows]) =>
      rows.flatMap((row, i) => row.map((value, j) => [`${name}_${i + 1}_${j + 1}`, value])),
    ),
  );

  it("names the elements of each input, counted from 1", () => {
    expect(inputs.get(W)?.items[5]).toBe(scalar("W_2_3"));
    expect(inputs.get(X)?.shape).toEqual([2, 2]);
  });

  it("keeps values", () => {
    expect(evaluate(output as Expr, scalars)).toBeCloseTo(evaluate(loss, values) as number, 14);
  });

  it("keeps gradients", () => {
    const weights = inputs.get(W)?.items ?? [];
    const ours = evaluate(grad(output as Expr, weights), scalars) as number[];
    const theirs = evaluate(grad(loss, W), values) as Tensor;
    ours.forEach((value, i) => {
      expect(value).toBeCloseTo(theirs.data[i] as number, 14);
    });
  });

  it("leaves scalar graphs as they are", () => {
    const x = scalar("x");
    const e = sigmoid(square(x));
    expect(scalarize([e]).outputs[0]?.items).toEqual([e]);
  });

  it("needs the named sizes, a scalar form of every op, and a bound on the nodes", () => {
    expect(() => scalarize([sum(X)])).toThrow(/size "batch"/);
    expect(() => scalarize([loss], { sizes: { batch: 2 }, maxNodes: 20 })).toThrow(/fewer nodes/);
    const u = abstract("u");
    expect(scalarize([u(scalar("x"))]).outputs[0]?.items).toHaveLength(1);
  });
});
