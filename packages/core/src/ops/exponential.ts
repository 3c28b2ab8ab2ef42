import { call } from "../notation.ts";
import { elementwise, positive, real, type Unary } from "../op.ts";
import { div } from "./arithmetic.ts";
import { constant } from "./leaf.ts";

/** Exponential, `eˣ`; its own derivative. */
export const exp: Unary = elementwise({
  name: "exp",
  domain: [real],
  result: "float",
  evaluate: Math.exp,
  partials: [(_x, out) => out],
  notation: { form: "exponential" },
});

/** Natural logarithm, `ln x`. Derivative `1 / x`. */
export const log: Unary = elementwise({
  name: "log",
  domain: [positive],
  result: "float",
  evaluate: Math.log,
  partials: [(x) => div(constant(1, x.dtype), x)],
  notation: call("\\ln"),
});
