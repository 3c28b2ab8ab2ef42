import { type Body, f32x4, f64x2, i32, i32x4, type ModuleBuilder, v128 } from "../wasm/index.ts";
import { add, integers } from "./integers.ts";
import type { Precision } from "./precision.ts";

/**
 * A tile of C is 2 rows by 4 vectors. Of the shapes that fit the 15 vector registers V8 hands out on
 * x64 it is the fastest (measured by `bench/matmul`): V8 moves the loads of a step before its arithmetic, so 8 sums,
 * 4 vectors of B, 2 elements of A and a product must have registers at once. 3 × 3 or 5 × 2 spill.
 */
export const tileRows = 2;
export const tileVectors = 4;

/**
 * Steps of the sum in one round of the inner loop. Each ends in a branch of its own: without it V8
 * gathers the loads of all steps first and spills them.
 */
const unroll = 8;

/** Bytes of a vector. */
const vectorBytes = 16;

/** Parameters of a panel function, all i32, in this order. Bytes of rows are distances between rows. */
export const panelParameters = [
  "a",
  "bytesOfRowA",
  "b",
  "k",
  "c",
  "bytesOfRowC",
  "tiles",
  "accumulate",
  "lastLanes",
] as const;

/**
 * `C = A B` or `C += A B` for `tiles` tiles below each other, with one packed panel of B.
 *
 * Shapes: A [tiles · rows, k]; B [k, vectors · lanes], packed; C [tiles · rows, (vectors − 1) · lanes +
 * lastLanes]. k and tiles are at least 1. Each element's sum starts at zero and runs upwards over k in
 * one accumulator, so that it has the same bits whatever the shape of the tile; then C is added to it.
 */
export function panelFunction(
  builder: ModuleBuilder,
  precision: Precision,
  rows: number,
  vectors: number,
): number {
  const name = `panel_${precision.name}_${rows}x${vectors}`;
  const body = builder.function(
    name,
    panelParameters.map(() => "i32"),
    [],
  );
  const [a, bytesOfRowA, b, k, c, bytesOfRowC, tiles, accumulate, lastLanes] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8,
  ];
  const { get, constant, mul } = integers(body);
  const right = body.local("i32");
  const rest = body.local("i32");
  const mask = body.local("v128");
  const pointers = Array.from({ length: rows }, () => body.local("i32"));
  const sums = Array.from({ length: rows * vectors }, () => body.local("v128"));
  const tile: Tile = { body, precision, pointers, right, sums, vectors };

  body.i32(0);
  body.get(accumulate);
  body.op(i32.sub);
  body.op(i32x4.splat);
  body.set(mask);

  const nextTile = body.loop();
  emitStart(tile, [b, right], [k, rest], a, bytesOfRowA);
  emitSums(tile, rest);
  emitResults(tile, { c, bytesOfRowC, mask, lastLanes, accumulate });
  add(body, c, mul(get(bytesOfRowC), constant(rows)));
  add(body, a, mul(get(bytesOfRowA), constant(rows)));
  add(body, tiles, () => body.i32(-1));
  body.get(tiles);
  body.brIf(nextTile);
  body.end();
  return body.index;
}

interface Tile {
  readonly body: Body;
  readonly precision: Precision;
  /** Where each row of A goes on. */
  readonly pointers: readonly number[];
  /** Where B goes on. */
  readonly right: number;
  readonly sums: readonly number[];
  readonly vectors: number;
}

/** Copies what the inner loop uses up, and sets the sums to zero. */
function emitStart(
  { body, pointers, sums }: Tile,
  [b, right]: readonly [number, number],
  [k, rest]: readonly [number, number],
  a: number,
  bytesOfRowA: number,
): void {
  body.get(b);
  body.set(right);
  body.get(k);
  body.set(rest);
  pointers.forEach((pointer, row) => {
    const above = pointers[row - 1];
    body.get(above ?? a);
    if (above !== undefined) {
      body.get(bytesOfRowA);
      body.op(i32.add);
    }
    body.set(pointer);
  });
  for (const sum of sums) {
    body.i64x2(0n);
    body.set(sum);
  }
}

/** The inner loop, tested after each step. */
function emitSums(tile: Tile, rest: number): void {
  const { body, precision, pointers, right, vectors } = tile;
  const done = body.block();
  const round = body.loop();
  for (let step = 0; step < unroll; step++) {
    emitStep(tile, step);
    body.get(rest);
    body.i32(step + 1);
    body.op(i32.eq);
    body.brIf(done);
  }
  for (const pointer of pointers) add(body, pointer, () => body.i32(unroll * precision.size));
  add(body, right, () => body.i32(unroll * vectors * vectorBytes));
  add(body, rest, () => body.i32(-unroll));
  body.br(round);
  body.end();
  body.end();
}

/** One step of all sums of the tile. */
function emitStep({ body, precision, pointers, right, sums, vectors }: Tile, step: number): void {
  const b = Array.from({ length: vectors }, (_, vector) => {
    const local = body.local("v128");
    body.get(right);
    body.memory(precision.load, (step * vectors + vector) * vectorBytes);
    body.set(local);
    return local;
  });
  const a = body.local("v128");
  pointers.forEach((pointer, row) => {
    body.get(pointer);
    body.memory(precision.loadSplat, step * precision.size);
    body.set(a);
    b.forEach((vector, column) => {
      const sum = sums[row * vectors + column] ?? 0;
      body.get(sum);
      body.get(a);
      body.get(vector);
      body.op(precision.mul);
      body.op(precision.add);
      body.set(sum);
    });
  });
  for (const local of [...b, a]) body.release(local);
}

interface Results {
  readonly c: number;
  readonly bytesOfRowC: number;
  /** All ones where C is added to, else zeros, which leave nothing of what C held. */
  readonly mask: number;
  readonly accumulate: number;
  readonly lastLanes: number;
}

/** C = (C or 0) + sums; the last vector only as far as C reaches. */
function emitResults(tile: Tile, results: Results): void {
  const { body, precision, pointers, sums, vectors } = tile;
  const { c, bytesOfRowC, mask, lastLanes } = results;
  const alignment = precision.loadSplat >> 16;
  const row = body.local("i32");
  body.get(c);
  body.set(row);
  pointers.forEach((_, index) => {
    const emitVector = (vector: number): void => {
      body.get(row);
      body.get(row);
      body.memory(precision.load, vector * vectorBytes, alignment);
      body.get(mask);
      body.op(v128.and);
      body.get(sums[index * vectors + vector] ?? 0);
      body.op(precision.add);
      body.memory(precision.store, vector * vectorBytes, alignment);
    };
    for (let vector = 0; vector < vectors - 1; vector++) emitVector(vector);
    body.get(lastLanes);
    body.i32(precision.lanes);
    body.op(i32.eq);
    body.if();
    emitVector(vectors - 1);
    body.else();
    emitLanes(tile, results, row, sums[(index + 1) * vectors - 1] ?? 0);
    body.end();
    if (index + 1 < pointers.length) add(body, row, () => body.get(bytesOfRowC));
  });
  body.release(row);
}

/** The first lanes of the last vector of a row, one by one. */
function emitLanes(tile: Tile, results: Results, row: number, sum: number): void {
  const { body, precision, vectors } = tile;
  const { load, store, add: plus, zero } = precision.scalar;
  const extract = precision.name === "f32" ? f32x4.extract_lane : f64x2.extract_lane;
  const enough = body.block();
  for (let lane = 0; lane < precision.lanes - 1; lane++) {
    const offset = (vectors - 1) * vectorBytes + lane * precision.size;
    body.get(row);
    body.get(results.accumulate);
    body.if(precision.name);
    body.get(row);
    body.memory(load, offset);
    body.else();
    zero(body);
    body.end();
    body.get(sum);
    body.lane(extract, lane);
    body.op(plus);
    body.memory(store, offset);
    body.get(results.lastLanes);
    body.i32(lane + 1);
    body.op(i32.eq);
    body.brIf(enough);
  }
  body.end();
}
