import {
  engine,
  ModuleBuilder,
  matmulFlags,
  matmulFunction,
  matmulScratch,
} from "@chainrule/compile";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instantiate } from "../support/instantiate.ts";

type Type = "f32" | "f64";

interface Problem {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly accumulate: boolean;
  /** Elements between the end of a row and the next row. */
  readonly gap: number;
  /** Elements between the first matrix and an aligned address. */
  readonly shift: number;
}

const plain: Problem = {
  m: 1,
  n: 1,
  k: 1,
  transposeA: false,
  transposeB: false,
  accumulate: false,
  gap: 0,
  shift: 0,
};

function product(type: Type): { memory: ArrayBuffer; run: (...args: number[]) => unknown } {
  const builder = new ModuleBuilder();
  builder.memory({ minimum: 160 });
  builder.export("memory", "memory");
  builder.export("matmul", "function", matmulFunction(builder, type));
  const exports = instantiate(builder);
  const memory = exports["memory"] as unknown as { buffer: ArrayBuffer };
  return { memory: memory.buffer, run: (...args) => exports["matmul"]?.(...args) };
}

const products = { f32: product("f32"), f64: product("f64") };

/** Numbers without pattern in (−1, 1): fractional parts of multiples of the golden ratio. */
function element(i: number): number {
  return 2 * ((i * 0.6180339887498949) % 1) - 1;
}

/**
 * The product as the kernel gives it and as a plain loop does. The plain one sums in blocks as documented,
 * so that the two must be equal bit by bit.
 */
function both(type: Type, problem: Problem): { got: Float64Array; expected: Float64Array } {
  const { m, n, k, transposeA, transposeB, accumulate, gap, shift } = problem;
  const { memory, run } = products[type];
  const size = type === "f32" ? 4 : 8;
  const view = type === "f32" ? new Float32Array(memory) : new Float64Array(memory);
  const round = type === "f32" ? Math.fround : (x: number) => x;
  const lda = (transposeA ? m : k) + gap;
  const ldb = (transposeB ? k : n) + gap;
  const ldc = n + gap;
  const a = shift;
  const b = a + (transposeA ? k : m) * lda;
  const c = b + (transposeB ? n : k) * ldb;
  const end = c + m * ldc;
  for (let i = a; i < c; i++) view[i] = element(i);
  // What C held must not matter where it is not added to.
  for (let i = c; i < end + 8; i++) view[i] = accumulate ? element(i) : Number.NaN;
  const before = Float64Array.from(view.subarray(c, end + 8));

  const length = Math.ceil(k / Math.max(1, Math.ceil(k / 256)) / 8) * 8;
  const expected = before.slice();
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let total = accumulate ? (before[i * ldc + j] ?? 0) : 0;
      for (let p = 0; p < k; p += length) {
        let sum = 0;
        for (let q = p; q < Math.min(k, p + length); q++) {
          const x = view[a + (transposeA ? q * lda + i : i * lda + q)] ?? 0;
          const y = view[b + (transposeB ? j * ldb + q : q * ldb + j)] ?? 0;
          sum = round(sum + round(x * y));
        }
        total = round(total + sum);
      }
      expected[i * ldc + j] = total;
    }
  }
  const flags =
    (transposeA ? matmulFlags.transposeA : 0) |
    (transposeB ? matmulFlags.transposeB : 0) |
    (accumulate ? matmulFlags.accumulate : 0);
  const scratch = Math.ceil(((end + 8) * size) / 16) * 16;
  const scratchBytes = matmulScratch(type, k, transposeA);
  const guard = new Uint8Array(memory, scratch + scratchBytes, 64).fill(0xa5);
  run(m, n, k, a * size, lda, b * size, ldb, c * size, ldc, scratch, flags);
  expect(guard.every((byte) => byte === 0xa5)).toBe(true);
  return { got: Float64Array.from(view.subarray(c, end + 8)), expected };
}

describe.each(["f32", "f64"] as const)("matmul %s", (type) => {
  const flags = fc.record({
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    accumulate: fc.boolean(),
    gap: fc.integer({ min: 0, max: 5 }),
    shift: fc.integer({ min: 0, max: 5 }),
  });
  const agrees = (problem: Problem): void => {
    const { got, expected } = both(type, problem);
    expect(got).toEqual(expected);
  };

  it("equals the plain product bit by bit, and writes nothing beyond C, for small sizes", () => {
    const size = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(size, size, size, flags, (m, n, k, rest) => agrees({ m, n, k, ...rest })),
      { numRuns: 400 },
    );
  });

  it("equals the plain product bit by bit across blocks", () => {
    const rows = fc.integer({ min: 120, max: 300 });
    const columns = fc.integer({ min: 1, max: 50 });
    const terms = fc.integer({ min: 200, max: 800 });
    fc.assert(
      fc.property(rows, columns, terms, flags, (m, n, k, rest) => agrees({ m, n, k, ...rest })),
      { numRuns: 12 },
    );
  });

  it.each([
    [256, 16, 256],
    [257, 17, 257],
    [1, 300, 3],
    [300, 1, 3],
    [2, 4, 512],
    [3, 5, 513],
  ])("m = %d, n = %d, k = %d", (m, n, k) => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        agrees({ ...plain, m, n, k, transposeA, transposeB });
      }
    }
  });

  it("a part of the rows has the bits it has in the whole", () => {
    const whole = { ...plain, m: 37, n: 21, k: 300 };
    const part = { ...whole, m: 5 };
    // Both take A from the start of memory, but B lies behind A: the same B needs the same A.
    const { memory, run } = products[type];
    const size = type === "f32" ? 4 : 8;
    const view = type === "f32" ? new Float32Array(memory) : new Float64Array(memory);
    const b = whole.m * whole.k;
    const c = b + whole.k * whole.n;
    const rows = (m: number): Float64Array => {
      for (let i = 0; i < c; i++) view[i] = element(i);
      run(m, 21, 300, 0, 300, b * size, 21, c * size, 21, 8_000_000, 0);
      return Float64Array.from(view.subarray(c, c + m * 21));
    };
    const all = rows(whole.m);
    expect(rows(part.m)).toEqual(all.slice(0, part.m * 21));
  });

  it("NaN and infinities stay in their row and column", () => {
    const { memory, run } = products[type];
    const size = type === "f32" ? 4 : 8;
    const view = type === "f32" ? new Float32Array(memory) : new Float64Array(memory);
    view.fill(1, 0, 300);
    view[3 * 5 + 2] = Number.NaN;
    run(7, 9, 5, 0, 5, 35 * size, 9, 80 * size, 9, 4096, 0);
    const result = Array.from(view.subarray(80, 80 + 63));
    result.forEach((x, i) => {
      expect(Number.isNaN(x)).toBe(Math.floor(i / 9) === 3);
    });
  });
});

it("the module is one that the engine accepts with its names", () => {
  const builder = new ModuleBuilder();
  builder.memory({ minimum: 1 });
  matmulFunction(builder, "f32");
  matmulFunction(builder, "f64");
  expect(engine()?.validate(builder.build())).toBe(true);
});
