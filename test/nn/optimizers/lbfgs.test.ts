import {
  add,
  constant,
  log,
  matmul,
  mul,
  neg,
  parameter,
  square,
  sub,
  sum,
  Tensor,
  tanh,
  variable,
} from "@chainrule/core";
import {
  type LbfgsOptions,
  lbfgs,
  lbfgsSteps,
  mse,
  type Objective,
  objectiveOf,
  packing,
} from "@chainrule/nn";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { strongWolfe } from "../../../packages/nn/src/optimizers/lbfgs/lineSearch.ts";

/** `Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²`, least 0 at (1, …, 1). */
const rosenbrock: Objective = (x) => {
  const gradient = new Float64Array(x.length);
  let loss = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const [a, b] = [x[i] as number, x[i + 1] as number];
    const rise = b - a * a;
    loss += 100 * rise * rise + (1 - a) ** 2;
    gradient[i] = (gradient[i] as number) - 400 * a * rise - 2 * (1 - a);
    gradient[i + 1] = (gradient[i + 1] as number) + 200 * rise;
  }
  return { loss, gradient };
};

describe("L-BFGS", () => {
  it.each([2, 5, 10])("finds Rosenbrock's minimum in %d dimensions", (size) => {
    const start = Array.from({ length: size }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const result = lbfgs(rosenbrock, start, { iterations: 300, changeTolerance: 0 });
    expect(result.reason).toBe("gradient");
    // The other local minimum of more than three dimensions has x₁ near −1.
    const least = result.loss;
    expect(least < 1e-12 || (size > 3 && Math.abs(least - 3.99) < 0.05)).toBe(true);
    if (size <= 3) for (const x of result.parameters) expect(x).toBeCloseTo(1, 6);
  });

  it("minimises any bowl", () => {
    const entries = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
      minLength: 9,
      maxLength: 9,
    });
    const centers = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(entries, centers, (factor, center) => {
        // A = FᵀF + ½ I is positive definite.
        const matrix = (i: number, j: number): number => {
          let out = i === j ? 0.5 : 0;
          for (let k = 0; k < 3; k++)
            out += (factor[k * 3 + i] as number) * (factor[k * 3 + j] as number);
          return out;
        };
        const objective: Objective = (x) => {
          const away = center.map((c, i) => (x[i] as number) - c);
          const gradient = away.map((_, i) => away.reduce((s, d, j) => s + matrix(i, j) * d, 0));
          return {
            loss: 0.5 * gradient.reduce((s, g, i) => s + g * (away[i] as number), 0),
            gradient,
          };
        };
        const result = lbfgs(objective, [0, 0, 0], { gradientTolerance: 1e-8, changeTolerance: 0 });
        expect(result.converged).toBe(true);
        for (const [i, c] of center.entries()) expect(result.parameters[i]).toBeCloseTo(c, 6);
      }),
      { numRuns: 100 },
    );
  });

  it("comes back from where the loss is not finite", () => {
    const x = variable("x", [2]);
    // Least at x = ½ each; no number for x ≤ 0.
    const loss = sum(sub(mul(2, x), log(x)));
    const { objective } = objectiveOf(loss, [x]);
    const result = lbfgs(objective, [40, 0.01], {});
    expect(result.converged).toBe(true);
    for (const found of result.parameters) expect(found).toBeCloseTo(0.5, 6);
  });

  it("yields every step, in falling losses, and may be left at any", () => {
    const losses: number[] = [];
    for (const { loss, iteration, evaluations } of lbfgsSteps(rosenbrock, [-1.2, 1])) {
      losses.push(loss);
      expect(iteration).toBe(losses.length);
      expect(evaluations).toBeGreaterThan(iteration);
      if (losses.length === 8) break;
    }
    expect(losses).toHaveLength(8);
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
  });

  it("says why it ended", () => {
    const reasons = (options: LbfgsOptions) => lbfgs(rosenbrock, [-1.2, 1], options).reason;
    expect(reasons({ iterations: 3 })).toBe("iterations");
    expect(reasons({ evaluations: 5 })).toBe("evaluations");
    expect(reasons({ changeTolerance: 1 })).toBe("change");
    expect(lbfgs(rosenbrock, [1, 1]).reason).toBe("gradient");
    // A gradient of the wrong sign: no length lowers the loss.
    const wrong: Objective = (x) => ({ loss: x[0] as number, gradient: [-1] });
    expect(lbfgs(wrong, [0])).toMatchObject({ reason: "lineSearch", converged: false, loss: 0 });
  });

  it("does not disturb what it is given", () => {
    const start = Float64Array.of(-1.2, 1);
    const gradient = new Float64Array(2);
    lbfgs((x) => {
      // One buffer for every call.
      gradient.set(rosenbrock(x).gradient as Float64Array);
      return { loss: rosenbrock(x).loss, gradient };
    }, start);
    expect([...start]).toEqual([-1.2, 1]);
  });

  it("refuses settings out of range, and a start without a loss", () => {
    expect(() => lbfgs(rosenbrock, [0, 0], { rate: 0 })).toThrow("lbfgs: rate must be > 0, got 0");
    expect(() => lbfgs(rosenbrock, [0, 0], { curvature: 1e-5 })).toThrow(
      "decrease < curvature < 1",
    );
    expect(() => lbfgs(rosenbrock, [0, 0], { history: -1 })).toThrow("history must be ≥ 0, got -1");
    const lineSearch = "armijo" as "none";
    expect(() => lbfgs(rosenbrock, [0, 0], { lineSearch })).toThrow('got "armijo"');
    expect(() => lbfgs(rosenbrock, [Number.NaN, 0])).toThrow(
      "must be finite at the start, got NaN",
    );
    expect(() => lbfgs(() => ({ loss: 0, gradient: [1] }), [0, 0])).toThrow("(2), got 1");
  });
});

describe("objectiveOf", () => {
  it("fits a network to all data at once", () => {
    const [x, t] = [variable("x", ["batch", 1]), variable("t", ["batch", 1])];
    const shapes = [[1, 6], [6], [6, 1], [1]];
    const [w1, b1, w2, b2] = shapes.map((shape, i) => parameter(`p${i}`, shape));
    if (!w1 || !b1 || !w2 || !b2) throw new Error("four parameters");
    const output = add(matmul(tanh(add(matmul(x, w1), b1)), w2), b2);
    const inputs = Array.from({ length: 20 }, (_, i) => [i / 10 - 1]);
    const data = new Map([
      [x, inputs],
      [t, inputs.map(([value]) => [Math.sin(3 * (value as number))])],
    ]);
    const { objective, size, unpack } = objectiveOf(mse(output, t), [w1, b1, w2, b2], data);
    const start = Array.from({ length: size }, (_, i) => Math.sin(i + 1));
    const result = lbfgs(objective, start, { iterations: 300 });
    expect(result.loss).toBeLessThan(1e-4);
    expect(unpack(result.parameters).map(({ shape }) => shape)).toEqual(shapes);
  });

  it("takes scalars and single precision", () => {
    const [a, b] = [parameter("a"), parameter("b", [2], "f32")];
    const loss = add(square(sub(a, 3)), sum(square(add(b, constant([1, 2], "f32")))));
    const { objective } = objectiveOf(loss, [a, b]);
    const { parameters } = lbfgs(objective, [0, 0, 0]);
    for (const [i, expected] of [3, -1, -2].entries()) {
      expect(parameters[i]).toBeCloseTo(expected, 5);
    }
  });

  it("refuses a loss that is no scalar, an input without data", () => {
    const x = variable("x", [2]);
    expect(() => objectiveOf(neg(x), [x])).toThrow("objectiveOf: the loss must be a scalar");
    expect(() => objectiveOf(sum(mul(x, variable("y", [2]))), [x])).toThrow("got none for y");
    expect(() => packing([parameter("w", ["batch"])])).toThrow('known size, got "batch" in w');
  });
});

describe("packing", () => {
  it("is undone by unpacking", () => {
    const { pack, unpack, size } = packing([parameter("w", [2, 2]), parameter("s", [], "f32")]);
    expect(size).toBe(5);
    const tensors = [
      new Tensor([2, 2], Float64Array.of(1, 2, 3, 4)),
      new Tensor([], Float32Array.of(5)),
    ];
    expect(unpack(pack(tensors))).toEqual(tensors);
    expect(() => pack(tensors.slice(0, 1))).toThrow("value 1 must have 1 elements, got none");
  });
});

describe("the line search", () => {
  it("meets the strong Wolfe conditions on any smooth line that falls at first", () => {
    const coefficient = fc.double({ min: -2, max: 2, noNaN: true });
    const firsts = fc.double({ min: 1e-3, max: 100, noNaN: true });
    fc.assert(
      fc.property(coefficient, coefficient, coefficient, firsts, (a, b, c, first) => {
        const loss = (t: number): number =>
          0.05 * t ** 4 + a * t ** 3 + b * t ** 2 + c * Math.sin(3 * t);
        const slope = (t: number): number =>
          0.2 * t ** 3 + 3 * a * t ** 2 + 2 * b * t + 3 * c * Math.cos(3 * t);
        fc.pre(slope(0) < -1e-3);
        const point = (at: number) => ({ at, loss: loss(at), slope: slope(at) });
        const constants = { decrease: 1e-4, curvature: 0.9, evaluations: 60 };
        const found = strongWolfe(point(0), first, point, constants);
        expect(found).toBeDefined();
        if (found === undefined) return;
        expect(found.loss).toBeLessThanOrEqual(loss(0) + 1e-4 * found.at * slope(0));
        expect(Math.abs(found.slope)).toBeLessThanOrEqual(0.9 * Math.abs(slope(0)));
      }),
      { numRuns: 500 },
    );
  });
});
