/** The ops that expressions also have as methods: a fixed light set. */
export { sigmoid } from "./activation.ts";
export { add, div, mul, neg, pow, sqrt, square, sub } from "./arithmetic.ts";
export { matmul } from "./contraction.ts";
export { exp, log } from "./exponential.ts";
export { tanh } from "./hyperbolic.ts";
export { reshape, transpose } from "./movement.ts";
export { sum } from "./reduction.ts";
export { cos, sin } from "./trigonometric.ts";
