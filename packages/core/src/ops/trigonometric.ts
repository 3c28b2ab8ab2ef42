import { call } from "../notation.ts";
import { elementwise, real, type Unary } from "../op.ts";
import { neg } from "./arithmetic.ts";

/** Sine. Derivative `cos x`. */
export const sin: Unary = elementwise({
  name: "sin",
  domain: [real],
  result: "float",
  evaluate: Math.sin,
  partials: [(x) => cos(x)],
  notation: call("\\sin"),
});

/** Cosine. Derivative `−sin x`. */
export const cos: Unary = elementwise({
  name: "cos",
  domain: [real],
  result: "float",
  evaluate: Math.cos,
  partials: [(x) => neg(sin(x))],
  notation: call("\\cos"),
});
