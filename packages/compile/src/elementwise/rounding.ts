import {
  abs,
  add,
  ceil,
  clip,
  type DType,
  type Expr,
  equal,
  floor,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  mask,
  max,
  min,
  mod,
  mul,
  neg,
  notEqual,
  type Op,
  relu,
  round,
  sign,
  square,
  sub,
  where,
} from "@chainrule/core";
import { stopGradient } from "@chainrule/core/control";
import { type Lane, type Real, real } from "../math/index.ts";
import { f32, f32x4, f64, f64x2, i32, i32x4 } from "../wasm/index.ts";

/** Ops whose result is an argument, 0, 1 or −1: already of the arguments' type. */
const choosing = new Set<Op>(
  [clip, mask, max, min, relu, sign, stopGradient, where].map(({ op }) => op),
);

/** Ops of floats or integers whose result is one of the same kind, if not among `choosing`. */
const keepsFloat = new Set<Op>([abs, ceil, floor, neg, round].map(({ op }) => op));
const keepsInteger = new Set<Op>([ceil, floor, mod, round].map(({ op }) => op));

/** Ops that give 0 or 1. */
const truths = new Set<Op>(
  [
    ...[equal, notEqual, less, lessEqual, greater, greaterEqual],
    ...[logicalAnd, logicalOr, logicalXor, logicalNot],
  ].map(({ op }) => op),
);

/** Ops whose result on integers is whole, but perhaps beyond 32 bits or −0. */
const overflowing = new Set<Op>([abs, add, neg, sub].map(({ op }) => op));

/** A result computed in double precision as an element of the node's type: see `roundTo`. */
export function roundedTo(lane: Lane, value: Real, node: Expr): Real {
  const { op, dtype, args } = node;
  if (dtype === "f64" || truths.has(op)) return value;
  const chosen = choosing.has(op);
  if (dtype === "f32") {
    const same = args.every((arg) => arg.dtype === "f32" || arg.dtype === "bool");
    return same && (chosen || keepsFloat.has(op)) ? value : single(lane, value);
  }
  if (dtype === "bool") {
    const given = args.every((arg) => arg.dtype === "bool");
    return chosen && given ? value : lane.number(lane.ne(value, lane.constant(0)));
  }
  const whole = args.every((arg) => arg.dtype === "i32" || arg.dtype === "bool");
  if (whole && (chosen || keepsInteger.has(op))) return value;
  return integer(lane, value, whole && overflowing.has(op));
}

/** Whether `roundedTo` leaves all values of the node as they are. */
export function isRounded({ op, dtype }: Expr): boolean {
  return dtype === "f64" || truths.has(op);
}

/** The nearest number of single precision. */
function single(lane: Lane, value: Real): Real {
  return real(() => {
    value.push();
    lane.body.op(lane.wide ? f32x4.demote_f64x2_zero : f32.demote_f64);
    lane.body.op(lane.wide ? f64x2.promote_low_f32x4 : f64.promote_f32);
  });
}

/**
 * `x | 0`: cut towards 0, modulo 2³² into [−2³¹, 2³¹), NaN and ∞ to 0.
 *
 * Exact: the quotient by 2³² only moves the exponent, and the rest is a multiple of the last place of x.
 */
function integer(lane: Lane, value: Real, whole: boolean): Real {
  const size = lane.constant(2 ** 32);
  const x = lane.keep(whole ? value : lane.trunc(value));
  const below = lane.mul(lane.floor(lane.mul(x, lane.constant(2 ** -32))), size);
  const rest = lane.keep(lane.sub(x, below));
  const high = lane.ge(rest, lane.constant(2 ** 31));
  const signed = lane.select(high, lane.sub(rest, size), rest);
  return whole ? signed : lane.only(lane.eq(rest, rest), signed);
}

/** `Math.imul` of two 32-bit integers held as doubles. */
export function integerProduct(lane: Lane, a: Real, b: Real): Real {
  const { body, wide } = lane;
  return real(() => {
    for (const { push } of [a, b]) {
      push();
      body.op(wide ? i32x4.trunc_sat_f64x2_s_zero : i32.trunc_sat_f64_s);
    }
    body.op(wide ? i32x4.mul : i32.mul);
    body.op(wide ? f64x2.convert_low_i32x4_s : f64.convert_i32_s);
  });
}

/** Whether the product of integers takes `integerProduct`. */
export function isIntegerProduct({ op, dtype }: Expr): boolean {
  return dtype === "i32" && (op === mul.op || op === square.op);
}

/** Element types that floats of single precision hold. */
export function isSingle(dtype: DType): boolean {
  return dtype === "f32" || dtype === "bool";
}
