import {
  add,
  diagonal,
  type Expr,
  evaluate,
  grad,
  log,
  matmul,
  mul,
  ShapeError,
  sum,
  type Tensor,
  transpose,
  variable,
} from "@chainrule/core";
import {
  cholesky,
  determinant,
  eye,
  inverse,
  logDet,
  lowerTriangle,
  signDet,
  solve,
  triangularSolve,
  upperTriangle,
} from "@chainrule/core/linear";
import { describe, expect, it } from "vitest";
import { expectDerivatives, spread, tensor } from "../../support/differences.ts";

const a = variable("a", [3, 3]);
const definite = tensor([3, 3], [4, 2, -2, 2, 10, 2, -2, 2, 5]);
const general = tensor([3, 3], [0, 2, 1, 1, -1, 3, 2, 0, -4]);

function near(y: Expr, values: Record<string, Tensor>, expected: readonly number[]): void {
  const out = evaluate(y, values, { extra: "allow" });
  const items = typeof out === "number" ? [out] : [...out.data];
  expect(items).toHaveLength(expected.length);
  for (const [i, item] of items.entries()) expect(item).toBeCloseTo(expected[i] as number, 12);
}

describe("cholesky", () => {
  it("gives the factor, of the symmetric part", () => {
    // By hand: rows (2), (1, 3), (−1, 1, √3).
    near(cholesky(a), { a: definite }, [2, 0, 0, 1, 3, 0, -1, 1, Math.sqrt(3)]);
    const skewed = tensor([3, 3], [4, 5, -2, -1, 10, 2, -2, 2, 5]);
    near(cholesky(a), { a: skewed }, [2, 0, 0, 1, 3, 0, -1, 1, Math.sqrt(3)]);
    expect((evaluate(cholesky(a), { a: general }) as Tensor).data.every(Number.isNaN)).toBe(true);
    expect(() => cholesky(variable("x", [2, 3]))).toThrow(
      "cholesky: the last two axes must be those of a square matrix, got [2, 3]",
    );
  });

  it("differentiates, in batches", () => {
    expectDerivatives(cholesky(a), { a: definite });
    const x = variable("x", ["batch", 2, 3]);
    const gram = add(matmul(x, transpose(x, [0, 2, 1])), eye(2));
    expectDerivatives(cholesky(gram), { x: spread([2, 2, 3]) });
  });
});

describe("triangularSolve", () => {
  it("reads one triangle", () => {
    const b = variable("b", [2]);
    const m = variable("m", [2, 2]);
    const values = { m: tensor([2, 2], [2, 6, 4, 8]), b: tensor([2], [2, 12]) };
    near(triangularSolve(m, b), values, [1, 1]);
    near(triangularSolve(m, b, { upper: true }), values, [-3.5, 1.5]);
    near(triangularSolve(m, b, { transposed: true }), values, [-2, 1.5]);
    near(triangularSolve(m, b, { upper: true, transposed: true }), values, [1, 0.75]);
  });

  it("differentiates in all four forms", () => {
    const b = variable("b", [3, 2]);
    const values = { a: definite, b: spread([3, 2]) };
    for (const upper of [false, true]) {
      for (const transposed of [false, true]) {
        expectDerivatives(triangularSolve(a, b, { upper, transposed }), values);
      }
    }
  });
});

describe("solve and inverse", () => {
  it("solve with pivots", () => {
    // numpy.linalg.solve, .inv
    const b = variable("b", [3]);
    near(solve(a, b), { a: general, b: tensor([3], [1, 2, 3]) }, [41 / 22, 9 / 22, 4 / 22]);
    near(matmul(inverse(a), a), { a: general }, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
    const y = inverse(a);
    const lowered = y.op.lower?.(y) as Expr;
    expect(evaluate(lowered, { a: general })).toEqual(evaluate(y, { a: general }));
    expect(() => solve(a, variable("c", [2]))).toThrow(
      "solve: the right side must have a row for each row of the matrix, got [3, 3] and [2]",
    );
    expect(() => solve(variable("x", [3]), b)).toThrow(ShapeError);
  });

  it("differentiate, with broadcast and named axes", () => {
    const b = variable("b", ["batch", 3, 2]);
    expect(solve(a, b).shape).toEqual(["batch", 3, 2]);
    expectDerivatives(solve(a, b), { a: general, b: spread([2, 3, 2]) });
    expectDerivatives(solve(a, variable("c", [3])), { a: general, c: spread([3]) });
    expectDerivatives(inverse(a), { a: general });
    const n = variable("n", ["n", "n"]);
    expectDerivatives(solve(n, eye("n")), { n: general });
  });
});

describe("determinants", () => {
  it("of any square matrix, with their sign", () => {
    // numpy.linalg.slogdet
    near(logDet(a), { a: definite }, [4.68213122712422]);
    near(logDet(a), { a: general }, [3.0910424533583156]);
    near(signDet(a), { a: general }, [1]);
    near(determinant(a), { a: general }, [22]);
    near(determinant(a), { a: tensor([3, 3], [1, -1, 3, 0, 2, 1, 2, 0, -4]) }, [-22]);
    near(signDet(a), { a: tensor([3, 3], [1, -1, 3, 0, 2, 1, 2, 0, -4]) }, [-1]);
    const singular = tensor([3, 3], [1, 2, 3, 2, 4, 6, 0, 0, 1]);
    expect(evaluate([logDet(a), signDet(a), determinant(a)], { a: singular })).toEqual([
      Number.NEGATIVE_INFINITY,
      0,
      0,
    ]);
    near(mul(2, sum(log(diagonal(cholesky(a))))), { a: definite }, [4.68213122712422]);
  });

  it("differentiate", () => {
    expectDerivatives(logDet(a), { a: general });
    expectDerivatives(logDet(a), { a: tensor([3, 3], [1, -1, 3, 0, 2, 1, 2, 0, -4]) });
    for (const n of [1, 2, 3, 4]) {
      const m = variable("m", [n, n]);
      // Away from singular ones, where the rule for 4 × 4 has no value.
      const away = spread([n, n]).data.map((item, i) => item + (i % (n + 1) === 0 ? 3 : 0));
      expectDerivatives(determinant(m), { m: tensor([n, n], [...away]) });
    }
    expectDerivatives(determinant(variable("m", ["batch", 2, 2])), { m: spread([2, 2, 2]) });
  });

  it("of singular matrices have exact derivatives up to 3 × 3", () => {
    const gradient = grad(determinant(a), a);
    near(gradient, { a: tensor([3, 3], [1, 0, 0, 0, 0, 0, 0, 0, 0]) }, [0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const rankTwo = tensor([3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 0]);
    near(gradient, { a: rankTwo }, [0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });
});

it("triangles and the identity", () => {
  near(lowerTriangle(a), { a: general }, [0, 0, 0, 1, -1, 0, 2, 0, -4]);
  near(upperTriangle(a), { a: general }, [0, 2, 1, 0, -1, 3, 0, 0, -4]);
  near(eye(2), {}, [1, 0, 0, 1]);
  expect(eye(2, "f32").dtype).toBe("f32");
});
