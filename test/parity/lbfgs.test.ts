import {
  add,
  constant,
  type Expr,
  matmul,
  mul,
  slice,
  square,
  sub,
  sum,
  Tensor,
  variable,
} from "@chainrule/core";
import { type LbfgsOptions, lbfgs, lbfgsSteps, objectiveOf } from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { expectClose } from "./expectClose.ts";
import { readFixture } from "./readFixture.ts";

interface LbfgsCase {
  readonly name: string;
  readonly options: LbfgsOptions;
  readonly evaluations: number;
}

const { cases, tensor } = readFixture<LbfgsCase>("optimizers");

function quadratic(x: Expr): Expr {
  const away = sub(x, constant(tensor("quadratic/center")));
  return mul(0.5, sum(mul(away, matmul(constant(tensor("quadratic/matrix")), away))));
}

/** `Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²` */
function rosenbrock(x: Expr): Expr {
  const size = x.shape[0] as number;
  const [left, right] = [slice(x, 0, 0, size - 1), slice(x, 0, 1, size)];
  const rise = mul(100, square(sub(right, square(left))));
  return sum(add(rise, square(sub(1, left))));
}

const functions: Readonly<Record<string, (x: Expr) => Expr>> = {
  "lbfgs quadratic": quadratic,
  "lbfgs rosenbrock": rosenbrock,
  "lbfgs searched": rosenbrock,
};

function prepared(name: string) {
  const start = tensor(`${name}/start`);
  const x = variable("x", start.shape);
  const { objective } = objectiveOf((functions[name] as (x: Expr) => Expr)(x), [x]);
  return { objective, start: start.data as Float64Array };
}

describe("L-BFGS beside PyTorch's", () => {
  const fixed = cases.filter(({ options }) => options.lineSearch === "none");
  it.each(fixed)("$name goes the same way, point by point", ({ name, options }) => {
    const { objective, start } = prepared(name);
    const points = tensor(`${name}/points`);
    const steps = points.shape[0] as number;
    const walk = lbfgsSteps(objective, start, {
      ...options,
      iterations: steps,
      gradientTolerance: 0,
      changeTolerance: 0,
    });
    const found = [...walk].flatMap(({ parameters }) => [...parameters]);
    expectClose("points", new Tensor(points.shape, Float64Array.from(found)), points, 1e-8);
  });

  const searched = cases.filter(({ options }) => options.lineSearch === "strongWolfe");
  it.each(searched)("$name ends at the same minimum in about as many evaluations", (given) => {
    const { objective, start } = prepared(given.name);
    const points = tensor(`${given.name}/points`).data;
    const result = lbfgs(objective, start, given.options);
    expect(result.converged).toBe(true);
    // PyTorch's line search interpolates in its own way, so only the end is the same.
    for (const [i, x] of result.parameters.entries()) {
      const theirs = points[points.length - result.parameters.length + i] as number;
      expect(Math.abs(x - theirs)).toBeLessThan(1e-6);
    }
    expect(result.evaluations).toBeLessThan(1.5 * given.evaluations);
  });
});
