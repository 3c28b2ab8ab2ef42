import { type Body, i32, type ModuleBuilder } from "../wasm/index.ts";
import { add, forEach, integers, type Push } from "./integers.ts";
import { transposeFunction } from "./pack.ts";
import { tileVectors } from "./panel.ts";
import { double, type Precision, single } from "./precision.ts";
import { matmulFlags, stepFunction } from "./step.ts";

/**
 * Terms of a sum that are taken at once. A panel of B is 256 · 64 bytes = 16 KiB, half of the first level
 * of cache of most machines; longer sums are cut into blocks of about equal length.
 */
const blockTerms = 256;

/** Bytes of rows of A taken at once: half of a small second level of cache. */
const blockBytes = 256 * 1024;

/** Bytes added to rows of a transposed block of A, so that they do not all fall into the same sets of a cache. */
const rowPadding = 16;

/** Rows of A in a block. */
function blockRows({ size }: Precision): number {
  return blockBytes / (blockTerms * size);
}

/** Bytes that a product works in, aligned to 16; fewer when k is short or A is not transposed. */
export function matmulScratch(type: "f32" | "f64", k: number, transposeA: boolean): number {
  const precision = type === "f32" ? single : double;
  const terms = Math.min(k, blockTerms);
  const panel = terms * tileVectors * 16;
  return transposeA ? panel + blockRows(precision) * (terms * precision.size + rowPadding) : panel;
}

/** Names of the parameters of a product, all i32, in this order. */
export const matmulParameters = [
  "m",
  "n",
  "k",
  "a",
  "lda",
  "b",
  "ldb",
  "c",
  "ldc",
  "scratch",
  "flags",
] as const;

/**
 * Adds a function for `C = A B` to a module that has a memory, and gives its index.
 *
 * Shapes: A [m, k], B [k, n], C [m, n], each with rows `lda`, `ldb`, `ldc` elements apart, A and B
 * stored transposed on request (`matmulFlags`); C overlaps neither. Batches are the caller's. `a`, `b`, `c` and
 * `scratch` are addresses in bytes, `scratch` a multiple of 16 with `matmulScratch` bytes.
 *
 * Each element is a sum over k upwards, in blocks whose lengths depend on k alone, and these sums
 * added in order: its bits depend on neither m nor n, so threads may divide C as they like.
 * Source of the scheme: Goto & van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008.
 */
export function matmulFunction(builder: ModuleBuilder, type: "f32" | "f64"): number {
  const precision = type === "f32" ? single : double;
  const { size, lanes } = precision;
  const transpose = transposeFunction(builder, precision);
  const steps = Array.from({ length: tileVectors }, (_, i) =>
    stepFunction(builder, precision, { vectors: i + 1, transpose }),
  );
  const clear = clearFunction(builder, type);
  const body = builder.function(
    `matmul_${type}`,
    matmulParameters.map(() => "i32"),
    [],
  );
  const [m, n, k, a, lda, b, ldb, c, ldc, scratch, flags] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const { get, constant, add: plus, sub, mul, div, and, or, min, set, let: let_ } = integers(body);
  const bytes = (elements: Push): Push => mul(elements, constant(size));
  for (const stride of [lda, ldb, ldc]) set(stride, bytes(get(stride)));

  get(k)();
  body.op(i32.eqz);
  body.if();
  for (const push of [get(m), bytes(get(n)), get(c), get(ldc), get(flags)]) push();
  body.call(clear);
  body.return();
  body.end();

  // Blocks of k: ⌈k / 256⌉ of them, each but the last a multiple of 8 long.
  const blocks = let_(div(plus(get(k), constant(blockTerms - 1)), constant(blockTerms)));
  const even = div(sub(plus(get(k), get(blocks)), constant(1)), get(blocks));
  const length = let_(and(plus(even, constant(7)), constant(-8)));
  const panelBytes = mul(min(get(k), constant(blockTerms)), constant(tileVectors * 16));
  const block = let_(plus(get(scratch), panelBytes));
  const p = body.local("i32");
  const i = body.local("i32");
  const j = body.local("i32");
  const terms = body.local("i32");
  const rows = body.local("i32");
  const width = body.local("i32");
  const left = body.local("i32");
  const bytesOfLeft = body.local("i32");
  const right = body.local("i32");
  const fullWidth = tileVectors * lanes;

  forEach(body, { index: p, limit: k, step: get(length) }, () => {
    set(terms, min(get(length), sub(get(k), get(p))));
    forEach(body, { index: i, limit: m, step: constant(blockRows(precision)) }, () => {
      set(rows, min(constant(blockRows(precision)), sub(get(m), get(i))));
      and(get(flags), constant(matmulFlags.transposeA))();
      body.if();
      set(left, get(block));
      set(bytesOfLeft, plus(bytes(get(terms)), constant(rowPadding)));
      const corner = plus(get(a), mul(get(p), get(lda)), bytes(get(i)));
      for (const push of [corner, ...[lda, left, bytesOfLeft, terms, rows].map(get)]) push();
      body.call(transpose);
      body.else();
      set(left, plus(get(a), mul(get(i), get(lda)), bytes(get(p))));
      set(bytesOfLeft, get(lda));
      body.end();
      forEach(body, { index: j, limit: n, step: constant(fullWidth) }, () => {
        set(width, min(constant(fullWidth), sub(get(n), get(j))));
        and(get(flags), constant(matmulFlags.transposeB))();
        body.if("i32");
        plus(get(b), mul(get(j), get(ldb)), bytes(get(p)))();
        body.else();
        plus(get(b), mul(get(p), get(ldb)), bytes(get(j)))();
        body.end();
        body.set(right);
        const target = plus(get(c), mul(get(i), get(ldc)), bytes(get(j)));
        const call = (step: number): void => {
          for (const local of [rows, width, terms, left, bytesOfLeft, right, ldb]) body.get(local);
          for (const push of [target, get(ldc), get(scratch), get(flags)]) push();
          body.call(step);
        };
        emitByWidth(body, width, lanes, steps, call);
      });
    });
    set(flags, or(get(flags), constant(matmulFlags.accumulate)));
  });
  return body.index;
}

/** Calls the step whose panel has as many vectors as the width needs. */
function emitByWidth(
  body: Body,
  width: number,
  lanes: number,
  steps: readonly number[],
  call: (step: number) => void,
): void {
  const done = body.block();
  steps.forEach((step, index) => {
    body.get(width);
    body.i32((index + 1) * lanes);
    body.op(i32.le_u);
    body.if();
    call(step);
    body.br(done);
    body.end();
  });
  body.end();
}

/** The product over no terms: zeros, unless C is added to. Parameters: m, bytes of a row, c, bytes between rows, flags. */
function clearFunction(builder: ModuleBuilder, type: string): number {
  const body = builder.function(`clear_${type}`, ["i32", "i32", "i32", "i32", "i32"], []);
  const [m, bytes, c, stride, flags] = [0, 1, 2, 3, 4];
  const { get, constant, and } = integers(body);
  and(get(flags), constant(matmulFlags.accumulate))();
  body.if();
  body.return();
  body.end();
  const row = body.local("i32");
  forEach(body, { index: row, limit: m, step: constant(1) }, () => {
    body.get(c);
    body.i32(0);
    body.get(bytes);
    body.memoryFill();
    add(body, c, get(stride));
  });
  return body.index;
}
