import {
  constant,
  type Expr,
  evaluate,
  hessian,
  jacobian,
  laplacian,
  matmul,
  type Scalar,
  ShapeError,
  scalar,
  sum,
  type Tensor,
  topological,
  variable,
} from "@chainrule/core";
import { map, scan } from "@chainrule/core/control";
import { describe, expect, expectTypeOf, it } from "vitest";
import { spread, tensor } from "../../support/differences.ts";

const x = scalar("x");
const y = scalar("y");
const v = variable("v", [3]);
const m = variable("m", [2, 3]);

describe("jacobian", () => {
  it("of scalars is a matrix of scalars", () => {
    const rows = jacobian([x.mul(y), x.add(y), y.square()], [x, y]);
    expectTypeOf(rows).toEqualTypeOf<[[Scalar, Scalar], [Scalar, Scalar], [Scalar, Scalar]]>();
    expect(evaluate(rows.flat(), { x: 3, y: 5 }, { extra: "allow" })).toEqual([5, 3, 1, 1, 0, 10]);
    const wide = jacobian([x.mul(y)], [x, y, scalar("z")]);
    expect(evaluate(wide.flat(), { x: 3, y: 5 })).toEqual([5, 3, 0]);
    expect(jacobian(x.mul(y), x)).toBe(y);
  });

  it("of tensors has the axes of y, then those of x", () => {
    const given = { v: spread([3]), m: spread([2, 3], 5) };
    const out = matmul(m, v.sin());
    const [byM, byV] = jacobian(out, [m, v]);
    expect(byM.shape).toEqual([2, 2, 3]);
    expect(byV.shape).toEqual([2, 3]);
    const [one, two] = evaluate([byM, byV], given) as [Tensor, Tensor];
    for (let i = 0; i < 2; i++) {
      for (let j = 0; j < 3; j++) {
        const entry = (given.m.data[i * 3 + j] as number) * Math.cos(given.v.data[j] as number);
        expect(two.data[i * 3 + j]).toBeCloseTo(entry, 14);
        for (let k = 0; k < 2; k++) {
          const expected = i === k ? Math.sin(given.v.data[j] as number) : 0;
          expect(one.data[k * 6 + i * 3 + j]).toBeCloseTo(expected, 14);
        }
      }
    }
  });

  it("takes the mode with fewer sweeps, and shares what does not depend on them", () => {
    const wide = jacobian(matmul(m, v.sin()), v);
    const maps = topological([wide]).nodes.filter(({ op }) => op.name === "map");
    expect(maps.map(({ attributes }) => attributes["size"])).toEqual([2]);
    const scan1 = scan((c) => [matmul(variable("a", [3, 3]), c).sin(), undefined], v, undefined, {
      length: 4,
    })[0];
    const names = topological([jacobian(scan1, v)]).nodes.map(({ op }) => op.name);
    expect(names.filter((name) => name === "scan")).toHaveLength(1);
  });

  it("of a scalar and a tensor is a gradient or a tangent", () => {
    expect(jacobian(sum(v), v).shape).toEqual([3]);
    expect(jacobian(v.mul(x), x)).toBe(v);
    const zero = jacobian(v, variable("w", [2]));
    expect(zero.shape).toEqual([3, 2]);
    expect((evaluate(zero) as Tensor).toArray()).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it("maps over a named batch", () => {
    const xs = variable("xs", ["batch", 2]);
    expect(() => jacobian(xs.sin(), xs)).toThrow(
      new ShapeError(
        "jacobian: sizes must be numbers, got [batch, 2]; map the function over a named batch",
      ),
    );
    const each = map((row) => jacobian(row.square(), row), xs);
    expect(each.shape).toEqual(["batch", 2, 2]);
    expect((evaluate(each, { xs: [[1, 2]] }) as Tensor).toArray()).toEqual([
      [
        [2, 0],
        [0, 4],
      ],
    ]);
  });

  it("says what does not fit", () => {
    expect(() => jacobian(constant(1, "i32"), x)).toThrow("jacobian: derivatives must be by f64");
    expect(() => jacobian([x, 3 as never], x)).toThrow(
      "jacobian: derivatives must be by expressions, got 3",
    );
  });
});

describe("hessian", () => {
  it("of scalars", () => {
    const rows = hessian(x.square().mul(y).add(y.sin()), [x, y]);
    const [[xx, xy], [yx, yy]] = rows;
    expect(evaluate([xx, xy, yx, yy], { x: 2, y: 3 })).toEqual([6, 4, 4, -Math.sin(3)]);
    expect(evaluate(hessian(x.pow(3), x), { x: 2 })).toBe(12);
  });

  it("of tensors, of any shape, is symmetric", () => {
    const f = sum(matmul(m, v).sin().mul(matmul(m, v)));
    const given = { v: spread([3]), m: spread([2, 3], 5) };
    const h = hessian(f, m);
    expect(h.shape).toEqual([2, 3, 2, 3]);
    const { data } = evaluate(h, given) as Tensor;
    for (let i = 0; i < 6; i++) {
      for (let j = 0; j < 6; j++) {
        expect(data[i * 6 + j]).toBeCloseTo(data[j * 6 + i] as number, 12);
      }
    }
    const [[, byBoth], [other]] = hessian(f, [m, v]);
    expect([byBoth.shape, other.shape]).toEqual([
      [2, 3, 3],
      [3, 2, 3],
    ]);
  });

  it("is zero where nothing is curved", () => {
    const flat = hessian(sum(v), v);
    expect(flat.shape).toEqual([3, 3]);
    expect([...(evaluate(flat) as Tensor).data]).toEqual(new Array(9).fill(0));
  });
});

describe("laplacian", () => {
  const trace = (f: Expr, at: Record<string, Tensor>): number => {
    const { data } = evaluate(hessian(f, v), at) as Tensor;
    return (data[0] as number) + (data[4] as number) + (data[8] as number);
  };

  it("is the trace of the Hessian", () => {
    const f = sum(v.sin().mul(v).square()).mul(sum(v));
    const given = { v: tensor([3], [0.3, -0.5, 1.1]) };
    expect(evaluate(laplacian(f, v), given)).toBeCloseTo(trace(f, given), 12);
    const g = x.pow(3).add(x.mul(y.square()));
    expect(evaluate(laplacian(g, [x, y]), { x: 2, y: 7 }, { extra: "allow" })).toBe(16);
    expect(evaluate(laplacian(sum(v), v))).toBe(0);
  });

  it("says what does not fit", () => {
    expect(() => laplacian(x, [])).toThrow("laplacian: there must be an x, got an array of 0");
    expect(() => laplacian(v, v)).toThrow("laplacian: the output must be a floating-point scalar");
  });
});
