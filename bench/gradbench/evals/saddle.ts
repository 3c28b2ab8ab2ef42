import { type Expr, scalar } from "@chainrule/core";
import type { EvalFunction, EvalModule } from "../evalModule.ts";
import { executable } from "../executable.ts";
import { fieldsOf, numbersOf } from "../json.ts";
import { descend } from "./descent.ts";
import { derivatives, type Mode } from "./modes.ts";

/** Steps of the inner descent that reverse mode keeps; from (1, 1) it takes fewer than 300. */
const MOST_STEPS = 1000;

type Point = readonly Expr[];

const objective = ([x1, y1]: Point, [x2, y2]: Point): Expr => {
  const square = (a: Expr | undefined): Expr => (a as Expr).mul(a as Expr);
  return square(x1)
    .add(square(y1))
    .sub(square(x2).add(square(y2)));
};

/**
 * `min_x max_y f(x, y)` with `f = |x|² − |y|²`: x and y. The outer descent differentiates through the inner one.
 *
 * Shapes: two scalars → four.
 */
export function saddlePoint(outer: Mode, inner: Mode, start: Point): readonly Expr[] {
  const farthest = (x: Point): Point =>
    descend(
      (y) => {
        const value = objective(x, y).neg();
        return { value, gradient: derivatives(inner, value, y) };
      },
      start,
      outer === "r" ? { maxTrips: MOST_STEPS } : {},
    );
  const nearest = descend((x) => {
    const value = objective(x, farthest(x));
    return { value, gradient: derivatives(outer, value, x) };
  }, start);
  return [...nearest, ...farthest(nearest)];
}

const make =
  (outer: Mode, inner: Mode): EvalFunction =>
  (input, clock) => {
    const [x, y] = numbersOf("saddle", fieldsOf("saddle", input)["start"]);
    const build = () => {
      const inputs = { x: scalar("x"), y: scalar("y") };
      const [a, b, c, d] = saddlePoint(outer, inner, [inputs.x, inputs.y]) as [
        Expr,
        Expr,
        Expr,
        Expr,
      ];
      return { inputs, outputs: { a, b, c, d } };
    };
    const f = executable(`saddle ${outer}${inner}`, clock, build, { as: "tensors" });
    f.set({ x: x as number, y: y as number });
    return { run: f.run, output: () => ["a", "b", "c", "d"].map((name) => f.get(name)) };
  };

/** A saddle point by nested gradient descent: outer mode, inner mode. */
export const saddle: EvalModule = {
  ff: make("f", "f"),
  fr: make("f", "r"),
  rf: make("r", "f"),
  rr: make("r", "r"),
};
