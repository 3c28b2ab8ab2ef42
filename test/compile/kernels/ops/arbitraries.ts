import {
  abs,
  allocate,
  apply,
  cast,
  type DType,
  type Expr,
  evaluate,
  roundTo,
  Tensor,
  type Value,
  variable,
} from "@chainrule/core";
import fc from "fast-check";
import { expect } from "vitest";
import { spread } from "../../../support/points.ts";
import { bothValues } from "./runKernel.ts";

/** Elements where arithmetic has its edges. */
const EDGES = [
  0,
  -0,
  1,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e-300,
];

/** How the elements of an argument are drawn. */
export interface Draw {
  readonly seed: number;
  /** Whether some elements are NaN, infinite or 0. */
  readonly edges: boolean;
}

/** How to draw values of arguments. */
export const draws: fc.Arbitrary<Draw> = fc.record({
  seed: fc.nat({ max: 1000 }),
  edges: fc.boolean(),
});

/** Elements of a type without pattern: floats in (−2, 2), integers of 32 bits, truth values. */
export function elements(
  shape: readonly number[],
  dtype: DType,
  { seed, edges }: Draw,
  slot = 0,
): Tensor {
  const data = allocate(
    dtype,
    shape.reduce((count, dim) => count * dim, 1),
  );
  const span = dtype === "i32" ? 2 ** 32 : dtype === "bool" ? 2 : 4;
  for (let i = 0; i < data.length; i++) {
    const part = spread(i, seed + 7 * slot);
    const special = edges && dtype.startsWith("f") && spread(i, seed + 13 * slot + 5) < 0.15;
    const number = special
      ? (EDGES[Math.floor(part * EDGES.length)] as number)
      : dtype === "bool"
        ? Math.floor(part * 2)
        : Math.floor((part - 0.5) * span * 1024) / 1024;
    data[i] = roundTo(dtype, number);
  }
  return new Tensor(shape, data, dtype);
}

/** An input and its value. */
export interface Given {
  readonly input: Expr;
  readonly value: Value;
}

/** An input of a shape and type with a value; a scalar's is a number. */
export function given(
  name: string,
  shape: readonly number[],
  dtype: DType,
  draw: Draw,
  slot = 0,
): Given {
  const value = elements(shape, dtype, draw, slot);
  const input = variable(name, shape, dtype);
  return { input, value: shape.length === 0 ? (value.data[0] as number) : value };
}

/** Compiled and interpreted elements are the same bit by bit, NaN whatever its bits. */
export function expectSame(
  node: Expr,
  args: readonly Value[],
  sizes?: ReadonlyMap<string, number>,
): void {
  const { got, expected } = bothValues(node, args, sizes);
  expect(got).toEqual(expected);
}

/**
 * Sums agree: NaN and infinities where the interpreter has them, integers exactly, and each other
 * element within `4 n ε Σ|terms|`. The last sum is that of the same op on absolute values,
 * arguments in `kept` (indices) as they are.
 */
export function expectSums(
  node: Expr,
  args: readonly Value[],
  n: number,
  { kept = [], sizes }: { kept?: readonly number[]; sizes?: ReadonlyMap<string, number> } = {},
): void {
  const { got, expected } = bothValues(node, args, sizes);
  const size = node.args.map((arg, i) => (kept.includes(i) ? arg : abs(cast(arg, "f64"))));
  const bindings = new Map(node.args.map((arg, i) => [arg, args[i] as Value]));
  const scale = evaluate(apply(node.op, size, node.attributes), bindings as never, {
    sizes: Object.fromEntries(sizes ?? []),
  });
  const scales = typeof scale === "number" ? [scale] : scale.data;
  const epsilon = node.dtype === "f32" ? 2 ** -23 : 2 ** -52;
  expect(got.length).toBe(expected.length);
  got.forEach((own, i) => {
    const other = expected[i] as number;
    if (Object.is(own, other) || own === other) return;
    const exact = node.dtype === "i32" || !Number.isFinite(other);
    const most = exact ? 0 : 4 * n * epsilon * (scales[i] as number);
    expect(Math.abs(own - other), `${i}: ${own} for ${other}`).toBeLessThanOrEqual(most);
  });
}

/** Element types, floats more often. */
export const types: fc.Arbitrary<DType> = fc.constantFrom(
  "f64",
  "f32",
  "f64",
  "f32",
  "i32",
  "bool",
);
