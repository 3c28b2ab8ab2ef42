import { type Body, i32, type ModuleBuilder } from "../wasm/index.ts";
import { add, integers, type Push } from "./integers.ts";
import { packRowsFunction } from "./pack.ts";
import { panelFunction, tileRows } from "./panel.ts";
import type { Precision } from "./precision.ts";

/** Bits of the last parameter of a product. */
export const matmulFlags = {
  /** A is stored as [k, m]. */
  transposeA: 1,
  /** B is stored as [n, k]. */
  transposeB: 2,
  /** C += A B instead of C = A B. */
  accumulate: 4,
} as const;

/** Parameters of a step, all i32, in this order; strides in bytes. */
export const stepParameters = [
  "rows",
  "width",
  "k",
  "a",
  "bytesOfRowA",
  "b",
  "bytesOfRowB",
  "c",
  "bytesOfRowC",
  "panel",
  "flags",
] as const;

/**
 * Packs one panel of B and multiplies a block of A by it: `C = A B` or `C += A B`.
 *
 * Shapes: A [rows, k]; B [k, width], or [width, k] if transposed; C [rows, width]; the width needs all of the
 * panel's vectors, the last perhaps in part.
 */
export function stepFunction(
  builder: ModuleBuilder,
  precision: Precision,
  { vectors, transpose }: { readonly vectors: number; readonly transpose: number },
): number {
  const pack = packRowsFunction(builder, precision, vectors);
  const pairs = panelFunction(builder, precision, tileRows, vectors);
  const last = panelFunction(builder, precision, 1, vectors);
  const body = builder.function(
    `step_${precision.name}_${vectors}`,
    stepParameters.map(() => "i32"),
    [],
  );
  const [rows, width, k, a, bytesOfRowA, b, bytesOfRowB, c, bytesOfRowC, panel, flags] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ];
  const { get, constant, sub, mul, div, and, let: let_ } = integers(body);
  const full = vectors * precision.lanes;
  const lastLanes = let_(sub(get(width), constant(full - precision.lanes)));
  const call = (index: number, ...values: readonly Push[]): void => {
    for (const value of values) value();
    body.call(index);
  };

  and(get(flags), constant(matmulFlags.transposeB))();
  body.if();
  clearIfPartial(body, { width, full }, [get(panel), mul(get(k), constant(vectors * 16))]);
  call(transpose, ...[b, bytesOfRowB, panel].map(get), constant(vectors * 16), get(width), get(k));
  body.else();
  call(pack, ...[b, bytesOfRowB, panel, k, width].map(get));
  body.end();

  const multiply = (index: number, tiles: Push): void =>
    call(
      index,
      ...[a, bytesOfRowA, panel, k, c, bytesOfRowC].map(get),
      tiles,
      div(and(get(flags), constant(matmulFlags.accumulate)), constant(matmulFlags.accumulate)),
      get(lastLanes),
    );
  get(rows)();
  body.i32(tileRows);
  body.op(i32.ge_u);
  body.if();
  multiply(pairs, div(get(rows), constant(tileRows)));
  body.end();
  and(get(rows), constant(1))();
  body.if();
  add(body, a, mul(sub(get(rows), constant(1)), get(bytesOfRowA)));
  add(body, c, mul(sub(get(rows), constant(1)), get(bytesOfRowC)));
  multiply(last, constant(1));
  body.end();
  return body.index;
}

/** Zeros for the lanes that a narrow panel does not fill: they are multiplied, though never stored. */
function clearIfPartial(
  body: Body,
  { width, full }: { width: number; full: number },
  [panel, bytes]: readonly [Push, Push],
): void {
  body.get(width);
  body.i32(full);
  body.op(i32.ne);
  body.if();
  panel();
  body.i32(0);
  bytes();
  body.memoryFill();
  body.end();
}
