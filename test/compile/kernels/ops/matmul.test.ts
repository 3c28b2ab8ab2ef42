import { ModuleBuilder } from "@chainrule/compile";
import { matmul, variable } from "@chainrule/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  kernels,
  type Matrices,
  matmulStep,
  type Product,
  type ProductContext,
  type ProductType,
} from "../../../../packages/compile/src/kernels/ops/index.ts";
import { elementBytes } from "../../../../packages/compile/src/plan/elementBytes.ts";
import { fixed } from "../../../../packages/compile/src/plan/size.ts";
import { instantiate } from "../../support/instantiate.ts";
import { draws, elements, expectSums, given, types } from "./arbitraries.ts";

type Placed<M> = Omit<M, "address">;

/** A module that multiplies; operands begin 64 elements apart. */
function productModule(
  type: ProductType,
  {
    a,
    b,
    c,
    ...rest
  }: Omit<Product, "a" | "b" | "c" | "scratch"> & {
    readonly a: Placed<Matrices>;
    readonly b: Placed<Matrices>;
    readonly c: Placed<Matrices>;
  },
): { memory: (count: number) => Float64Array | Float32Array | Int32Array; run: () => void } {
  const builder = new ModuleBuilder();
  builder.memory({ minimum: 10 });
  builder.export("memory", "memory");
  const body = builder.function("run", [], []);
  const push = (value: number) => () => body.i32(value);
  const bytes = 64 * elementBytes[type];
  const indices = new Map<string, number>();
  const context: ProductContext = {
    builder,
    body,
    size: ({ factor }) => push(factor),
    shared(key, make) {
      const index = indices.get(key) ?? make();
      indices.set(key, index);
      return index;
    },
  };
  matmulStep(context, {
    ...rest,
    a: { ...a, address: push(0) },
    b: { ...b, address: push(bytes) },
    c: { ...c, address: push(2 * bytes) },
    scratch: push(4096),
  });
  builder.export("run", "function", body.index);
  const exports = instantiate(builder);
  const { buffer } = exports["memory"] as unknown as { buffer: ArrayBuffer };
  const view = { f64: Float64Array, f32: Float32Array, i32: Int32Array }[type];
  return { memory: (count) => new view(buffer, 0, count), run: exports["run"] as () => void };
}

describe("matmul", () => {
  const size = fc.integer({ min: 0, max: 9 });
  const lead = fc.constantFrom<readonly [number[], number[]]>(
    [[], []],
    [[3], []],
    [[], [2]],
    [[2], [2]],
    [[2, 3], [3]],
    [
      [2, 1],
      [1, 4],
    ],
    [
      [2, 3],
      [2, 1],
    ],
    [[1], [5]],
    [[0], [1]],
  );

  it("is the interpreter's for all types, broadcast leading axes and special values", () => {
    fc.assert(
      fc.property(
        fc.tuple(size, size, size),
        lead,
        fc.tuple(types, types),
        draws,
        ([m, n, k], [ofA, ofB], [typeA, typeB], draw) => {
          const a = given("a", [...ofA, m, k], typeA, draw);
          const b = given("b", [...ofB, k, n], typeB, draw, 1);
          expectSums(matmul(a.input, b.input), [a.value, b.value], k);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("is the interpreter's for one row or one column", () => {
    const long = fc.integer({ min: 0, max: 45 });
    const floats = fc.constantFrom("f64" as const, "f32" as const);
    fc.assert(
      fc.property(
        fc.tuple(long, long),
        fc.nat(2),
        lead,
        floats,
        draws,
        ([r, k], one, [ofA, ofB], type, draw) => {
          const [m, n] = [one === 1 ? r : 1, one === 2 ? r : 1];
          const a = given("a", [...ofA, m, k], type, draw);
          const b = given("b", [...ofB, k, n], type, draw, 1);
          expectSums(matmul(a.input, b.input), [a.value, b.value], k);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("serves every value of named sizes", () => {
    for (const batch of [0, 1, 3, 300]) {
      const a = variable("a", ["batch", 2, 5]);
      const b = variable("b", [5, 4]);
      const draw = { seed: batch, edges: false };
      const values = [elements([batch, 2, 5], "f64", draw), elements([5, 4], "f64", draw, 1)];
      expectSums(matmul(a, b), values, 5, { sizes: new Map([["batch", batch]]) });
      const left = variable("l", [3, "batch"], "f32");
      const right = variable("r", ["batch", 2], "f32");
      const others = [elements([3, batch], "f32", draw), elements([batch, 2], "f32", draw, 1)];
      expectSums(matmul(left, right), others, batch, { sizes: new Map([["batch", batch]]) });
    }
  });

  it("reads transposed operands where they lie, and adds to the result on request", () => {
    for (const type of ["f64", "f32", "i32"] as const) {
      for (let bits = 0; bits < 32; bits++) {
        const [transposeA, transposeB, accumulate] = [1, 2, 4].map((bit) => (bits & bit) !== 0);
        const [m, n, k, stacks] = [(bits & 8) !== 0 ? 1 : 5, (bits & 16) !== 0 ? 1 : 3, 4, 2];
        const { memory, run } = productModule(type, {
          type,
          m: fixed(m),
          n: fixed(n),
          k: fixed(k),
          lead: [fixed(stacks)],
          a: {
            stride: fixed(transposeA ? m : k),
            lead: [fixed(m * k)],
            transposed: transposeA === true,
          },
          b: {
            stride: fixed(transposeB ? k : n),
            lead: [fixed(0)],
            transposed: transposeB === true,
          },
          c: { stride: fixed(n), lead: [fixed(m * n)] },
          accumulate: accumulate === true,
        });
        const all = memory(3 * 64);
        for (let i = 0; i < all.length; i++) all[i] = (i * 7) % 11;
        const [a, b, c] = [0, 64, 128].map((at) => Array.from(all.subarray(at, at + 64)));
        run();
        for (let s = 0; s < stacks; s++) {
          for (let i = 0; i < m; i++) {
            for (let j = 0; j < n; j++) {
              const at = (s * m + i) * n + j;
              let total = accumulate ? (c?.[at] ?? 0) : 0;
              for (let p = 0; p < k; p++) {
                const x = a?.[s * m * k + (transposeA ? p * m + i : i * k + p)] ?? 0;
                total += x * (b?.[transposeB ? j * k + p : p * n + j] ?? 0);
              }
              expect(all[128 + at]).toBe(total);
            }
          }
        }
      }
    }
  });

  it("counts its operations", () => {
    const node = matmul(variable("a", [2, 3, 5]), variable("b", [5, 7]));
    expect(kernels.get(matmul.op)?.operations?.(node)).toEqual(fixed(2 * 2 * 3 * 7 * 5));
  });
});
