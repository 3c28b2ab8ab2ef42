import { type DType, dtypes } from "../dtype.ts";
import { ArgumentError } from "../errors.ts";
import type { Expr } from "../expr.ts";
import * as ops from "../ops/index.ts";
import {
  binary,
  expression,
  flag,
  folded,
  indices,
  integers,
  joined,
  number,
  reduction,
  shape,
  type TextFunction,
  ternary,
  text,
  unary,
  withParameters,
} from "./functionKinds.ts";
import type { FunctionName } from "./functionNames.ts";

/** `log x` is natural, `log(x, b) = ln x / ln b`, as in mathjs. */
const logarithm: TextFunction = {
  arity: [1, 2],
  build: ([x, base]) => {
    const numerator = ops.log(expression(x));
    return base === undefined ? numerator : ops.div(numerator, ops.log(expression(base)));
  },
};

/** Of several numbers, or of all elements of one array. */
function extremum(two: (a: Expr, b: Expr) => Expr, all: ops.Reduction): TextFunction {
  return {
    arity: [1, Number.POSITIVE_INFINITY],
    build: ([first, ...rest]) =>
      rest.length === 0
        ? all(expression(first))
        : rest.map(expression).reduce((a, b) => two(a, b), expression(first)),
  };
}

/** `relu(x, atZero)` */
function kinked(build: (x: Expr, options: { readonly atZero?: 0 | 1 }) => Expr): TextFunction {
  return withParameters(1, 2, (x, atZero) => build(x, atZero === undefined ? {} : branch(atZero)));
}

/** `leakyRelu(x, alpha, atZero)` */
function sloped(build: (x: Expr, options: ops.SlopeOptions) => Expr): TextFunction {
  return withParameters(1, 3, (x, alpha, atZero) =>
    build(x, {
      ...(alpha === undefined ? {} : { alpha: number(alpha) }),
      ...(atZero === undefined ? {} : branch(atZero)),
    }),
  );
}

function branch(atZero: Parameters<typeof number>[0]): { readonly atZero: 0 | 1 } {
  const value = number(atZero);
  if (value === 0 || value === 1) return { atZero: value };
  throw new ArgumentError(`atZero must be 0 or 1, got ${value}`);
}

/** `softmax(x, axes)` */
function normalized(build: (x: Expr, axes?: number | readonly number[]) => Expr): TextFunction {
  return withParameters(1, 2, (x, axes) => build(x, axes === undefined ? -1 : integers(axes)));
}

/** The text stands first, as in code, or last, as it is printed. */
const einsum: TextFunction = {
  arity: [2, Number.POSITIVE_INFINITY],
  texts: true,
  build: (args) => {
    const [first, ...rest] = args;
    if (typeof first === "string") return ops.einsum(first, ...rest.map(expression));
    return ops.einsum(text(args.at(-1)), ...args.slice(0, -1).map(expression));
  },
};

function dtype(name: string): DType {
  const known = dtypes.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  throw new ArgumentError(`dtype must be one of ${dtypes.join(", ")}, got "${name}"`);
}

const reciprocalOf = (f: (x: Expr) => Expr): TextFunction => unary((x) => ops.div(1, f(x)));

/** The library's functions by name, and the names that mathjs and textbooks give them. */
const table: Readonly<Record<FunctionName, TextFunction>> = {
  abs: unary(ops.abs),
  acos: unary(ops.acos),
  acosh: unary(ops.acosh),
  add: folded(ops.add),
  all: reduction(ops.all),
  any: reduction(ops.any),
  arccos: unary(ops.acos),
  arcsin: unary(ops.asin),
  arctan: unary(ops.atan),
  asin: unary(ops.asin),
  asinh: unary(ops.asinh),
  atan: unary(ops.atan),
  atan2: binary(ops.atan2),
  atanh: unary(ops.atanh),
  broadcastTo: withParameters(2, 2, (x, to) => ops.broadcastTo(x, shape(to))),
  cast: { ...withParameters(2, 2, (x, to) => ops.cast(x, dtype(text(to)))), texts: true },
  cbrt: unary(ops.cbrt),
  ceil: unary(ops.ceil),
  cholesky: unary(ops.cholesky),
  clip: ternary(ops.clip),
  concat: joined(ops.concat),
  cos: unary(ops.cos),
  cosh: unary(ops.cosh),
  cot: reciprocalOf(ops.tan),
  csc: reciprocalOf(ops.sin),
  cumulativeSum: withParameters(1, 3, (x, axis, reverse) =>
    ops.cumulativeSum(x, axis === undefined ? -1 : number(axis), { reverse: flag(reverse) }),
  ),
  det: unary(ops.determinant),
  determinant: unary(ops.determinant),
  diagonal: unary(ops.diagonal),
  div: binary(ops.div),
  divide: binary(ops.div),
  dot: binary(ops.dot),
  einsum,
  elu: sloped(ops.elu),
  equal: binary(ops.equal),
  erf: unary(ops.erf),
  erfc: unary(ops.erfc),
  exp: unary(ops.exp),
  expm1: unary(ops.expm1),
  flip: withParameters(1, 2, (x, axes) =>
    ops.flip(x, axes === undefined ? undefined : integers(axes)),
  ),
  floor: unary(ops.floor),
  gather: withParameters(2, 3, (x, at, axis) =>
    ops.gather(x, indices(at), axis === undefined ? undefined : number(axis)),
  ),
  gelu: {
    ...withParameters(1, 2, (x, approximate) =>
      ops.gelu(x, approximate === undefined ? {} : { approximate: approximation(approximate) }),
    ),
    texts: true,
  },
  greater: binary(ops.greater),
  greaterEqual: binary(ops.greaterEqual),
  hypot: binary(ops.hypot),
  inv: unary(ops.inverse),
  inverse: unary(ops.inverse),
  leakyRelu: sloped(ops.leakyRelu),
  less: binary(ops.less),
  lessEqual: binary(ops.lessEqual),
  ln: logarithm,
  log: logarithm,
  log10: unary(ops.log10),
  log1p: unary(ops.log1p),
  log2: unary(ops.log2),
  logDet: unary(ops.logDet),
  logSigmoid: unary(ops.logSigmoid),
  logSoftmax: normalized(ops.logSoftmax),
  logSumExp: reduction(ops.logSumExp),
  logicalAnd: folded(ops.logicalAnd),
  logicalNot: unary(ops.logicalNot),
  logicalOr: folded(ops.logicalOr),
  logicalXor: folded(ops.logicalXor),
  matmul: binary(ops.matmul),
  max: extremum(ops.max, ops.reduceMax),
  mean: reduction(ops.mean),
  min: extremum(ops.min, ops.reduceMin),
  mod: binary(ops.mod),
  mul: folded(ops.mul),
  multiply: folded(ops.mul),
  neg: unary(ops.neg),
  norm: reduction(ops.norm),
  normalCdf: unary(ops.normalCdf),
  notEqual: binary(ops.notEqual),
  outer: binary(ops.outer),
  pow: binary(ops.pow),
  prod: reduction(ops.prod),
  reciprocal: unary(ops.reciprocal),
  reduceMax: reduction(ops.reduceMax),
  reduceMin: reduction(ops.reduceMin),
  relu: kinked(ops.relu),
  reshape: withParameters(2, 2, (x, to) => ops.reshape(x, shape(to))),
  round: unary(ops.round),
  sec: reciprocalOf(ops.cos),
  sigmoid: unary(ops.sigmoid),
  sign: unary(ops.sign),
  silu: unary(ops.silu),
  sin: unary(ops.sin),
  sinh: unary(ops.sinh),
  softmax: normalized(ops.softmax),
  softplus: unary(ops.softplus),
  solve: binary(ops.solve),
  sqrt: unary(ops.sqrt),
  square: unary(ops.square),
  stack: joined(ops.stack),
  step: withParameters(1, 2, (x, atZero) =>
    ops.step(x, atZero === undefined ? {} : { atZero: number(atZero) }),
  ),
  sub: binary(ops.sub),
  subtract: binary(ops.sub),
  sum: reduction(ops.sum),
  take: withParameters(2, 3, (x, at, axis) =>
    ops.take(x, indices(at), axis === undefined ? undefined : number(axis)),
  ),
  tan: unary(ops.tan),
  tanh: unary(ops.tanh),
  trace: unary(ops.trace),
  transpose: withParameters(1, 2, (x, order) =>
    ops.transpose(x, order === undefined ? undefined : integers(order)),
  ),
  where: ternary(ops.where),
  σ: unary(ops.sigmoid),
};

function approximation(arg: Parameters<typeof text>[0]): "none" | "tanh" {
  const name = text(arg);
  if (name === "none" || name === "tanh") return name;
  throw new ArgumentError(`gelu: approximate must be "none" or "tanh", got "${name}"`);
}

/** The functions that texts may call, by name. */
export const functions: ReadonlyMap<string, TextFunction> = new Map(Object.entries(table));
