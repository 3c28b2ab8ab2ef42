import type { DType, Expr, Shape } from "@chainrule/core";
import { countOf, fixed, type Size, times } from "../../plan/size.ts";
import type { Kernel, KernelContext } from "../../tensor/kernel.ts";
import { i32 } from "../../wasm/index.ts";
import { add, integers, type Push } from "../integers.ts";
import { forEachIndex } from "./indices.ts";
import { type Pooling, poolingRowFunction } from "./poolingRow.ts";
import type { PoolingTypes } from "./poolingWindow.ts";
import { bytesOfElements } from "./storage.ts";
import { type WindowAxis, windowAxes, windowSize } from "./windows.ts";

interface Plan {
  readonly kind: Pooling;
  /** Shape of what has windows, and of what has one element for each. */
  readonly wide: Shape;
  readonly pooled: Shape;
  readonly types: PoolingTypes;
  /** Addresses of the parameters of a row's function: `channel`, `pooled` and `other`. */
  readonly addresses: (context: KernelContext) => readonly [Push, Push, Push];
}

/** A kernel from how it reads its node. */
function poolingKernel(
  planOf: (node: Expr) => Plan,
  takes: (node: Expr) => boolean = () => true,
): Kernel {
  const axesOf = (node: Expr): WindowAxis[] =>
    windowAxes(node.attributes, planOf(node).pooled.slice(2));
  return {
    takes,
    scratch: (node) => [fixed(4 * windowSize(axesOf(node).slice(0, -1)))],
    emit: (node, context) => emitPooling(node, context, planOf(node)),
    operations: (node) => times(fixed(windowSize(axesOf(node))), countOf(planOf(node).pooled)),
  };
}

const isFloat = (dtype: DType): boolean => dtype === "f64" || dtype === "f32";

/** Largest element of each window. */
export const maxPoolKernel: Kernel = /* @__PURE__ */ poolingKernel((node) => {
  const [x] = node.args as readonly [Expr];
  return {
    kind: "max",
    wide: x.shape,
    pooled: node.shape,
    types: { channel: x.dtype, other: x.dtype },
    addresses: ({ input, output }) => [input(0), output(), input(0)],
  };
});

/** The elements of v where those of x are the largest of their window. */
export const maxPoolSelectKernel: Kernel = /* @__PURE__ */ poolingKernel((node) => {
  const [x, v] = node.args as readonly [Expr, Expr];
  return {
    kind: "select",
    wide: x.shape,
    pooled: node.shape,
    types: { channel: x.dtype, other: v.dtype },
    addresses: ({ input, output }) => [input(0), output(), input(1)],
  };
});

/** The elements of y added at the largest element of each window of x. */
export const maxPoolSpreadKernel: Kernel = /* @__PURE__ */ poolingKernel(
  (node) => {
    const [x, y] = node.args as readonly [Expr, Expr];
    return {
      kind: "spread",
      wide: x.shape,
      pooled: y.shape,
      types: { channel: x.dtype, other: y.dtype },
      addresses: ({ input, output }) => [input(0), input(1), output()],
    };
  },
  ({ dtype }) => dtype !== "bool",
);

/** Mean of each window. */
export const averagePoolKernel: Kernel = /* @__PURE__ */ poolingKernel((node) => {
  const [x] = node.args as readonly [Expr];
  return {
    kind: "mean",
    wide: x.shape,
    pooled: node.shape,
    types: { channel: x.dtype, other: node.dtype },
    addresses: ({ input, output }) => [input(0), output(), input(0)],
  };
});

/** Each element of y in equal shares to the elements of its window. */
export const averagePoolSpreadKernel: Kernel = /* @__PURE__ */ poolingKernel(
  (node) => {
    const [y] = node.args as readonly [Expr];
    return {
      kind: "share",
      wide: node.shape,
      pooled: y.shape,
      types: { channel: node.dtype, other: y.dtype },
      addresses: ({ input, output }) => [output(), input(0), output()],
    };
  },
  ({ dtype }) => isFloat(dtype),
);

function emitPooling(node: Expr, context: KernelContext, plan: Plan): void {
  const { body, size } = context;
  const { get, constant, add: plus, sub, mul, let: let_ } = integers(body);
  const { kind, wide, pooled, types } = plan;
  const axes = windowAxes(node.attributes, pooled.slice(2));
  const outer = axes.slice(0, -1);
  const last = axes.at(-1) as WindowAxis;
  const { window, stride, dilation, before } = last;
  const key = [kind, types.channel, types.other, window, stride, dilation, before];
  const run = context.shared(`pool ${key.join(" ")}`, () =>
    poolingRowFunction(context, kind, types, last),
  );
  if (kind === "spread" || kind === "share") {
    context.output()();
    body.i32(0);
    size(bytesOfElements(node.dtype, countOf(node.shape)))();
    body.memoryFill();
  }
  const [channel, row, other] = plan.addresses(context).map(let_) as [number, number, number];
  const count = body.local("i32");
  const divisor = node.attributes["countPadding"] === true ? windowSize(axes) : 0;
  forEachIndex(body, [size(countOf(wide.slice(0, 2)))], () => {
    forEachIndex(
      body,
      outer.map(({ output }) => size(output)),
      (q) => {
        body.i32(0);
        body.set(count);
        forEachIndex(
          body,
          outer.map(({ window }) => constant(window)),
          (r) => {
            const outside = body.block();
            const positions = outer.map(({ stride, dilation, before, input }, axis) => {
              const moved = mul(get(r[axis] as number), constant(dilation));
              const start = mul(get(q[axis] as number), constant(stride));
              const position = let_(sub(plus(start, moved), constant(before)));
              body.get(position);
              size(input)();
              body.op(i32.ge_u);
              body.brIf(outside);
              return position;
            });
            plus(context.scratch(0), mul(get(count), constant(4)))();
            rowOffset(positions.map(get), outer, size(last.input), { size, plus, mul, constant })();
            body.memory(i32.store);
            add(body, count, constant(1));
            body.end();
            for (const position of positions) body.release(position);
          },
        );
        body.get(channel);
        context.scratch(0)();
        for (const local of [count, row, other]) body.get(local);
        for (const length of [last.output, last.input]) size(length)();
        body.i32(divisor);
        body.call(run);
        add(body, row, size(bytesOfElements(types.other, last.output)));
      },
    );
    const plane = countOf(wide.slice(2));
    add(body, channel, size(bytesOfElements(types.channel, plane)));
    add(body, other, size(bytesOfElements(types.other, plane)));
  });
  for (const local of [channel, row, other, count]) body.release(local);
}

/** The number of the first element of a row in its channel. */
function rowOffset(
  positions: readonly Push[],
  outer: readonly WindowAxis[],
  width: Push,
  {
    size,
    plus,
    mul,
    constant,
  }: {
    readonly size: (length: Size) => Push;
    readonly plus: (...terms: readonly Push[]) => Push;
    readonly mul: (a: Push, b: Push) => Push;
    readonly constant: (value: number) => Push;
  },
): Push {
  // Horner's scheme over the axes.
  const rows = positions.reduce(
    (sum, position, axis) => plus(mul(sum, size((outer[axis] as WindowAxis).input)), position),
    constant(0),
  );
  return mul(rows, width);
}
