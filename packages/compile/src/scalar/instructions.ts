import {
  abs,
  acos,
  acosh,
  add,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cbrt,
  ceil,
  cos,
  cosh,
  div,
  equal,
  erf,
  exp,
  expm1,
  floor,
  greater,
  greaterEqual,
  less,
  lessEqual,
  log,
  log1p,
  log2,
  log10,
  logicalAnd,
  logicalNot,
  logicalOr,
  logSigmoid,
  mask,
  max,
  min,
  mul,
  neg,
  notEqual,
  type Op,
  sigmoid,
  sin,
  sinh,
  softplus,
  sqrt,
  square,
  sub,
  tan,
  tanh,
  where,
} from "@chainrule/core";
import type { MathFunction } from "../math/index.ts";
import { type Body, f64, i32 } from "../wasm/index.ts";

/** Writes code that takes the arguments from locals or constants and leaves the value on the stack. */
export type Emit = (body: Body, push: (argument: number) => void) => void;

/** `code(a)` */
function unary(code: number): Emit {
  return (body, push) => {
    push(0);
    body.op(code);
  };
}

/** `code(a, b)` */
function binary(code: number): Emit {
  return (body, push) => {
    push(0);
    push(1);
    body.op(code);
  };
}

/** A comparison, whose truth value is 0 or 1 as a number. */
function comparison(code: number): Emit {
  return (body, push) => {
    push(0);
    push(1);
    body.op(code);
    body.op(f64.convert_i32_u);
  };
}

/** Whether an argument counts as true: not 0, and NaN does. */
function truth(body: Body, push: (argument: number) => void, argument: number): void {
  push(argument);
  body.f64(0);
  body.op(f64.ne);
}

function logical(code: number): Emit {
  return (body, push) => {
    truth(body, push, 0);
    truth(body, push, 1);
    body.op(code);
    body.op(f64.convert_i32_u);
  };
}

/** Ops that are an instruction or two, with the bits of the interpreter's kernels. */
export const instructions: ReadonlyMap<Op, Emit> = new Map<Op, Emit>([
  [add.op, binary(f64.add)],
  [sub.op, binary(f64.sub)],
  [mul.op, binary(f64.mul)],
  [div.op, binary(f64.div)],
  [max.op, binary(f64.max)],
  [min.op, binary(f64.min)],
  [neg.op, unary(f64.neg)],
  [abs.op, unary(f64.abs)],
  [sqrt.op, unary(f64.sqrt)],
  [floor.op, unary(f64.floor)],
  [ceil.op, unary(f64.ceil)],
  [
    square.op,
    (body, push) => {
      push(0);
      push(0);
      body.op(f64.mul);
    },
  ],
  [equal.op, comparison(f64.eq)],
  [notEqual.op, comparison(f64.ne)],
  [less.op, comparison(f64.lt)],
  [lessEqual.op, comparison(f64.le)],
  [greater.op, comparison(f64.gt)],
  [greaterEqual.op, comparison(f64.ge)],
  [logicalAnd.op, logical(i32.and)],
  [logicalOr.op, logical(i32.or)],
  [
    logicalNot.op,
    (body, push) => {
      push(0);
      body.f64(0);
      body.op(f64.eq);
      body.op(f64.convert_i32_u);
    },
  ],
  [
    where.op,
    (body, push) => {
      push(1);
      push(2);
      truth(body, push, 0);
      body.select();
    },
  ],
  [
    mask.op,
    (body, push) => {
      push(1);
      body.f64(0);
      truth(body, push, 0);
      body.select();
    },
  ],
]);

/** Ops whose function the mathematics library has in WebAssembly. */
export const libraryFunctions: ReadonlyMap<Op, MathFunction> = new Map<Op, MathFunction>([
  [exp.op, "exp"],
  [expm1.op, "expm1"],
  [log.op, "log"],
  [log1p.op, "log1p"],
  [log2.op, "log2"],
  [log10.op, "log10"],
  [sin.op, "sin"],
  [cos.op, "cos"],
  [tan.op, "tan"],
  [asin.op, "asin"],
  [acos.op, "acos"],
  [atan.op, "atan"],
  [atan2.op, "atan2"],
  [sinh.op, "sinh"],
  [cosh.op, "cosh"],
  [tanh.op, "tanh"],
  [asinh.op, "asinh"],
  [acosh.op, "acosh"],
  [atanh.op, "atanh"],
  [sigmoid.op, "sigmoid"],
  [logSigmoid.op, "logSigmoid"],
  [softplus.op, "softplus"],
  [erf.op, "erf"],
  [cbrt.op, "cbrt"],
]);
