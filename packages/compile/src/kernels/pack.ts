import { type Body, i32, type ModuleBuilder } from "../wasm/index.ts";
import { add } from "./integers.ts";
import type { Precision } from "./precision.ts";

/** Bytes of a vector. */
const vectorBytes = 16;

/**
 * Copies a block of rows into rows of whole vectors, those beyond the block's width filled with zeros.
 *
 * Parameters: source, bytes of a source row, target, rows, width in elements. A target row has
 * `vectors` vectors, of which the width must reach the last.
 */
export function packRowsFunction(
  builder: ModuleBuilder,
  precision: Precision,
  vectors: number,
): number {
  const name = `pack_${precision.name}_${vectors}`;
  const body = builder.function(name, ["i32", "i32", "i32", "i32", "i32"], []);
  const [source, bytesOfRow, target, rows, width] = [0, 1, 2, 3, 4];
  const alignment = precision.loadSplat >> 16;
  const copy = (vector: number): void => {
    body.get(target);
    body.get(source);
    body.memory(precision.load, vector * vectorBytes, alignment);
    body.memory(precision.store, vector * vectorBytes);
  };
  const next = (loop: number): void => {
    add(body, source, () => body.get(bytesOfRow));
    add(body, target, () => body.i32(vectors * vectorBytes));
    add(body, rows, () => body.i32(-1));
    body.get(rows);
    body.brIf(loop);
  };
  body.get(width);
  body.i32(vectors * precision.lanes);
  body.op(i32.eq);
  body.if();
  const whole = body.loop();
  for (let vector = 0; vector < vectors; vector++) copy(vector);
  next(whole);
  body.end();
  body.else();
  const partial = body.loop();
  for (let vector = 0; vector < vectors - 1; vector++) copy(vector);
  emitLastLanes(body, precision, { source, target, width, vectors });
  next(partial);
  body.end();
  body.end();
  return body.index;
}

/** The last vector of a row that ends within it, element by element, so that nothing beyond is read. */
function emitLastLanes(
  body: Body,
  precision: Precision,
  row: { source: number; target: number; width: number; vectors: number },
): void {
  const first = (row.vectors - 1) * precision.lanes;
  const offset = first * precision.size;
  body.get(row.target);
  body.i64x2(0n);
  body.memory(precision.store, offset);
  const enough = body.block();
  for (let lane = 0; lane < precision.lanes - 1; lane++) {
    body.get(row.target);
    body.get(row.source);
    body.memory(precision.scalar.load, offset + lane * precision.size);
    body.memory(precision.scalar.store, offset + lane * precision.size);
    body.get(row.width);
    body.i32(first + lane + 1);
    body.op(i32.eq);
    body.brIf(enough);
  }
  body.end();
}

/**
 * `target[j, i] = source[i, j]` for a block.
 *
 * Parameters: source, bytes of a source row, target, bytes of a target row, rows and columns of the
 * source, both at least 1. Squares of a vector's width go through registers, the rest element by element.
 */
export function transposeFunction(builder: ModuleBuilder, precision: Precision): number {
  const strip = stripFunction(builder, precision);
  const single = singleFunction(builder, precision);
  const body = builder.function(
    `transpose_${precision.name}`,
    ["i32", "i32", "i32", "i32", "i32", "i32"],
    [],
  );
  const [source, bytesOfSource, target, bytesOfTarget, rows, columns] = [0, 1, 2, 3, 4, 5];
  const done = body.block();
  const strips = body.loop();
  body.get(rows);
  body.i32(precision.lanes);
  body.op(i32.lt_u);
  body.brIf(done);
  for (const local of [source, bytesOfSource, target, bytesOfTarget, columns]) body.get(local);
  body.call(strip);
  for (let i = 0; i < precision.lanes; i++) add(body, source, () => body.get(bytesOfSource));
  add(body, target, () => body.i32(vectorBytes));
  add(body, rows, () => body.i32(-precision.lanes));
  body.br(strips);
  body.end();
  body.end();
  const end = body.block();
  const lines = body.loop();
  body.get(rows);
  body.op(i32.eqz);
  body.brIf(end);
  for (const local of [source, target, bytesOfTarget, columns]) body.get(local);
  body.call(single);
  add(body, source, () => body.get(bytesOfSource));
  add(body, target, () => body.i32(precision.size));
  add(body, rows, () => body.i32(-1));
  body.br(lines);
  body.end();
  body.end();
  return body.index;
}

/** One row of the source becomes one column of the target. */
function singleFunction(builder: ModuleBuilder, precision: Precision): number {
  const body = builder.function(
    `transpose_row_${precision.name}`,
    ["i32", "i32", "i32", "i32"],
    [],
  );
  const [source, target, bytesOfTarget, columns] = [0, 1, 2, 3];
  const loop = body.loop();
  body.get(target);
  body.get(source);
  body.memory(precision.scalar.load);
  body.memory(precision.scalar.store);
  add(body, source, () => body.i32(precision.size));
  add(body, target, () => body.get(bytesOfTarget));
  add(body, columns, () => body.i32(-1));
  body.get(columns);
  body.brIf(loop);
  body.end();
  return body.index;
}

/** As many rows of the source as a vector has lanes become columns of the target. */
function stripFunction(builder: ModuleBuilder, precision: Precision): number {
  const { lanes, size } = precision;
  const body = builder.function(
    `transpose_strip_${precision.name}`,
    ["i32", "i32", "i32", "i32", "i32"],
    [],
  );
  const [source, bytesOfSource, target, bytesOfTarget, columns] = [0, 1, 2, 3, 4];
  const alignment = precision.loadSplat >> 16;
  const sources = Array.from({ length: lanes }, () => body.local("i32"));
  const vectors = Array.from({ length: lanes }, () => body.local("v128"));
  sources.forEach((pointer, row) => {
    const above = sources[row - 1];
    body.get(above ?? source);
    if (above !== undefined) {
      body.get(bytesOfSource);
      body.op(i32.add);
    }
    body.set(pointer);
  });

  const done = body.block();
  const squares = body.loop();
  body.get(columns);
  body.i32(lanes);
  body.op(i32.lt_u);
  body.brIf(done);
  sources.forEach((pointer, row) => {
    body.get(pointer);
    body.memory(precision.load, 0, alignment);
    body.set(vectors[row] ?? 0);
  });
  for (const column of emitTransposed(body, vectors)) {
    body.get(target);
    body.get(column);
    body.memory(precision.store, 0, alignment);
    add(body, target, () => body.get(bytesOfTarget));
  }
  for (const pointer of sources) add(body, pointer, () => body.i32(vectorBytes));
  add(body, columns, () => body.i32(-lanes));
  body.br(squares);
  body.end();
  body.end();

  const end = body.block();
  const rest = body.loop();
  body.get(columns);
  body.op(i32.eqz);
  body.brIf(end);
  sources.forEach((pointer, row) => {
    body.get(target);
    body.get(pointer);
    body.memory(precision.scalar.load);
    body.memory(precision.scalar.store, row * size);
    add(body, pointer, () => body.i32(size));
  });
  add(body, target, () => body.get(bytesOfTarget));
  add(body, columns, () => body.i32(-1));
  body.br(rest);
  body.end();
  body.end();
  return body.index;
}

/** Locals with the columns of the square whose rows the given locals hold. */
function emitTransposed(body: Body, rows: readonly number[]): number[] {
  const interleave = (width: number, half: 0 | 1, a: number, b: number): number => {
    const local = body.local("v128");
    body.get(a);
    body.get(b);
    const bytes: number[] = [];
    for (let element = 0; element < 8 / width; element++) {
      for (const operand of [0, 16]) {
        for (let byte = 0; byte < width; byte++) {
          bytes.push(operand + half * 8 + element * width + byte);
        }
      }
    }
    body.shuffle(bytes);
    body.set(local);
    return local;
  };
  const [a = 0, b = 0, c, d] = rows;
  if (c === undefined || d === undefined) return [interleave(8, 0, a, b), interleave(8, 1, a, b)];
  const pairs = [0, 1].map((half) => [
    interleave(4, half as 0 | 1, a, b),
    interleave(4, half as 0 | 1, c, d),
  ]);
  return pairs.flatMap(([low = 0, high = 0]) => [
    interleave(8, 0, low, high),
    interleave(8, 1, low, high),
  ]);
}
