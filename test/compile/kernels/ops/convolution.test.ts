import { apply, type Expr, type Shape, variable } from "@chainrule/core";
import { convolution, convolutionInput, convolutionKernel } from "@chainrule/core/conv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kernels } from "../../../../packages/compile/src/kernels/ops/index.ts";
import { fixed } from "../../../../packages/compile/src/plan/size.ts";
import { type Draw, draws, elements, expectSums, types } from "./arbitraries.ts";

interface Problem {
  readonly batch: number;
  readonly groups: number;
  /** Channels of the input and of the result, for each group. */
  readonly channels: number;
  readonly outputs: number;
  readonly input: readonly number[];
  readonly window: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
}

/** One axis: the input is as long as the window reaches without padding, and some more. */
const axis = fc
  .record({
    window: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    before: fc.integer({ min: 0, max: 2 }),
    after: fc.integer({ min: 0, max: 2 }),
    more: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 15, max: 40 })),
  })
  .map((one) => {
    const reach = (one.window - 1) * one.dilation + 1;
    return { ...one, input: Math.max(0, reach - one.before - one.after) + one.more };
  });

const problems: fc.Arbitrary<Problem> = fc
  .record({
    batch: fc.integer({ min: 0, max: 2 }),
    groups: fc.integer({ min: 1, max: 2 }),
    channels: fc.integer({ min: 1, max: 3 }),
    outputs: fc.integer({ min: 1, max: 5 }),
    axes: fc.oneof(
      fc.tuple(axis),
      fc.tuple(axis, axis),
      fc.tuple(
        axis.filter(({ more }) => more < 7),
        axis.filter(({ more }) => more < 7),
        axis,
      ),
    ),
  })
  .map(({ axes, ...rest }) => ({
    ...rest,
    input: axes.map(({ input }) => input),
    window: axes.map(({ window }) => window),
    stride: axes.map(({ stride }) => stride),
    dilation: axes.map(({ dilation }) => dilation),
    padding: axes.map(({ before, after }) => [before, after] as const),
  }));

/** The three nodes of a problem, with the shapes of their arguments. */
function nodesOf(problem: Problem, typeA: "f64" | "f32" | "i32" | "bool", typeB = typeA) {
  const { batch, groups, channels, outputs, window, input } = problem;
  const { stride, dilation, padding } = problem;
  const x: Shape = [batch, groups * channels, ...input];
  const k: Shape = [groups * outputs, channels, ...window];
  const forward = convolution(variable("x", x, typeA), variable("k", k, typeB), {
    stride,
    dilation,
    padding,
    groups,
  });
  const { attributes, shape: y } = forward;
  const made = (op: typeof convolutionInput, a: Shape, b: Shape): Expr =>
    apply(op.op, [variable("a", a, typeA), variable("b", b, typeB)], attributes);
  return [
    { node: forward, shapes: [x, k] },
    { node: made(convolutionInput, y, k), shapes: [y, k] },
    { node: made(convolutionKernel, x, y), shapes: [x, y] },
  ];
}

function check(problem: Problem, draw: Draw, types_: Parameters<typeof nodesOf>[1][]): void {
  const [typeA, typeB] = types_ as [Parameters<typeof nodesOf>[1], Parameters<typeof nodesOf>[1]];
  for (const { node, shapes } of nodesOf(problem, typeA, typeB)) {
    const [a, b] = shapes as readonly (readonly number[])[];
    const values = [
      elements(a as readonly number[], typeA, draw),
      elements(b as readonly number[], typeB, draw, 1),
    ];
    const terms = Math.max(...values.map(({ data }) => data.length));
    expectSums(node, values, terms);
  }
}

const plain: Problem = {
  batch: 1,
  groups: 1,
  channels: 1,
  outputs: 1,
  input: [5],
  window: [2],
  stride: [1],
  dilation: [1],
  padding: [[0, 0]],
};

describe("convolution and its derivatives", () => {
  it("are the interpreter's for all geometries, types and special values", () => {
    fc.assert(
      fc.property(problems, fc.tuple(types, types), draws, (problem, pair, draw) => {
        check(problem, draw, pair);
      }),
      { numRuns: 30 },
    );
  });

  it.each<[string, Partial<Problem>]>([
    ["sums of more than one block", { channels: 70, input: [9], window: [4], outputs: 3 }],
    ["rows of more than one panel", { input: [70], window: [3], padding: [[1, 1]] }],
    [
      "windows of more than one block",
      {
        channels: 130,
        input: [5, 14],
        window: [3, 3],
        stride: [1, 1],
        dilation: [1, 1],
        padding: [
          [1, 1],
          [1, 1],
        ],
      },
    ],
    [
      "rows longer than a block",
      {
        channels: 130,
        input: [2, 66],
        window: [1, 4],
        stride: [1, 1],
        dilation: [1, 1],
        padding: [
          [0, 0],
          [1, 2],
        ],
      },
    ],
    [
      "an input that only padding makes long enough",
      { input: [1], window: [3], padding: [[1, 1]] },
    ],
    ["padding wider than the window", { input: [2], window: [1], padding: [[3, 2]] }],
  ])("%s", (_name, problem) => {
    for (const type of ["f64", "f32"] as const) {
      check({ ...plain, ...problem }, { seed: 4, edges: false }, [type, type]);
    }
  });

  it("serve every value of named sizes", () => {
    const x = variable("x", ["batch", 2, "width"]);
    const k = variable("k", [3, 2, 3]);
    const forward = convolution(x, k, { padding: "same" });
    const y = variable("y", forward.shape);
    const draw = { seed: 2, edges: false };
    for (const [batch, width] of [
      [1, 1],
      [2, 20],
      [0, 3],
      [3, 0],
    ] as const) {
      const sizes = new Map([
        ["batch", batch],
        ["width", width],
      ]);
      const [ofX, ofK, ofY] = [
        elements([batch, 2, width], "f64", draw),
        elements([3, 2, 3], "f64", draw, 1),
        elements([batch, 3, width], "f64", draw, 2),
      ];
      expectSums(forward, [ofX, ofK], 6, { sizes });
      const { attributes } = forward;
      expectSums(apply(convolutionInput.op, [y, k], attributes), [ofY, ofK], 9, { sizes });
      const n = batch * width;
      expectSums(apply(convolutionKernel.op, [x, y], attributes), [ofX, ofY], n, { sizes });
    }
  });

  it("count their operations", () => {
    const operations = nodesOf({ ...plain, channels: 2, outputs: 3 }, "f64").map(({ node }) =>
      kernels.get(node.op)?.operations?.(node),
    );
    // 3 channels of 4 windows, each a sum of 2 · 2 products.
    expect(operations).toEqual(new Array(3).fill(fixed(2 * 3 * 4 * 4)));
  });
});
