import { ArgumentError } from "../errors.ts";
import { Expr } from "../expr.ts";
import { constant, literalValue, type Reduction } from "../ops/index.ts";
import type { Dim } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { type Built, Sizes } from "./built.ts";

/** A function as texts call it. */
export interface TextFunction {
  /** Least and greatest number of arguments. */
  readonly arity: readonly [number, number];
  readonly build: (args: readonly Built[]) => Expr;
  /** Texts in quotes are taken as they are; elsewhere they are names. */
  readonly texts?: true;
}

/** `f(x)` */
export function unary(build: (x: Expr) => Expr): TextFunction {
  return { arity: [1, 1], build: ([x]) => build(expression(x)) };
}

/** `f(a, b)` */
export function binary(build: (a: Expr, b: Expr) => Expr): TextFunction {
  return { arity: [2, 2], build: ([a, b]) => build(expression(a), expression(b)) };
}

/** `f(a, b, c)` */
export function ternary(build: (a: Expr, b: Expr, c: Expr) => Expr): TextFunction {
  return {
    arity: [3, 3],
    build: ([a, b, c]) => build(expression(a), expression(b), expression(c)),
  };
}

/** Two or more operands, taken together from the left. */
export function folded(build: (a: Expr, b: Expr) => Expr): TextFunction {
  return {
    arity: [2, Number.POSITIVE_INFINITY],
    build: (args) => args.map(expression).reduce((a, b) => build(a, b)),
  };
}

/** One or more operands, then an axis. */
export function joined(build: (parts: readonly Expr[], axis: number) => Expr): TextFunction {
  return {
    arity: [2, Number.POSITIVE_INFINITY],
    build: (args) => build(args.slice(0, -1).map(expression), number(args.at(-1))),
  };
}

/** An operand, then fixed parameters in the order in which they are printed. */
export function withParameters(
  least: number,
  most: number,
  build: (x: Expr, ...parameters: readonly Built[]) => Expr,
): TextFunction {
  return { arity: [least, most], build: ([x, ...rest]) => build(expression(x), ...rest) };
}

/** `f(x, axes, keepDims)`; axes count from 0, as in the library, negative from the end. */
export function reduction(build: Reduction): TextFunction {
  return withParameters(1, 3, (x, axes, keepDims) =>
    build(x, axes === undefined ? undefined : integers(axes), { keepDims: flag(keepDims) }),
  );
}

export function expression(arg: Built | undefined): Expr {
  if (arg instanceof Expr) return arg;
  const what = typeof arg === "string" ? JSON.stringify(arg) : "a shape";
  throw new ArgumentError(`an argument must be an expression, got ${what}`);
}

export function number(arg: Built | undefined): number {
  const value = arg instanceof Expr ? literalValue(arg) : undefined;
  if (value !== undefined) return value;
  throw new ArgumentError("an argument must be a number here, got an expression");
}

/** What is left out is false. */
export function flag(arg: Built | undefined): boolean {
  return arg !== undefined && number(arg) !== 0;
}

/** A number or a list of numbers. */
export function integers(arg: Built | undefined): readonly number[] {
  const value = arg instanceof Expr ? arg.attributes["value"] : undefined;
  return value instanceof Tensor ? Array.from(value.data) : [number(arg)];
}

/** A list of numbers and, in quotes, names. */
export function shape(arg: Built | undefined): readonly Dim[] {
  return arg instanceof Sizes ? arg.dims : integers(arg);
}

export function text(arg: Built | undefined): string {
  if (typeof arg === "string") return arg;
  throw new ArgumentError("an argument must be a text in quotes here, got an expression");
}

/** Whole numbers that pick elements; written in the text, they are integers. */
export function indices(arg: Built | undefined): Expr {
  const node = expression(arg);
  if (node.op !== constant.op || node.dtype !== "f64") return node;
  const { value } = node.attributes;
  const whole = integers(node).every((item) => Number.isInteger(item));
  return whole ? constant(value as number | Tensor, "i32") : node;
}
