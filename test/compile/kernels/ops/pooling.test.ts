import { type Attributes, apply, type DType, type Expr, variable } from "@chainrule/core";
import {
  averagePool,
  averagePoolSpread,
  maxPool,
  maxPoolSelect,
  maxPoolSpread,
} from "@chainrule/core/conv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kernels } from "../../../../packages/compile/src/kernels/ops/index.ts";
import { fixed } from "../../../../packages/compile/src/plan/size.ts";
import { draws, elements, expectSame, expectSums, given, types } from "./arbitraries.ts";

/** One axis; padding may be more than the window, so that some windows see nothing else. */
const axis = fc
  .record({
    window: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    before: fc.integer({ min: 0, max: 3 }),
    after: fc.integer({ min: 0, max: 3 }),
    more: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 7, max: 14 })),
  })
  .map((one) => {
    const reach = (one.window - 1) * one.dilation + 1;
    return { ...one, input: Math.max(0, reach - one.before - one.after) + one.more };
  });

const short = axis.filter(({ input }) => input < 6);

const geometries = fc
  .oneof(fc.tuple(axis), fc.tuple(short, axis), fc.tuple(short, short, axis))
  .map((axes) => ({
    input: axes.map(({ input }) => input),
    window: axes.map(({ window }) => window),
    stride: axes.map(({ stride }) => stride),
    dilation: axes.map(({ dilation }) => dilation),
    padding: axes.map(({ before, after }) => [before, after] as const),
  }));

const floats = fc.constantFrom<DType>("f64", "f32");

describe("pooling", () => {
  it("is the interpreter's for all geometries, types and special values", () => {
    fc.assert(
      fc.property(
        geometries,
        fc.integer({ min: 0, max: 2 }),
        fc.tuple(types, types, floats),
        fc.boolean(),
        draws,
        (geometry, batch, [typeX, typeV, float], countPadding, draw) => {
          const x = given("x", [batch, 2, ...geometry.input], typeX, draw);
          const largest = maxPool(x.input, geometry);
          expectSame(largest, [x.value]);
          const v = given("v", [batch, 2, ...geometry.input], typeV, draw, 1);
          expectSame(maxPoolSelect(x.input, v.input, geometry), [x.value, v.value]);
          const attributes: Attributes = { ...geometry, countPadding };
          expectSame(averagePool(x.input, attributes), [x.value]);
          const shape = largest.shape as readonly number[];
          const y = given("y", shape, float, draw, 2);
          expectSpread(maxPoolSpread(x.input, y.input, geometry), [x.value, y.value]);
          expectSpread(averagePoolSpread(y.input, attributes), [y.value]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("serves every value of named sizes", () => {
    const x = variable("x", ["batch", 2, 4, "width"]);
    const geometry = {
      input: [4, "width"],
      window: [2, 3],
      stride: [2, 1],
      dilation: [1, 1],
      padding: [
        [0, 0],
        [1, 1],
      ],
      countPadding: false,
    };
    const draw = { seed: 3, edges: false };
    for (const [batch, width] of [
      [2, 5],
      [0, 1],
      [1, 0],
    ] as const) {
      const sizes = new Map([
        ["batch", batch],
        ["width", width],
      ]);
      const value = elements([batch, 2, 4, width], "f64", draw);
      const pooled = maxPool(x, geometry);
      const given_ = elements([batch, 2, 2, width], "f64", draw, 1);
      const y = variable("y", pooled.shape);
      expectSame(pooled, [value], sizes);
      expectSame(averagePool(x, geometry), [value], sizes);
      expectSame(maxPoolSpread(x, y, geometry), [value, given_], sizes);
      expectSame(averagePoolSpread(y, geometry), [given_], sizes);
    }
  });

  it("leaves sums of truth values, which have no number, to the interpreter", () => {
    const geometry = { input: [2], window: [2], stride: [1], dilation: [1], padding: [[0, 0]] };
    const x = variable("x", [1, 1, 2]);
    const y = variable("y", [1, 1, 1], "bool");
    const takes = (node: Expr): boolean | undefined => kernels.get(node.op)?.takes?.(node);
    expect(takes(maxPoolSpread(x, y, geometry))).toBe(false);
    expect(takes(apply(averagePoolSpread.op, [y], geometry))).toBe(false);
    expect(kernels.get(maxPool.op)?.operations?.(maxPool(x, geometry))).toEqual(fixed(2));
  });
});

/** Sums in single precision are rounded after each term, otherwise the bits are the same. */
function expectSpread(node: Expr, args: Parameters<typeof expectSame>[1]): void {
  if (node.dtype === "f32") {
    const kept = node.op === maxPoolSpread.op ? [0] : [];
    expectSums(node, args, 27, { kept });
  } else expectSame(node, args);
}
