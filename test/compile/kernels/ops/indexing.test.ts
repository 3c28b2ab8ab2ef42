import {
  argmax,
  argmin,
  cumulativeSum,
  EvaluationError,
  type Expr,
  gather,
  prodExcept,
  scatterAdd,
  segmentSum,
  Tensor,
  take,
  type Value,
  variable,
} from "@chainrule/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draws, elements, expectSame, expectSums, given, types } from "./arbitraries.ts";
import { bothErrors } from "./runKernel.ts";

const size = fc.integer({ min: 0, max: 5 });
const shapes = fc.tuple(
  fc.constantFrom<readonly number[]>([], [2], [3, 1], [0]),
  size,
  fc.constantFrom<readonly number[]>([], [1], [3], [2, 9], [0], [70]),
);

/** Indices below a length, without pattern. */
function indices(shape: readonly number[], length: number, seed: number): Tensor {
  const count = shape.reduce((product, dim) => product * dim, 1);
  const data = Int32Array.from({ length: count }, (_, i) => (((i + seed) * 7919) % 101) % length);
  return new Tensor(shape, data, "i32");
}

describe("gather and scatterAdd", () => {
  it("are the interpreter's", () => {
    fc.assert(
      fc.property(shapes, size, types, types, draws, ([outer, n, inner], m, typeX, typeU, draw) => {
        const length = Math.max(n, 1);
        const axis = outer.length;
        const x = given("x", [...outer, length, ...inner], typeX, draw);
        const chosen = indices([...outer, m, ...inner], length, draw.seed);
        const input = variable("i", chosen.shape, "i32");
        expectSame(gather(x.input, input, axis), [x.value, chosen]);
        const updates = given("u", chosen.shape, typeU, draw, 2);
        const sums = scatterAdd(x.input, input, updates.input, axis);
        expectSums(sums, [x.value, chosen, updates.value], m + 1, { kept: [1] });
      }),
      { numRuns: 150 },
    );
  });

  it("refuse the first index out of range, as the interpreter does", () => {
    const x = variable("x", [2, 3]);
    const i = variable("i", [2, 2], "i32");
    const values = elements([2, 3], "f64", { seed: 1, edges: false });
    for (const data of [
      [0, 3, -1, 0],
      [0, 2, -1, 7],
      [0, 0, 0, 2 ** 31 - 1],
    ]) {
      const at = new Tensor([2, 2], Int32Array.from(data), "i32");
      expectRefused(gather(x, i, 1), [values, at]);
      expectRefused(scatterAdd(x, i, variable("u", [2, 2]), 1), [
        values,
        at,
        elements([2, 2], "f64", { seed: 2, edges: false }),
      ]);
    }
  });
});

function expectRefused(node: Expr, args: readonly Value[]): void {
  const { got, expected } = bothErrors(node, args);
  expect(expected).toBeInstanceOf(EvaluationError);
  expect(got).toEqual(expected);
}

describe("take and segmentSum", () => {
  it("are the interpreter's", () => {
    const shapesOfIndices = fc.constantFrom<readonly number[]>([], [4], [2, 3], [0]);
    fc.assert(
      fc.property(shapes, shapesOfIndices, types, draws, ([outer, n, inner], by, type, draw) => {
        const length = Math.max(n, 1);
        const axis = outer.length;
        const x = given("x", [...outer, length, ...inner], type, draw);
        const chosen = indices(by, length, draw.seed);
        const value = by.length === 0 ? (chosen.data[0] as number) : chosen;
        const input = variable("i", by, "i32");
        expectSame(take(x.input, input, axis), [x.value, value]);
        const parts = given("p", [...outer, ...by, ...inner], type, draw, 3);
        const sums = segmentSum(parts.input, input, length, axis);
        expectSums(sums, [parts.value, value], chosen.data.length, { kept: [1] });
      }),
      { numRuns: 150 },
    );
  });

  it("refuse the first index out of range, as the interpreter does", () => {
    const i = variable("i", [3], "i32");
    for (const outer of [[2], [0]]) {
      const shape = [...outer, 3, 2];
      const value = elements(shape, "f32", { seed: 1, edges: false });
      const at = new Tensor([3], Int32Array.from([2, 3, -1]), "i32");
      const x = variable("x", shape, "f32");
      expectRefused(take(x, i, 1), [value, at]);
      // The interpreter looks at no index where there is nothing to add.
      if (outer[0] === 0) expectSame(segmentSum(x, i, 3, 1), [value, at]);
      else expectRefused(segmentSum(x, i, 3, 1), [value, at]);
    }
  });

  it("count in named sizes", () => {
    const sizes = new Map([
      ["batch", 3],
      ["words", 5],
    ]);
    const table = variable("t", ["words", 7], "f32");
    const i = variable("i", ["batch", 2], "i32");
    const draw = { seed: 3, edges: false };
    const rows = indices([3, 2], 5, 1);
    expectSame(take(table, i), [elements([5, 7], "f32", draw), rows], sizes);
    const parts = variable("p", ["batch", 2, 7], "f32");
    const sums = segmentSum(parts, i, "words");
    expectSums(sums, [elements([3, 2, 7], "f32", draw), rows], 6, { kept: [1], sizes });
  });
});

describe("cumulativeSum", () => {
  it("is the interpreter's, in both directions", () => {
    fc.assert(
      fc.property(shapes, types, draws, fc.boolean(), ([outer, n, inner], type, draw, reverse) => {
        const x = given("x", [...outer, n, ...inner], type, draw);
        expectSame(cumulativeSum(x.input, outer.length, { reverse }), [x.value]);
      }),
      { numRuns: 80 },
    );
    const x = variable("x", ["batch", 4]);
    const value = elements([6, 4], "f64", { seed: 2, edges: false });
    expectSame(cumulativeSum(x, 0, { reverse: true }), [value], new Map([["batch", 6]]));
  });
});

describe("argmax and argmin", () => {
  it("are the interpreter's, also of NaN and of equal elements", () => {
    fc.assert(
      fc.property(shapes, types, draws, fc.boolean(), ([outer, n, inner], type, draw, keepDims) => {
        const x = given("x", [...outer, Math.max(n, 1), ...inner], type, draw);
        for (const of of [argmax, argmin]) {
          expectSame(of(x.input, outer.length, { keepDims }), [x.value]);
        }
      }),
      { numRuns: 80 },
    );
  });

  it("refuse a named axis without elements, unless there is nothing to find", () => {
    const x = variable("x", [2, "n"]);
    const none = new Tensor([2, 0], new Float64Array(0), "f64");
    const sizes = new Map([["n", 0]]);
    for (const of of [argmax, argmin]) {
      const { got, expected } = bothErrors(of(x), [none], sizes);
      expect(expected).toBeInstanceOf(EvaluationError);
      expect(got).toEqual(expected);
    }
    const empty = variable("y", [0, "n"]);
    const nothing = new Tensor([0, 0], new Float64Array(0), "f64");
    expectSame(argmax(empty), [nothing], sizes);
  });
});

describe("prodExcept", () => {
  it("is the interpreter's", () => {
    const floats = fc.constantFrom("f64" as const, "f32" as const);
    fc.assert(
      fc.property(shapes, floats, draws, ([outer, n, inner], type, draw) => {
        const x = given("x", [...outer, n, ...inner], type, draw);
        expectSame(prodExcept(x.input, outer.length), [x.value]);
      }),
      { numRuns: 80 },
    );
  });
});
