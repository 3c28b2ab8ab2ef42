import { type Expr, exp, greater, mul, sin, square, sum, variable } from "@chainrule/core";
import {
  call,
  checkpoint,
  cond,
  customDerivative,
  map,
  scan,
  whileLoop,
} from "@chainrule/core/control";

const x = (...shape: (number | string)[]): Expr => variable("x", shape);
const y = (...shape: (number | string)[]): Expr => variable("y", shape);

/** Rules of its own, which happen to be right; made once, as functions are part of a node. */
const cubed = customDerivative((a) => a.mul(a).mul(a), {
  vjp: ([a], _out, adjoint) => [mul(adjoint, square(a as Expr)).mul(3)],
});

const scanned = (): readonly Expr[] =>
  scan((c, u) => [sin(c.mul(y()).add(u)), c.mul(u)], y(), x(4));

/** As `samples`, for ops that hold sub-graphs. */
export const controlSamples: Readonly<Record<string, readonly (() => Expr)[]>> = {
  call: [
    () => call((a, b) => sin(a.mul(b)), [x(3), y()]),
    () => checkpoint((a) => exp(sin(a)))(x(2)) as Expr,
  ],
  callItems: [
    () => {
      const [a, b] = call((u, v) => [u.mul(v), sin(u)] as const, [x(3), y()]);
      return a.add(b);
    },
  ],
  cond: [
    () =>
      cond(
        greater(y(), 0),
        (a) => exp(a),
        (a) => square(a).mul(y()),
        [x(2)],
      ),
  ],
  customDerivative: [() => cubed(x(3))],
  item: [() => (scanned()[0] as Expr).mul(2)],
  map: [() => map((row) => sum(square(row)).mul(y()), x("batch", 3)), () => map(sin, x(3, 2))],
  scan: [() => scanned()[0] as Expr, () => scanned()[1] as Expr],
  whileLoop: [
    () => {
      const [, total] = whileLoop(
        ([k]) => greater(3, k),
        ([k, c]) => [k.add(1), sin(c).mul(x())],
        [0, y()],
        { maxTrips: 4 },
      );
      return total;
    },
  ],
};
