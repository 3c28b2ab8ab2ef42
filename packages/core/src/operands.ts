import { type DType, dtypes, isFloat } from "./dtype.ts";
import { ArgumentError, DTypeError, describe } from "./errors.ts";
import { Expr, type Operand, type Scalar, type Type } from "./expr.ts";
import { constant } from "./ops/leaf.ts";
import { checkShape, SCALAR, type Shape } from "./shape.ts";

/**
 * Arguments as expressions. A number adopts the element type of the other arguments, so that
 * `2 x` of a single-precision `x` stays single; a fraction beside integers becomes f64.
 */
export function operands(where: string, args: readonly Operand[]): readonly Expr[] {
  let numbers = false;
  for (const arg of args) if (!(arg instanceof Expr)) numbers = true;
  if (!numbers) return args as readonly Expr[];
  let dtype: DType | undefined;
  for (const arg of args) {
    if (!(arg instanceof Expr)) continue;
    if (dtype === undefined || dtypes.indexOf(arg.dtype) > dtypes.indexOf(dtype)) {
      dtype = arg.dtype;
    }
  }
  return args.map((arg) => (arg instanceof Expr ? arg : literal(where, arg, dtype)));
}

/** One argument as an expression. */
export function operand(where: string, value: Operand): Expr {
  return value instanceof Expr ? value : literal(where, value, undefined);
}

function literal(where: string, value: unknown, partner: DType | undefined): Expr {
  if (typeof value !== "number") {
    throw new ArgumentError(
      `${where}: operands must be expressions or numbers, got ${describe(value)}`,
    );
  }
  if (partner === undefined || isFloat(partner)) return constant(value, partner ?? "f64");
  const whole = Number.isInteger(value) && Math.abs(value) < 2 ** 31;
  return constant(value, whole ? "i32" : "f64");
}

/** Whether an expression is known to be a scalar. */
export function isScalar(expr: Expr): expr is Scalar {
  return expr.shape.length === 0;
}

/** Throws DTypeError unless the element type is one of those that exist. */
export function checkDType(where: string, dtype: unknown): void {
  if (!dtypes.includes(dtype as DType)) {
    throw new DTypeError(`${where}: dtype must be f64, f32, i32 or bool, got ${describe(dtype)}`);
  }
}

/** Checks a type given by a user, and shares the shape of scalars. */
export function checkType(where: string, shape: Shape, dtype: DType): Type {
  checkShape(where, shape);
  checkDType(where, dtype);
  return { shape: shape.length === 0 ? SCALAR : Object.freeze([...shape]), dtype };
}
