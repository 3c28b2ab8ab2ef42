import type { Mask, Real } from "./arithmetic.ts";
import * as exponential from "./exponential.ts";
import type { Lane } from "./lane.ts";
import * as logarithm from "./logarithm.ts";
import { modulo } from "./modulo.ts";
import { expSingle, sigmoidSingle, tanhSingle } from "./singleExponential.ts";
import type { SingleLane } from "./singleLane.ts";
import * as special from "./special.ts";
import * as trigonometric from "./trigonometric.ts";

/** A function of the library. */
export interface Definition {
  readonly arity: 1 | 2;
  /** Writes code for the value; its arguments are locals. Absent where only the host computes it. */
  readonly emit?: (lane: Lane, x: Real, y: Real) => Real;
  /** Code of its own in single precision; else the value in f64 is rounded. */
  readonly single?: (lane: SingleLane, x: Real) => Real;
  /** The code loops, so it is for one double: vectors call it for each lane. */
  readonly one?: boolean;
  /** The host's function, where the code holds only for some arguments or is absent. */
  readonly host?: (x: number, y: number) => number;
  /** Where the code holds, if not everywhere. */
  readonly within?: (lane: Lane, x: Real) => Mask;
}

type Unary = (lane: Lane, x: Real) => Real;
type Binary = (lane: Lane, x: Real, y: Real) => Real;

function unary(emit: Unary): Definition {
  return { arity: 1, emit };
}

function binary(emit: Binary): Definition {
  return { arity: 2, emit };
}

/** The host takes arguments beyond the reducible. */
function periodic(emit: Unary, host: (x: number) => number): Definition {
  return { arity: 1, emit, host, within: trigonometric.withinReducible };
}

/** Name of a function of the library. */
export type MathFunction =
  | "exp"
  | "expm1"
  | "sinh"
  | "cosh"
  | "tanh"
  | "sigmoid"
  | "log"
  | "log1p"
  | "log2"
  | "log10"
  | "asinh"
  | "acosh"
  | "atanh"
  | "softplus"
  | "logSigmoid"
  | "sin"
  | "cos"
  | "tan"
  | "asin"
  | "acos"
  | "atan"
  | "atan2"
  | "erf"
  | "cbrt"
  | "hypot"
  | "mod"
  | "pow";

/** All functions by name. */
export const mathFunctions: Readonly<Record<MathFunction, Definition>> = {
  exp: { arity: 1, emit: exponential.exp, single: expSingle },
  expm1: unary(exponential.expm1),
  sinh: unary(exponential.sinh),
  cosh: unary(exponential.cosh),
  tanh: { arity: 1, emit: exponential.tanh, single: tanhSingle },
  sigmoid: { arity: 1, emit: exponential.sigmoid, single: sigmoidSingle },
  log: unary(logarithm.log),
  log1p: unary(logarithm.log1p),
  log2: unary(logarithm.log2),
  log10: unary(logarithm.log10),
  asinh: unary(logarithm.asinh),
  acosh: unary(logarithm.acosh),
  atanh: unary(logarithm.atanh),
  softplus: unary(logarithm.softplus),
  logSigmoid: unary(logarithm.logSigmoid),
  sin: periodic(trigonometric.sin, Math.sin),
  cos: periodic(trigonometric.cos, Math.cos),
  tan: periodic(trigonometric.tan, Math.tan),
  asin: unary(trigonometric.asin),
  acos: unary(trigonometric.acos),
  atan: unary(trigonometric.atan),
  atan2: binary(trigonometric.atan2),
  erf: unary(special.erf),
  cbrt: unary(special.cbrt),
  hypot: binary(special.hypot),
  mod: { arity: 2, emit: modulo, one: true },
  pow: { arity: 2, host: Math.pow },
};
