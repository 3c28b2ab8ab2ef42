import {
  type Expr,
  type Interval,
  isFloat,
  leavesOf,
  parameter,
  roundTo,
  Tensor,
  type Value,
  variable,
} from "@chainrule/core";
import fc from "fast-check";

const CELLS = 2 ** 20;

/**
 * A point of an interval by number: multiples of the golden ratio without their whole parts, so that
 * neighbours lie apart and no simple number, where kinks are, is met. `slot` tells arguments apart.
 */
export function inInterval({ low, high, integer }: Interval, cell: number, slot = 0): number {
  if (integer === true) {
    return Math.ceil(low) + (cell % (Math.floor(high) - Math.ceil(low) + 1));
  }
  return low + (high - low) * ((0.381966 + slot * 0.2360679 + cell * 0.6180339887498949) % 1);
}

/** Points of a domain, one number an argument. */
export function pointIn(domain: readonly Interval[]): fc.Arbitrary<readonly number[]> {
  const cell = fc.nat({ max: CELLS - 1 });
  return fc
    .tuple(...domain.map(() => cell))
    .map((cells) => cells.map((at, i) => inInterval(domain[i] as Interval, at, i)));
}

/** The fractional part of multiples of the golden ratio: evenly spread, no two alike. */
export function spread(i: number, seed: number): number {
  return ((i + 1) * 0.6180339887498949 + seed * 0.7548776662466927) % 1;
}

/** A value of a shape and type, its elements in (−2, 2) and distinct; `sizes` for named axes. */
export function valueLike(
  { shape, dtype }: Pick<Expr, "shape" | "dtype">,
  seed: number,
  sizes: Readonly<Record<string, number>> = { batch: 2 },
): Value {
  const lengths = shape.map((dim) => (typeof dim === "number" ? dim : (sizes[dim] as number)));
  const count = lengths.reduce((product, size) => product * size, 1);
  const items = Array.from({ length: count }, (_, i) => {
    const item = 4 * spread(i, seed) - 2;
    return isFloat(dtype)
      ? roundTo(dtype, item)
      : dtype === "i32"
        ? Math.round(item)
        : Number(item > 0);
  });
  if (lengths.length === 0) return items[0] as number;
  const data =
    dtype === "f64"
      ? Float64Array.from(items)
      : dtype === "f32"
        ? Float32Array.from(items)
        : dtype === "i32"
          ? Int32Array.from(items)
          : Uint8Array.from(items);
  return new Tensor(lengths, data, dtype);
}

/** Values for all inputs of some expressions. */
export function bindingsOf(outputs: readonly Expr[], seed: number): Map<Expr, Value> {
  const inputs = leavesOf(outputs).filter(({ op }) => op === variable.op || op === parameter.op);
  return new Map(inputs.map((input, i) => [input, valueLike(input, seed + i)]));
}

/** All elements of a value. */
export function elementsOf(value: Value): readonly number[] {
  return typeof value === "number" ? [value] : Array.from(value.data);
}
