import { type Expr, greaterEqual, reciprocal, scalar, sqrt } from "@chainrule/core";
import { whileLoop } from "@chainrule/core/control";
import type { EvalFunction, EvalModule } from "../evalModule.ts";
import { executable } from "../executable.ts";
import { fieldsOf, numberOf } from "../json.ts";
import { descend } from "./descent.ts";
import { derivatives, type Mode } from "./modes.ts";

/** Steps of Euler's method that reverse mode keeps; the paths of the eval take fewer than 500. */
const MOST_STEPS = 1000;

/** Length of a step. */
const STEP = 0.1;

const distance = (x: Expr, y: Expr, toX: number, toY: Expr | number): Expr => {
  const [a, b] = [x.sub(toX), y.sub(toY)];
  return sqrt(a.mul(a).add(b.mul(b)));
};

/** Potential of charges at (10, 0) and (10, 10 − w). */
const potential = (x: Expr, y: Expr, w: Expr): Expr =>
  reciprocal(distance(x, y, 10, 0)).add(reciprocal(distance(x, y, 10, w.neg().add(10))));

/**
 * Square of where a charged particle from (0, 8) meets the x axis, by Euler's method.
 *
 * Source: GradBench, evals/particle/README.md.
 */
export function missed(inner: Mode, outer: Mode, w: Expr): Expr {
  const zero = w.mul(0);
  const [x, y, vx, vy] = whileLoop(
    ([, y, , vy]: readonly Expr[]) => greaterEqual((y as Expr).add((vy as Expr).mul(STEP)), 0),
    (carry: readonly Expr[]) => {
      const [x, y, vx, vy] = carry as unknown as [Expr, Expr, Expr, Expr];
      const [px, py] = derivatives(inner, potential(x, y, w), [x, y]) as [Expr, Expr];
      return [x.add(vx.mul(STEP)), y.add(vy.mul(STEP)), vx.sub(px.mul(STEP)), vy.sub(py.mul(STEP))];
    },
    [zero, zero.add(8), zero.add(0.75), zero] as never,
    outer === "r" ? { maxTrips: MOST_STEPS } : {},
  ) as unknown as [Expr, Expr, Expr, Expr];
  const met = x.sub(y.div(vy).mul(vx));
  return met.mul(met);
}

const make =
  (outer: Mode, inner: Mode): EvalFunction =>
  (input, clock) => {
    const w = numberOf("particle", fieldsOf("particle", input)["w"]);
    const build = () => {
      const start = scalar("w");
      const [y] = descend(
        ([at]) => {
          const value = missed(inner, outer, at as Expr);
          return { value, gradient: derivatives(outer, value, [at as Expr]) };
        },
        [start],
      );
      return { inputs: { w: start }, outputs: { y: y as Expr } };
    };
    const f = executable(`particle ${outer}${inner}`, clock, build, { as: "tensors" });
    f.set({ w });
    return { run: f.run, output: () => f.get("y") };
  };

/** The control that makes a particle hit the origin, by gradient descent: outer mode, inner mode. */
export const particle: EvalModule = {
  ff: make("f", "f"),
  fr: make("f", "r"),
  rf: make("r", "f"),
  rr: make("r", "r"),
};
