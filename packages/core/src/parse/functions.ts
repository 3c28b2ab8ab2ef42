import type { DType } from "../dtype.ts";
import { dtypes } from "../dtype.ts";
import { ArgumentError } from "../errors.ts";
import * as ops from "../ops/index.ts";
import {
  binary,
  expression,
  flag,
  folded,
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

function dtype(name: string): DType {
  const known = dtypes.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  throw new ArgumentError(`cast: dtype must be one of ${dtypes.join(", ")}, got "${name}"`);
}

/** The library's functions by name, and the names mathjs and textbooks give them. */
const table: Readonly<Record<FunctionName, TextFunction>> = {
  add: folded(ops.add),
  all: reduction(ops.all),
  any: reduction(ops.any),
  broadcastTo: withParameters(2, 2, (x, to) => ops.broadcastTo(x, shape(to))),
  cast: { ...withParameters(2, 2, (x, to) => ops.cast(x, dtype(text(to)))), texts: true },
  concat: joined(ops.concat),
  cos: unary(ops.cos),
  cumulativeSum: withParameters(1, 3, (x, axis, reverse) =>
    ops.cumulativeSum(x, axis === undefined ? -1 : number(axis), { reverse: flag(reverse) }),
  ),
  div: binary(ops.div),
  equal: binary(ops.equal),
  exp: unary(ops.exp),
  greater: binary(ops.greater),
  greaterEqual: binary(ops.greaterEqual),
  less: binary(ops.less),
  lessEqual: binary(ops.lessEqual),
  ln: logarithm,
  log: logarithm,
  logSoftmax: withParameters(1, 2, (x, axes) =>
    ops.logSoftmax(x, axes === undefined ? -1 : integers(axes)),
  ),
  logSumExp: reduction(ops.logSumExp),
  logicalAnd: folded(ops.logicalAnd),
  logicalNot: unary(ops.logicalNot),
  logicalOr: folded(ops.logicalOr),
  matmul: binary(ops.matmul),
  mean: reduction(ops.mean),
  mul: folded(ops.mul),
  neg: unary(ops.neg),
  norm: reduction(ops.norm),
  notEqual: binary(ops.notEqual),
  pow: binary(ops.pow),
  prod: reduction(ops.prod),
  reshape: withParameters(2, 2, (x, to) => ops.reshape(x, shape(to))),
  sigmoid: unary(ops.sigmoid),
  sin: unary(ops.sin),
  softmax: withParameters(1, 2, (x, axes) =>
    ops.softmax(x, axes === undefined ? -1 : integers(axes)),
  ),
  sqrt: unary(ops.sqrt),
  square: unary(ops.square),
  stack: joined(ops.stack),
  sub: binary(ops.sub),
  sum: reduction(ops.sum),
  tanh: unary(ops.tanh),
  transpose: withParameters(1, 2, (x, order) =>
    ops.transpose(x, order === undefined ? undefined : integers(order)),
  ),
  where: ternary(ops.where),
  σ: unary(ops.sigmoid),
};

/** The functions that texts may call, by name. */
export const functions: ReadonlyMap<string, TextFunction> = new Map(Object.entries(table));
