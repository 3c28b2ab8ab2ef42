import { placeholder } from "../../closure.ts";
import { ArgumentError, DTypeError, describe, ShapeError } from "../../errors.ts";
import type { Expr, Operand, Scalar, Type } from "../../expr.ts";
import { operand } from "../../operands.ts";
import { formatShape, sameShape } from "../../shape.ts";
import { constant } from "../leaf.ts";

/** One operand, or a list of them. */
export type Structure = Operand | readonly Operand[];

/** The same structure, of expressions. */
export type ExprsOf<S> = S extends readonly unknown[]
  ? { -readonly [K in keyof S]: ExprOf<S[K]> }
  : ExprOf<S>;

/** A number is a scalar expression. */
export type ExprOf<S> = S extends number ? Scalar : S;

/** The same structure, of expressions whose shape is not known to the type checker. */
export type AnyExprsOf<S> = S extends readonly unknown[]
  ? { -readonly [K in keyof S]: Expr }
  : Expr;

/** A structure as a list, and how to make a list of that length the structure again. */
export interface Flat {
  readonly items: readonly Expr[];
  readonly single: boolean;
}

/** The expressions of a structure; `undefined` is the empty list. */
export function flatten(where: string, value: unknown): Flat {
  if (value === undefined) return { items: [], single: false };
  if (!Array.isArray(value)) return { items: [operand(where, value as Operand)], single: true };
  return { items: value.map((item) => operand(where, item as Operand)), single: false };
}

/** What a callback gave: one expression, or a list of at least one. */
export function resultsOf(where: string, value: unknown): Flat {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) {
    throw new ArgumentError(`${where}: the function must give expressions, got ${describe(value)}`);
  }
  return flatten(where, value);
}

/** A list as the structure it came from. */
export function unflatten(items: readonly Expr[], single: boolean): unknown {
  return single ? items[0] : items;
}

/** Fresh leaves for the inputs of a callback. */
export function placeholders(types: readonly Type[]): readonly Expr[] {
  return types.map(placeholder);
}

/**
 * The next values of a loop's carries. Numbers adopt the type of their carry.
 *
 * Throws ShapeError or DTypeError that names the carry whose type changes.
 */
export function nextCarries(where: string, value: unknown, carries: Flat): readonly Expr[] {
  const list: readonly unknown[] = carries.single ? [value] : Array.isArray(value) ? value : [];
  if (list.length !== carries.items.length || (!carries.single && !Array.isArray(value))) {
    throw new ArgumentError(
      `${where}: the function must give ${carryCount(carries)}, got ${describe(value)}`,
    );
  }
  return list.map((next, i) => {
    const carry = carries.items[i] as Expr;
    const expr =
      typeof next === "number" ? constant(next, carry.dtype) : operand(where, next as Operand);
    const name = carries.single ? "the carry" : `carry ${i}`;
    if (!sameShape(expr.shape, carry.shape)) {
      throw new ShapeError(
        `${where}: ${name} must keep its shape ${formatShape(carry.shape)}, got ${formatShape(expr.shape)}`,
      );
    }
    if (expr.dtype !== carry.dtype) {
      throw new DTypeError(
        `${where}: ${name} must keep its type ${carry.dtype}, got ${expr.dtype}; cast it`,
      );
    }
    return expr;
  });
}

function carryCount({ single, items }: Flat): string {
  return single ? "one carry" : `a list of ${items.length} carries`;
}

/** Throws unless arguments have the types that a sub-graph's inputs have. */
export function checkInputs(where: string, inputs: readonly Type[], given: readonly Type[]): void {
  if (inputs.length !== given.length) {
    throw new ArgumentError(
      `${where}: ${inputs.length} arguments must be given, got ${given.length}`,
    );
  }
  for (const [i, { shape, dtype }] of given.entries()) {
    const input = inputs[i] as Type;
    if (!sameShape(shape, input.shape) || dtype !== input.dtype) {
      throw new ShapeError(
        `${where}: argument ${i} must be ${input.dtype}${formatShape(input.shape)}, got ${dtype}${formatShape(shape)}`,
      );
    }
  }
}

/** Throws unless a callback is a function. */
export function checkFunction(where: string, what: string, value: unknown): void {
  if (typeof value !== "function") {
    throw new ArgumentError(`${where}: ${what} must be a function, got ${describe(value)}`);
  }
}
