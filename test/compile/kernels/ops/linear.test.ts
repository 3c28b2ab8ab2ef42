import { Tensor, variable } from "@chainrule/core";
import {
  cholesky,
  determinant,
  logDet,
  signDet,
  solve,
  triangularSolve,
} from "@chainrule/core/linear";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kernels } from "../../../../packages/compile/src/kernels/ops/index.ts";
import { type Draw, draws, elements, expectSame, types } from "./arbitraries.ts";
import { bothValues, kernelNode } from "./runKernel.ts";

const size = fc.integer({ min: 0, max: 7 });
const leads = fc.constantFrom<readonly number[]>([], [2], [2, 3], [0]);

/** Matrices near to diagonal ones, some of them singular: each third has a row of zeros. */
function matrices(lead: readonly number[], n: number, draw: Draw, diagonal: number): Tensor {
  const { shape, data, dtype } = elements([...lead, n, n], "f64", draw);
  const own = data.slice();
  for (let i = 0; i < own.length; i++) {
    const row = Math.floor(i / n) % n;
    if (row === i % n) own[i] = (own[i] as number) + diagonal;
    if (row === 1 && Math.floor(i / (n * n)) % 3 === 2) own[i] = 0;
  }
  return new Tensor(shape, own, dtype);
}

function as(value: Tensor, dtype: "f64" | "f32"): Tensor {
  return dtype === "f64" ? value : new Tensor(value.shape, Float32Array.from(value.data), dtype);
}

const floats = fc.constantFrom<"f64" | "f32">("f64", "f32");

describe("cholesky", () => {
  it("has the bits of the interpreter, NaN where a matrix is not positive definite", () => {
    fc.assert(
      fc.property(
        leads,
        size,
        draws,
        floats,
        fc.integer({ min: 0, max: 9 }),
        (lead, n, draw, type, diagonal) => {
          const value = as(matrices(lead, n, draw, diagonal), type);
          expectSame(cholesky(variable("a", value.shape, type)), [value]);
        },
      ),
      { numRuns: 80 },
    );
    const whole = elements([2, 2], "i32", { seed: 1, edges: false });
    expectSame(cholesky(variable("a", [2, 2], "i32")), [whole]);
  });
});

describe("triangularSolve and solve", () => {
  it("have the bits of the interpreter, also for singular matrices", () => {
    fc.assert(
      fc.property(
        leads,
        fc.tuple(size, fc.integer({ min: 0, max: 5 })),
        draws,
        fc.tuple(floats, types),
        fc.tuple(fc.boolean(), fc.boolean()),
        (lead, [n, m], draw, [typeA, typeB], [upper, transposed]) => {
          const a = as(matrices(lead, n, draw, 3), typeA);
          const b = elements([...lead, n, m], typeB, draw, 1);
          const inputs = [variable("a", a.shape, typeA), variable("b", b.shape, typeB)] as const;
          expectSame(kernelNode(triangularSolve(...inputs, { upper, transposed })), [a, b]);
          expectSame(kernelNode(solve(...inputs)), [a, b]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("serve every value of named sizes", () => {
    const a = variable("a", ["batch", "n", "n"]);
    const b = variable("b", ["batch", "n", 2]);
    for (const [batch, n] of [
      [2, 3],
      [0, 2],
      [3, 0],
    ] as const) {
      const sizes = new Map([
        ["batch", batch],
        ["n", n],
      ]);
      const draw = { seed: 5, edges: false };
      const values = [matrices([batch], n, draw, 4), elements([batch, n, 2], "f64", draw, 1)];
      expectSame(kernelNode(solve(a, b)), values, sizes);
      expectSame(kernelNode(triangularSolve(a, b)), values, sizes);
      expectSame(cholesky(a), values.slice(0, 1), sizes);
      expectSame(determinant(a), values.slice(0, 1), sizes);
    }
  });
});

describe("determinants", () => {
  it("have the bits of the interpreter, logarithms 4 ulp of their terms", () => {
    fc.assert(
      fc.property(leads, size, draws, floats, (lead, n, draw, type) => {
        const value = as(matrices(lead, n, draw, 0), type);
        const a = variable("a", value.shape, type);
        expectSame(determinant(a), [value]);
        expectSame(signDet(a), [value]);
        const { got, expected } = bothValues(logDet(a), [value]);
        got.forEach((own, i) => {
          const other = expected[i] as number;
          if (Object.is(own, other) || own === other) return;
          // Logarithms of numbers of ordinary size are below 40.
          const most = 4 * n * 40 * (type === "f32" ? 2 ** -23 : 2 ** -52);
          expect(Math.abs(own - other)).toBeLessThanOrEqual(most);
        });
      }),
      { numRuns: 80 },
    );
  });

  it("count operations in whole numbers", () => {
    for (const made of [cholesky, determinant, logDet]) {
      const node = made(variable("a", [2, 2]));
      expect(kernels.get(node.op)?.operations?.(node).factor).toBe(made === cholesky ? 3 : 6);
    }
  });
});
