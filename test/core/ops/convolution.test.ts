import {
  ArgumentError,
  type Expr,
  evaluate,
  ShapeError,
  type Tensor,
  variable,
} from "@chainrule/core";
import {
  conv1d,
  conv2d,
  convolution,
  convTranspose1d,
  convTranspose2d,
} from "@chainrule/core/conv";
import { describe, expect, it } from "vitest";
import { scalarize } from "../../../packages/core/src/scalarize.ts";
import { expectDerivatives, spread, tensor } from "../../support/differences.ts";

const elements = (y: Expr, values: Record<string, Tensor>): number[] => [
  ...(evaluate(y, values) as Tensor).data,
];
const count = (n: number, from = 1): number[] => Array.from({ length: n }, (_, i) => i + from);

describe("conv1d", () => {
  const x = variable("x", [1, 1, 5]);
  const k = variable("k", [1, 1, 3]);
  const values = { x: tensor([1, 1, 5], count(5)), k: tensor([1, 1, 3], [1, 0, -2]) };

  // By hand: y[q] = x[sq - p] - 2 x[sq - p + 2d].
  it.each([
    [{}, [-5, -6, -7]],
    [{ padding: "same" } as const, [-4, -5, -6, -7, 4]],
    [{ padding: 1, stride: 2 }, [-4, -6, 4]],
    [{ padding: "same", stride: 2 } as const, [-4, -6, 4]],
    [{ padding: [[2, 0]], stride: 1 } as const, [-2, -4, -5, -6, -7]],
    [{ dilation: 2 }, [-9]],
    [{ padding: [[0, 1]], stride: 3 } as const, [-5, 4]],
  ])("with %o", (options, expected) => {
    expect(elements(conv1d(x, k, options), values)).toEqual(expected);
  });

  it("carries a named size through batch, and through space where it stays", () => {
    const named = variable("x", ["batch", 2, "time"]);
    const kernel = variable("k", [4, 2, 3]);
    const y = conv1d(named, kernel, { padding: "same" });
    expect(y.shape).toEqual(["batch", 4, "time"]);
    expect(conv1d(named, kernel, { padding: [[4, 0]], dilation: 2 }).shape).toEqual(y.shape);
    expect(() => conv1d(named, kernel)).toThrow(
      "conv1d: windows along a named size must be as many as its elements",
    );
    expectDerivatives(y.square(), { x: spread([2, 2, 4]), k: spread([4, 2, 3], 2) });
  });

  it("refuses what does not fit", () => {
    expect(() => conv1d(variable("x", [1, 5]), k)).toThrow(ShapeError);
    expect(() => conv1d(x, variable("k", [1, 2, 3]))).toThrow(
      "conv1d: the kernel must have the input's channels on axis 1, got [1, 1, 5] and [1, 2, 3]",
    );
    expect(() => conv1d(x, variable("k", [1, 1, 6]))).toThrow(
      "conv1d: a window of [6] must fit into the padded input, got [5]",
    );
    expect(() => conv1d(x, k, { stride: 0 })).toThrow(
      "conv1d: stride must be 1 whole numbers ≥ 1, got 0",
    );
    expect(() => conv1d(x, k, { padding: -1 })).toThrow(ArgumentError);
    expect(() => conv1d(x, k, { padding: "full" as "same" })).toThrow('got "full"');
    expect(() => conv1d(x, k, { groups: 2 })).toThrow("must be a multiple of groups (2), got 1");
    expect(() => conv1d(x, k, { groups: 0.5 })).toThrow(ArgumentError);
  });
});

describe("conv2d", () => {
  it("gives scipy.signal.correlate2d's values", () => {
    const x = variable("x", [1, 1, 3, 4]);
    const k = variable("k", [1, 1, 2, 2]);
    const values = {
      x: tensor([1, 1, 3, 4], count(12)),
      k: tensor([1, 1, 2, 2], [1, 2, -1, 3]),
    };
    // correlate2d(x, k, mode="valid")
    expect(elements(conv2d(x, k), values)).toEqual([18, 23, 28, 38, 43, 48]);
  });

  it("sums over channels, within groups", () => {
    const x = variable("x", [1, 2, 2, 2]);
    const values = { x: tensor([1, 2, 2, 2], count(8)), k: tensor([2, 1, 1, 1], [10, 100]) };
    const grouped = conv2d(x, variable("k", [2, 1, 1, 1]), { groups: 2 });
    expect(elements(grouped, values)).toEqual([10, 20, 30, 40, 500, 600, 700, 800]);
    const full = conv2d(x, variable("k", [1, 2, 1, 1]));
    const k = tensor([1, 2, 1, 1], [10, 100]);
    expect(elements(full, { x: values.x, k })).toEqual([510, 620, 730, 840]);
  });

  it.each([
    ["plain", [2, 2, 4, 5], [3, 2, 2, 3], {}],
    [
      "stride and padding",
      [1, 2, 5, 4],
      [2, 2, 3, 2],
      {
        stride: [2, 1],
        padding: [
          [1, 0],
          [0, 1],
        ],
      },
    ],
    ["same, stride", [1, 1, 5, 6], [1, 1, 3, 2], { stride: 2, padding: "same" }],
    ["dilation", [1, 1, 5, 6], [2, 1, 2, 2], { dilation: [2, 3], padding: 1 }],
    ["groups", [1, 4, 3, 3], [6, 2, 2, 2], { groups: 2 }],
    ["windows that leave a rest", [1, 1, 6, 5], [1, 1, 2, 2], { stride: 3 }],
  ] as const)("differentiates to second order: %s", (_name, input, kernel, options) => {
    const y = conv2d(variable("x", input), variable("k", kernel), options);
    expectDerivatives(y, { x: spread(input), k: spread(kernel, 2) });
  });

  it("keeps single precision, with sums in double", () => {
    const x = variable("x", [1, 3, 1, 1], "f32");
    const y = conv2d(x, variable("k", [1, 3, 1, 1], "f32"));
    expect(y.dtype).toBe("f32");
    const ones = [[[[1]], [[1]], [[1]]]];
    const out = evaluate(y, { x: [[[[16777216]], [[1]], [[1]]]], k: ones });
    expect((out as Tensor).data[0]).toBe(16777218);
  });
});

describe("transposed convolution", () => {
  it("spreads each element by the kernel", () => {
    const x = variable("x", [1, 1, 3]);
    const k = variable("k", [1, 1, 2]);
    const values = { x: tensor([1, 1, 3], [1, 2, 3]), k: tensor([1, 1, 2], [1, 10]) };
    expect(elements(convTranspose1d(x, k), values)).toEqual([1, 12, 23, 30]);
    expect(elements(convTranspose1d(x, k, { stride: 2 }), values)).toEqual([1, 10, 2, 20, 3, 30]);
    const longer = convTranspose1d(x, k, { stride: 2, padding: 1, outputPadding: 1 });
    expect(elements(longer, values)).toEqual([10, 2, 20, 3, 30]);
    expect(() => convTranspose1d(x, k, { outputPadding: 1 })).toThrow(
      "convTranspose1d: outputPadding must be below stride (1), got 1",
    );
    expect(() => convTranspose1d(x, variable("k", [2, 1, 2]))).toThrow(ShapeError);
  });

  it("is the adjoint of the convolution: ⟨conv(x), y⟩ = ⟨x, convTranspose(y)⟩", () => {
    const options = { stride: 2, padding: 1, dilation: 2 };
    const x = variable("x", [1, 2, 7, 7]);
    const k = variable("k", [3, 2, 2, 2]);
    const y = conv2d(x, k, options);
    const other = variable("y", y.shape);
    const back = convTranspose2d(other, k, options);
    expect(back.shape).toEqual(x.shape);
    const given = {
      x: spread([1, 2, 7, 7]),
      k: spread([3, 2, 2, 2], 2),
      y: spread([1, 3, 4, 4], 3),
    };
    const [forward, backward] = evaluate([y, back], given);
    const inner = (a: Tensor, b: Tensor): number =>
      Array.from(a.data).reduce((total, item, i) => total + item * (b.data[i] as number), 0);
    expect(inner(forward as Tensor, given.y)).toBeCloseTo(inner(given.x, backward as Tensor), 10);
  });

  it("differentiates, with groups and named sizes", () => {
    const x = variable("x", ["batch", 4, 3]);
    const k = variable("k", [4, 3, 2]);
    const y = convTranspose1d(x, k, { stride: 2, groups: 2, outputPadding: 1 });
    expect(y.shape).toEqual(["batch", 6, 7]);
    expectDerivatives(y.square(), { x: spread([2, 4, 3]), k: spread([4, 3, 2], 2) });
    const same = convTranspose1d(variable("x", [1, 4, "time"]), variable("k", [4, 1, 3]), {
      padding: 1,
    });
    expect(same.shape).toEqual([1, 1, "time"]);
  });
});

it("works over three spatial axes, and becomes scalars", () => {
  const x = variable("x", [1, 1, 2, 2, 2]);
  const y = convolution(x, variable("k", [1, 1, 2, 2, 2]));
  const values = { x: tensor([1, 1, 2, 2, 2], count(8)), k: tensor([1, 1, 2, 2, 2], count(8)) };
  expect(elements(y, values)).toEqual([204]);
  const small = conv1d(variable("x", [1, 1, 3]), variable("k", [1, 1, 2]), { padding: [[0, 1]] });
  const items = scalarize([small]).outputs[0]?.items as Expr[];
  const given = { x_1_1_1: 1, x_1_1_2: 2, x_1_1_3: 3, k_1_1_1: 10, k_1_1_2: 1 };
  expect(evaluate(items, given)).toEqual([12, 23, 30]);
});
