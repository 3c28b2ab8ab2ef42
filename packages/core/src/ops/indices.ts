import { allocate, type DType } from "../dtype.ts";
import { DTypeError, EvaluationError } from "../errors.ts";
import { Expr, type Operand } from "../expr.ts";
import { operand } from "../operands.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./arithmetic.ts";
import { equal } from "./comparison.ts";
import { constant, literalValue } from "./leaf.ts";
import { where } from "./select.ts";

/** Indices as an expression: numbers are i32, anything but i32 is refused. */
export function indexOperand(name: string, indices: Operand): Expr {
  const given = indices instanceof Expr ? indices : constant(operandNumber(name, indices), "i32");
  if (given.dtype !== "i32") {
    throw new DTypeError(`${name}: indices must be of type i32, got ${given.dtype}`);
  }
  return given;
}

function operandNumber(name: string, value: number): number {
  const number = literalValue(operand(name, value)) as number;
  if (!Number.isInteger(number)) {
    throw new DTypeError(`${name}: indices must be whole numbers, got ${number}`);
  }
  return number;
}

/** An index that lies in 0 … length − 1, or an EvaluationError. */
export function checked(where: string, index: number, length: number): number {
  if (index < 0 || index >= length) {
    throw new EvaluationError(`${where}: indices must lie in 0 … ${length - 1}, got ${index}`);
  }
  return index;
}

/** The one of several scalars that an index chooses. */
export function choose(name: string, index: Expr, among: readonly Expr[]): Expr {
  const literal = literalValue(index);
  if (literal !== undefined) return among[checked(name, literal, among.length)] as Expr;
  return among.reduce((other, item, i) => where(equal(index, i), item, other));
}

/** Adds a term to the one of several sums that an index chooses. */
export function addAt(name: string, index: Expr, term: Expr, sums: (Expr | undefined)[]): void {
  const literal = literalValue(index);
  const only = literal === undefined ? undefined : checked(name, literal, sums.length);
  for (let i = 0; i < sums.length; i++) {
    if (only !== undefined && only !== i) continue;
    const part = only === undefined ? where(equal(index, i), term, 0) : term;
    const before = sums[i];
    sums[i] = before === undefined ? part : add(before, part);
  }
}

/** Sums of doubles, rounded once. */
export function rounded(sums: Float64Array, dtype: DType): Tensor["data"] {
  if (dtype === "f64") return sums;
  const out = allocate(dtype, sums.length);
  out.set(sums);
  return out;
}
