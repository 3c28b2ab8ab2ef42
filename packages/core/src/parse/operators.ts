import { ArgumentError } from "../errors.ts";
import type { Expr } from "../expr.ts";
import * as ops from "../ops/index.ts";

type Infix = (a: Expr, b: Expr) => Expr;

/** `a b` of two arrays is the matrix product, else the product. */
function multiply(a: Expr, b: Expr): Expr {
  return a.shape.length > 0 && b.shape.length > 0 ? ops.matmul(a, b) : ops.mul(a, b);
}

/** Operators by mathjs's names of their functions. */
const infix: ReadonlyMap<string, Infix> = new Map<string, Infix>([
  ["add", ops.add],
  ["subtract", ops.sub],
  ["multiply", multiply],
  ["dotMultiply", ops.mul],
  ["divide", ops.div],
  ["dotDivide", ops.div],
  ["mod", ops.mod],
  ["pow", ops.pow],
  ["dotPow", ops.pow],
  ["and", ops.logicalAnd],
  ["or", ops.logicalOr],
  ["xor", ops.logicalXor],
  ["equal", ops.equal],
  ["unequal", ops.notEqual],
  ["smaller", ops.less],
  ["smallerEq", ops.lessEqual],
  ["larger", ops.greater],
  ["largerEq", ops.greaterEqual],
]);

const prefix: ReadonlyMap<string, (a: Expr) => Expr> = new Map<string, (a: Expr) => Expr>([
  ["unaryMinus", ops.neg],
  ["unaryPlus", (a) => a],
  ["not", ops.logicalNot],
]);

/** An operator applied: a prefix to one operand, else from left to right. */
export function applyOperator(fn: string, [first, ...rest]: readonly Expr[]): Expr {
  const before = prefix.get(fn);
  const between = infix.get(fn);
  if (first !== undefined && rest.length === 0 && before !== undefined) return before(first);
  if (first !== undefined && rest.length > 0 && between !== undefined) {
    return rest.reduce((left, right) => between(left, right), first);
  }
  throw new ArgumentError(`there is no operation ${fn}`);
}

/** `a < b < c` is `a < b and b < c`. */
export function applyRelation(comparisons: readonly string[], args: readonly Expr[]): Expr {
  const parts = comparisons.map((fn, i) =>
    applyOperator(fn, [args[i] as Expr, args[i + 1] as Expr]),
  );
  return parts.reduce((all, part) => ops.logicalAnd(all, part));
}

/** `condition ? yes : no` */
export function conditional([condition, yes, no]: readonly Expr[]): Expr {
  return ops.where(condition as Expr, yes as Expr, no as Expr);
}

/** Functions whose `f^-1` is read as textbooks do, by name of the inverse. */
const inverses: ReadonlyMap<string, string> = new Map([
  ["sin", "asin"],
  ["cos", "acos"],
  ["tan", "atan"],
  ["sinh", "asinh"],
  ["cosh", "acosh"],
  ["tanh", "atanh"],
]);

/** `f^n(x)` is `f(x)^n`, but `sin^-1(x)` is the inverse function. */
export function power(fn: string, exponent: Expr, call: (fn: string) => Expr): Expr {
  if (ops.literalValue(exponent) !== -1) return ops.pow(call(fn), exponent);
  const inverse = inverses.get(fn);
  if (inverse !== undefined) return call(inverse);
  throw new ArgumentError(`${fn}^-1 may be an inverse or a reciprocal; write 1 / ${fn}(…)`);
}
