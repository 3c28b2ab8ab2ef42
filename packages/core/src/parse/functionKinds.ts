import type { Expr } from "../expr.ts";
import type { Reduction } from "../ops/index.ts";
import type { Argument } from "./argument.ts";

/** A function as texts call it. */
export interface TextFunction {
  /** Least and greatest number of arguments. */
  readonly arity: readonly [number, number];
  readonly build: (args: readonly Argument[]) => Expr;
}

/** `f(x)` */
export function unary(build: (x: Expr) => Expr): TextFunction {
  return fixed(1, ([x]) => build(x as Expr));
}

/** `f(a, b)` */
export function binary(build: (a: Expr, b: Expr) => Expr): TextFunction {
  return fixed(2, ([a, b]) => build(a as Expr, b as Expr));
}

/** `f(a, b, c)` */
export function ternary(build: (a: Expr, b: Expr, c: Expr) => Expr): TextFunction {
  return fixed(3, ([a, b, c]) => build(a as Expr, b as Expr, c as Expr));
}

function fixed(arity: number, build: (args: readonly Expr[]) => Expr): TextFunction {
  return { arity: [arity, arity], build: (args) => build(args.map(nodeOf)) };
}

/** Two or more operands, taken together from the left. */
export function folded(build: (a: Expr, b: Expr) => Expr): TextFunction {
  return {
    arity: [2, Number.POSITIVE_INFINITY],
    build: (args) => args.map(nodeOf).reduce((a, b) => build(a, b)),
  };
}

/** One or more operands, then an axis. */
export function joined(build: (parts: readonly Expr[], axis: number) => Expr): TextFunction {
  return {
    arity: [2, Number.POSITIVE_INFINITY],
    build: (args) => build(args.slice(0, -1).map(nodeOf), (args.at(-1) as Argument).number),
  };
}

/** An operand, then fixed parameters in the order in which they are printed. */
export function withParameters(
  least: number,
  most: number,
  build: (x: Expr, ...parameters: readonly (Argument | undefined)[]) => Expr,
): TextFunction {
  return {
    arity: [least, most],
    build: ([x, ...rest]) => build(nodeOf(x as Argument), ...rest),
  };
}

/** `f(x, axes, keepDims)`; axes count from 0, as in the library, negative from the end. */
export function reduction(build: Reduction): TextFunction {
  return withParameters(1, 3, (x, axes, keepDims) =>
    build(x, axes?.integers, { keepDims: keepDims?.flag ?? false }),
  );
}

/** The argument as a node. */
export function nodeOf(arg: Argument): Expr {
  return arg.expression;
}
