import {
  add,
  constant,
  type Expr,
  evaluate,
  hessian,
  jacobian,
  matmul,
  mul,
  pick,
  type Scalar,
  scalar,
  slice,
  stack,
  sum,
  type Tensor,
  take,
  topological,
  variable,
  where,
} from "@chainrule/core";
import { func, map, scan, stopGradient, whileLoop } from "@chainrule/core/control";
import {
  type ScalarMatrix,
  sparseHessian,
  sparseJacobian,
  type TensorMatrix,
} from "@chainrule/core/sparse";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spread } from "../../support/differences.ts";

const scalars = (count: number): Scalar[] =>
  Array.from({ length: count }, (_, i) => scalar(`x${i}`));

function valuesOf(xs: readonly Scalar[]): Map<Expr, number> {
  const data = spread([xs.length]).data;
  return new Map(xs.map((x, i) => [x, data[i] as number]));
}

function evaluated(matrix: readonly (readonly Expr[])[], at: Map<Expr, number>): number[] {
  const width = matrix[0]?.length ?? 0;
  return width === 0 ? [] : (evaluate(matrix.flat(), at, { extra: "allow" }) as number[]);
}

function expectDense(
  sparse: ScalarMatrix,
  dense: readonly (readonly Expr[])[],
  at: Map<Expr, number>,
): void {
  const actual = evaluated(sparse.toDense(), at);
  for (const [k, value] of evaluated(dense, at).entries()) expect(actual[k]).toBeCloseTo(value, 10);
}

const columnsOf = ({ pattern }: ScalarMatrix | TensorMatrix): number[][] =>
  Array.from({ length: pattern.shape[0] }, (_, i) => [
    ...pattern.columns.subarray(pattern.rows[i], pattern.rows[i + 1]),
  ]);

/** Which rows take which columns. */
const patterns = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }))
  .chain(([height, width]) =>
    fc
      .array(fc.uniqueArray(fc.nat(width - 1), { maxLength: width }), {
        minLength: height,
        maxLength: height,
      })
      .map((rows) => ({ rows, width })),
  );

describe("sparseJacobian of scalars", () => {
  it("is the dense one, in the pattern it was built with", () => {
    fc.assert(
      fc.property(patterns, ({ rows, width }) => {
        const xs = scalars(width);
        const ys = rows.map((columns) => {
          let total: Scalar = constant(1);
          for (const j of columns) total = total.mul((xs[j] as Scalar).sin()).add(xs[j] as Scalar);
          return total;
        });
        const sparse = sparseJacobian(ys, xs);
        expect(columnsOf(sparse)).toEqual(rows.map((row) => [...row].sort((a, b) => a - b)));
        expectDense(sparse, jacobian(ys, xs), valuesOf(xs));
        const { forward, reverse } = sparse.sweeps;
        expect(forward + reverse).toBeLessThanOrEqual(Math.max(rows.length, width));
      }),
      { numRuns: 150 },
    );
  });

  it("moves a band of columns by as many sweeps as the band is wide", () => {
    const xs = scalars(50);
    const ys = xs.slice(1, -1).map((x, i) =>
      x
        .sin()
        .mul(xs[i] as Scalar)
        .sub(xs[i + 2] as Scalar),
    );
    const sparse = sparseJacobian(ys, xs);
    expect(sparse.sweeps).toEqual({ forward: 3, reverse: 0 });
    expect(sparse.pattern.columns).toHaveLength(3 * 48);
  });

  it("takes an arrow by three sweeps, the dense row in reverse", () => {
    const xs = scalars(30);
    const [first, ...rest] = xs as [Scalar, ...Scalar[]];
    let all: Scalar = constant(0);
    for (const x of xs) all = all.add(x.square());
    const ys = [all, ...rest.map((x) => x.mul(first))];
    const sparse = sparseJacobian(ys, xs);
    expect(sparse.sweeps).toEqual({ forward: 2, reverse: 1 });
    expectDense(sparse, jacobian(ys, xs), valuesOf(xs));
  });

  it("does ten thousand rows", () => {
    const xs = scalars(10_000);
    const ys = xs.map((x, i) =>
      x
        .mul(xs[(i + 1) % xs.length] as Scalar)
        .sin()
        .add(xs[(i * 7) % xs.length] as Scalar),
    );
    const { pattern, values, sweeps } = sparseJacobian(ys, xs);
    expect(pattern.rows.at(-1)).toBe(values.length);
    expect(sweeps.forward + sweeps.reverse).toBeLessThan(12);
    expect(topological(values).nodes.length).toBeLessThan(120_000);
    const at = new Map<Expr, number>(xs.map((x, i) => [x, Math.sin(i)]));
    const [value] = evaluate(values.slice(0, 1), at, { extra: "allow" });
    expect(value).toBeCloseTo(Math.cos(0) * Math.sin(1) + 1, 12);
  });

  it("takes calls, loops and conditions apart", () => {
    const [a, b, c] = scalars(3) as [Scalar, Scalar, Scalar];
    const f = func("f", (p, q) => p.mul(2).add(q.mul(0).mul(p)));
    const y = where(a, b.sin(), 3) as Scalar;
    const z = stopGradient(a).mul(c) as Scalar;
    const sparse = sparseJacobian([f(a, b) as Scalar, y, z, constant(2)], [a, b, c]);
    expect(columnsOf(sparse)).toEqual([[0, 1], [1], [2], []]);
    expect(evaluate(sparse.values[2] as Scalar, { x0: 1, x1: 0 })).toBe(1);
  });

  it("says what does not fit", () => {
    const [a, b] = scalars(2) as [Scalar, Scalar];
    expect(() => sparseJacobian([a], [b, b])).toThrow(
      "sparseJacobian: x must be distinct, got one of them twice",
    );
    expect(() => sparseJacobian([a], a as never)).toThrow(
      "sparseJacobian: y and x must both be lists of scalars or both tensors, got one of each",
    );
    expect(() => sparseJacobian([variable("v", [2]) as never], [a])).toThrow(
      "sparseJacobian: a list must be of scalars, got one of shape [2] among y",
    );
    const batch = variable("batched", ["batch"]);
    expect(() => sparseJacobian(batch.sin(), batch)).toThrow(
      "sparseJacobian: sizes must be numbers, got [batch]",
    );
    expect(() => sparseJacobian([constant(1, "i32")], [a])).toThrow(
      "sparseJacobian: y must be f64 or f32, got i32[]",
    );
  });
});

const v = variable("v", [6]);

/** Holds the sparse Jacobian of a tensor against the dense one. */
function expectTensor(y: Expr, x: Expr, given: Record<string, Tensor>): TensorMatrix {
  const sparse = sparseJacobian(y, x);
  const [actual, expected] = evaluate([sparse.toDense(), jacobian(y, x)], given, {
    extra: "allow",
  }) as [Tensor, Tensor];
  expect(actual.shape).toEqual(expected.shape);
  for (const [k, value] of expected.data.entries()) expect(actual.data[k]).toBeCloseTo(value, 11);
  return sparse;
}

describe("sparseJacobian of tensors", () => {
  const given = { v: spread([6]) };
  const stencil = slice(v, 0, 0, 4)
    .add(slice(v, 0, 2, 6))
    .sub(slice(v, 0, 1, 5).mul(2))
    .mul(slice(v, 0, 1, 5).sin());

  it("follows slices, broadcasts and elementwise ops", () => {
    const sparse = expectTensor(stencil, v, given);
    expect(sparse.sweeps).toEqual({ forward: 3, reverse: 0 });
    expect(columnsOf(sparse)).toEqual([
      [0, 1, 2],
      [1, 2, 3],
      [2, 3, 4],
      [3, 4, 5],
    ]);
    const m = variable("m", [2, 3]);
    const table = expectTensor(m.mul(variable("b", [3])), m, {
      m: spread([2, 3]),
      b: spread([3], 3),
    });
    expect(table.pattern.columns).toHaveLength(6);
    expect(table.sweeps.forward).toBe(1);
  });

  it("follows sums, products of matrices, choices, and loops, by their scalar forms", () => {
    const m = variable("m", [3, 2]);
    const at = { m: spread([3, 2]), a: spread([2, 2], 5), v: given.v };
    const product = expectTensor(matmul(m, variable("a", [2, 2])), m, at);
    expect(product.sweeps).toEqual({ forward: 2, reverse: 0 });
    expect(columnsOf(expectTensor(sum(m.square(), 1), m, at))).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    const chosen = take(v, constant([4, 0, 4], "i32")).exp();
    expect(columnsOf(expectTensor(chosen, v, given))).toEqual([[4], [0], [4]]);
    const [, running] = scan((c, u) => [c.mul(u), c.mul(u)], 1, v);
    expect(columnsOf(expectTensor(running, v, given))[3]).toEqual([0, 1, 2, 3]);
    const each = map((row) => sum(row).mul(row), m);
    expect(expectTensor(each, m, at).pattern.columns).toHaveLength(12);
    const halved = whileLoop(
      (c) => sum(c).sub(1),
      (c) => c.mul(0.5),
      v,
      { maxTrips: 3 },
    );
    expect(expectTensor(halved, v, given).pattern.columns).toHaveLength(6);
    expectTensor(stack([sum(v), pick(v, 0, 2), pick(v, 0, 1).mul(pick(v, 0, 5))]), v, given);
  });

  it("takes what it cannot see through to mix all", () => {
    const looped = whileLoop(
      (c) => sum(c).sub(1),
      (c) => c.mul(0.5),
      v,
    );
    expect(sparseJacobian(looped, v).pattern.columns).toHaveLength(36);
    expect(sparseJacobian(looped.add(0).sin(), variable("other", [2])).values.shape).toEqual([0]);
  });

  it("uses reverse sweeps where rows are few, and both where they help", () => {
    const total = stack([sum(v), sum(v.square())]);
    expect(expectTensor(total, v, given).sweeps).toEqual({ forward: 0, reverse: 2 });
    const arrow = add(v.mul(pick(v, 0, 0)), mul(sum(v.sin()), constant([1, 0, 0, 0, 0, 0])));
    const sparse = sparseJacobian(arrow, v);
    expect(sparse.sweeps.forward + sparse.sweeps.reverse).toBeLessThanOrEqual(6);
    expectTensor(arrow, v, given);
  });
});

describe("sparseHessian", () => {
  /** Pairs that interact: the edges of a graph. */
  const graphs = fc
    .integer({ min: 1, max: 10 })
    .chain((size) =>
      fc
        .array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 16 })
        .map((pairs) => ({ size, pairs })),
    );

  it("is the dense one, for every graph of interactions", () => {
    fc.assert(
      fc.property(graphs, ({ size, pairs }) => {
        const xs = scalars(size);
        let y: Scalar = xs[0] as Scalar;
        for (const [i, j] of pairs)
          y = y.add((xs[i] as Scalar).sin().mul((xs[j] as Scalar).square()));
        const sparse = sparseHessian(y, xs);
        expectDense(sparse, hessian(y, xs), valuesOf(xs));
        expect(sparse.sweeps.forward).toBeLessThanOrEqual(size);
        for (const [i, j] of pairs) {
          expect(columnsOf(sparse)[i]).toContain(j);
          expect(columnsOf(sparse)[j]).toContain(i);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("needs three sweeps for a chain, two for an arrow, of any length", () => {
    const xs = scalars(60);
    let chain: Scalar = constant(0);
    for (const [i, x] of xs.slice(1).entries()) chain = chain.add(x.sub(xs[i] as Scalar).pow(4));
    const banded = sparseHessian(chain, xs);
    expect(banded.sweeps).toEqual({ forward: 3, reverse: 0 });
    expectDense(banded, hessian(chain, xs), valuesOf(xs));
    let arrow: Scalar = constant(0);
    for (const x of xs) arrow = arrow.add(x.square().mul(xs[0] as Scalar));
    const hub = sparseHessian(arrow, xs);
    expect(hub.sweeps.forward).toBe(2);
    expectDense(hub, hessian(arrow, xs), valuesOf(xs));
  });

  it("of a tensor", () => {
    const y = sum(
      slice(v, 0, 1)
        .sub(slice(v, 0, 0, 5))
        .square()
        .square(),
    );
    const sparse = sparseHessian(y, v);
    expect(sparse.sweeps.forward).toBe(3);
    expect(sparse.pattern.columns).toHaveLength(16);
    const [actual, expected] = evaluate([sparse.toDense(), hessian(y, v)], { v: spread([6]) }) as [
      Tensor,
      Tensor,
    ];
    for (const [k, value] of expected.data.entries()) expect(actual.data[k]).toBeCloseTo(value, 11);
  });

  it("is empty where nothing is curved", () => {
    const sparse = sparseHessian(sum(v), v);
    expect(sparse.pattern.columns).toHaveLength(0);
    expect([...(evaluate(sparse.toDense()) as Tensor).data]).toEqual(new Array(36).fill(0));
  });
});
