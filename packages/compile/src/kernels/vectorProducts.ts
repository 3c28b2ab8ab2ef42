import { type Body, f32, f32x4, f64, f64x2, i32, type ModuleBuilder } from "../wasm/index.ts";
import { add, forEach, integers, whileAtLeast } from "./integers.ts";
import { tileVectors } from "./panel.ts";
import type { Precision } from "./precision.ts";

/** Bytes of a vector. */
const vectorBytes = 16;

/** A product of the two numbers on the stack, added to the one below them. */
function multiplyScalars(body: Body, { name, scalar }: Precision): void {
  body.op(name === "f64" ? f64.mul : f32.mul);
  body.op(scalar.add);
}

/** Parameters of products of rows with a vector, all i32, in this order; distances in bytes. */
export const rowProductParameters = [
  "matrix",
  "bytesOfRow",
  "vector",
  "k",
  "target",
  "bytesOfTarget",
  "rows",
  "accumulate",
] as const;

/**
 * `y[i] = Σ_p A[i, p] x[p]`, or `y[i] += …`: rows of A and x side by side in memory.
 *
 * Each sum is that of four vectors of partial sums, in an order that depends on k alone.
 */
export function rowProductFunction(builder: ModuleBuilder, precision: Precision): number {
  const dot = dotFunction(builder, precision);
  const body = builder.function(
    `row_products_${precision.name}`,
    rowProductParameters.map(() => "i32"),
    [],
  );
  const [matrix, bytesOfRow, vector, k, target, bytesOfTarget, rows, accumulate] = [
    0, 1, 2, 3, 4, 5, 6, 7,
  ];
  const { get, constant } = integers(body);
  const i = body.local("i32");
  forEach(body, { index: i, limit: rows, step: constant(1) }, () => {
    body.get(target);
    for (const local of [matrix, vector, k]) body.get(local);
    body.call(dot);
    body.get(accumulate);
    body.if(precision.name);
    body.get(target);
    body.memory(precision.scalar.load);
    body.else();
    precision.scalar.zero(body);
    body.end();
    body.op(precision.scalar.add);
    body.memory(precision.scalar.store);
    add(body, matrix, get(bytesOfRow));
    add(body, target, get(bytesOfTarget));
  });
  return body.index;
}

/** `Σ a[p] b[p]`. Parameters: addresses of a and b, count. */
function dotFunction(builder: ModuleBuilder, precision: Precision): number {
  const { name, size, lanes, scalar } = precision;
  const body = builder.function(`dot_${name}`, ["i32", "i32", "i32"], [name]);
  const [a, b, count] = [0, 1, 2];
  const sums = Array.from({ length: tileVectors }, () => body.local("v128"));
  const total = body.local(name);
  const unaligned = precision.loadSplat >> 16;
  const accumulate = (vector: number): void => {
    body.get(sums[vector] as number);
    for (const local of [a, b]) {
      body.get(local);
      body.memory(precision.load, vector * vectorBytes, unaligned);
    }
    body.op(precision.mul);
    body.op(precision.add);
    body.set(sums[vector] as number);
  };
  const advance = (bytes: number): void => {
    for (const local of [a, b]) add(body, local, () => body.i32(bytes));
  };
  whileAtLeast(body, count, tileVectors * lanes, () => {
    for (let vector = 0; vector < tileVectors; vector++) accumulate(vector);
    advance(tileVectors * vectorBytes);
  });
  whileAtLeast(body, count, lanes, () => {
    accumulate(0);
    advance(vectorBytes);
  });
  whileAtLeast(body, count, 1, () => {
    body.get(total);
    for (const local of [a, b]) {
      body.get(local);
      body.memory(scalar.load);
    }
    multiplyScalars(body, precision);
    body.set(total);
    advance(size);
  });
  const [first, second, third, fourth] = sums as [number, number, number, number];
  for (const [x, y] of [
    [first, second],
    [third, fourth],
  ] as const) {
    body.get(x);
    body.get(y);
    body.op(precision.add);
  }
  body.op(precision.add);
  body.set(first);
  body.get(total);
  for (let lane = 0; lane < lanes; lane++) {
    body.get(first);
    body.lane(name === "f64" ? f64x2.extract_lane : f32x4.extract_lane, lane);
    body.op(scalar.add);
  }
  return body.index;
}

/** Parameters of sums of multiples of rows, all i32, in this order; distances in bytes. */
export const rowSumParameters = [
  "matrix",
  "bytesOfRow",
  "factors",
  "bytesOfFactor",
  "k",
  "target",
  "columns",
  "accumulate",
] as const;

/**
 * `y[j] = Σ_p x[p] A[p, j]`, or `y[j] += …`: rows of A and y side by side in memory.
 *
 * Each sum runs upwards over p in one accumulator; 4 vectors of sums at once, then one, then single
 * ones.
 */
export function rowSumFunction(builder: ModuleBuilder, precision: Precision): number {
  const { name, size, lanes } = precision;
  const widths = [tileVectors * lanes, lanes, 1];
  const blocks = widths.map((width) => rowSumBlock(builder, precision, width));
  const body = builder.function(
    `row_sums_${name}`,
    rowSumParameters.map(() => "i32"),
    [],
  );
  const [matrix, bytesOfRow, factors, bytesOfFactor, k, target, columns, accumulate] = [
    0, 1, 2, 3, 4, 5, 6, 7,
  ];
  widths.forEach((width, index) => {
    whileAtLeast(body, columns, width, () => {
      for (const local of [matrix, bytesOfRow, factors, bytesOfFactor, k, target, accumulate]) {
        body.get(local);
      }
      body.call(blocks[index] as number);
      for (const local of [matrix, target]) add(body, local, () => body.i32(width * size));
    });
  });
  return body.index;
}

/** As many sums as `width`: vectors where it is a multiple of their lanes, else one. */
function rowSumBlock(builder: ModuleBuilder, precision: Precision, width: number): number {
  const { name, lanes, scalar } = precision;
  const body = builder.function(`row_sums_${name}_${width}`, Array(7).fill("i32"), []);
  const [matrix, bytesOfRow, factors, bytesOfFactor, k, target, accumulate] = [0, 1, 2, 3, 4, 5, 6];
  const { get } = integers(body);
  const vectors = Math.floor(width / lanes);
  const single = vectors === 0;
  const unaligned = precision.loadSplat >> 16;
  const sums = Array.from({ length: Math.max(1, vectors) }, () =>
    body.local(single ? name : "v128"),
  );
  const factor = body.local(single ? name : "v128");
  const loadAt = (address: number, vector: number): void => {
    body.get(address);
    if (single) body.memory(scalar.load);
    else body.memory(precision.load, vector * vectorBytes, unaligned);
  };
  whileAtLeast(body, k, 1, () => {
    body.get(factors);
    body.memory(single ? scalar.load : precision.loadSplat);
    body.set(factor);
    sums.forEach((sum, vector) => {
      body.get(sum);
      body.get(factor);
      loadAt(matrix, vector);
      if (single) multiplyScalars(body, precision);
      else {
        body.op(precision.mul);
        body.op(precision.add);
      }
      body.set(sum);
    });
    add(body, matrix, get(bytesOfRow));
    add(body, factors, get(bytesOfFactor));
  });
  body.get(accumulate);
  body.op(i32.eqz);
  body.if();
  for (const [vector, sum] of sums.entries()) storeSum(sum, vector, false);
  body.else();
  for (const [vector, sum] of sums.entries()) storeSum(sum, vector, true);
  body.end();
  function storeSum(sum: number, vector: number, adds: boolean): void {
    body.get(target);
    body.get(sum);
    if (adds) {
      loadAt(target, vector);
      body.op(single ? scalar.add : precision.add);
    }
    if (single) body.memory(scalar.store);
    else body.memory(precision.store, vector * vectorBytes, unaligned);
  }
  return body.index;
}
