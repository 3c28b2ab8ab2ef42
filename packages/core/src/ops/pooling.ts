import { allocate } from "../dtype.ts";
import type { Attributes, Expr } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type Elements, type WithOp } from "../op.ts";
import { type Dim, elementCount, resolveShape, type Sizes } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import {
  averageElements,
  selectElements,
  shareElements,
  spreadElements,
} from "./poolingElements.ts";
import { floating } from "./reduce.ts";
import { type Geometry, outputSizes, type WindowTable, windowTable } from "./windows.ts";

function read(attributes: Attributes): Geometry {
  return attributes as unknown as Geometry;
}

/** The shape of pooled x: [batch, channels, ...windows]. */
function pooledShape(where: string, { shape }: Expr, attributes: Attributes): Dim[] {
  return [...shape.slice(0, 2), ...outputSizes(where, read(attributes))];
}

/** The windows of a node; `pooled` are the lengths of its output, or of what it spreads. */
export function windowsOf(node: Expr, pooled: readonly number[], sizes: Sizes): WindowTable {
  const geometry = read(node.attributes);
  return windowTable(geometry, resolveShape(node.op.name, geometry.input, sizes), pooled);
}

/** Visits, channel by channel, each window with the positions of its elements in x. */
export function eachWindow(
  channels: number,
  length: number,
  { table, count, size }: WindowTable,
  visit: (window: number, elements: readonly number[]) => void,
): void {
  for (let channel = 0; channel < channels; channel++) {
    for (let q = 0; q < count; q++) {
      const elements: number[] = [];
      for (let r = 0; r < size; r++) {
        const place = table[q * size + r] as number;
        if (place >= 0) elements.push(channel * length + place);
      }
      visit(channel * count + q, elements);
    }
  }
}

/** The position of the first largest element; NaN counts as largest. −1 where all is padding. */
function firstLargest(data: Tensor["data"], elements: readonly number[]): number {
  let best = elements[0] ?? -1;
  for (const at of elements) {
    if (Number.isNaN(data[at])) return at;
    if ((data[at] as number) > (data[best] as number)) best = at;
  }
  return best;
}

/** Visits the largest element of each window of x, −1 for none. */
function eachLargest(
  node: Expr,
  x: Tensor,
  pooled: readonly number[],
  sizes: Sizes,
  visit: (window: number, largest: number) => void,
): void {
  const [batch, channels] = x.shape as readonly [number, number];
  const length = elementCount(x.shape.slice(2));
  const windows = windowsOf(node, pooled, sizes);
  eachWindow(batch * channels, length, windows, (window, elements) => {
    visit(window, firstLargest(x.data, elements));
  });
}

/**
 * Largest element of each window.
 *
 * The derivative goes to the first of equal elements (PyTorch's choice). Padding never wins; a window
 * of padding alone gives −∞.
 *
 * Shapes: x [batch, channels, ...spatial] → [batch, channels, ...windows].
 */
export const maxPool: WithOp<(x: Expr, geometry: Attributes) => Expr> = defineOp(
  {
    name: "maxPool",
    arity: 1,
    infer: ([x], attributes) => ({
      shape: pooledShape("maxPool", x as Expr, attributes),
      dtype: (x as Expr).dtype,
    }),
    evaluate: ([x], node, { sizes }) => {
      const shape = resolveShape("maxPool", node.shape, sizes);
      const out = allocate(node.dtype, elementCount(shape));
      const source = x as Tensor;
      eachLargest(node, source, shape.slice(2), sizes, (window, largest) => {
        out[window] = largest < 0 ? Number.NEGATIVE_INFINITY : (source.data[largest] as number);
      });
      return new Tensor(shape, out, node.dtype);
    },
    vjp: ({ args: [x], attributes }, adjoint) => [maxPoolSpread(x as Expr, adjoint, attributes)],
    jvp: ({ args: [x], attributes }, [dx]) => dx && maxPoolSelect(x as Expr, dx, attributes),
    elements: (node, [x], { sizes }) => selectElements(node, x as Elements, x as Elements, sizes),
    notation: named("maxPool"),
  },
  (op) =>
    (x, geometry): Expr =>
      apply(op, [x], geometry),
);

/** The elements of v where those of x are the largest of their window; linear in v. */
export const maxPoolSelect: WithOp<(x: Expr, v: Expr, geometry: Attributes) => Expr> = defineOp(
  {
    name: "maxPoolSelect",
    arity: 2,
    infer: ([x, v], attributes) => ({
      shape: pooledShape("maxPoolSelect", x as Expr, attributes),
      dtype: (v as Expr).dtype,
    }),
    evaluate: ([x, v], node, { sizes }) => {
      const shape = resolveShape("maxPoolSelect", node.shape, sizes);
      const out = allocate(node.dtype, elementCount(shape));
      eachLargest(node, x as Tensor, shape.slice(2), sizes, (window, largest) => {
        if (largest >= 0) out[window] = (v as Tensor).data[largest] as number;
      });
      return new Tensor(shape, out, node.dtype);
    },
    vjp: ({ args: [x], attributes }, adjoint) => [
      undefined,
      maxPoolSpread(x as Expr, adjoint, attributes),
    ],
    jvp: ({ args: [x], attributes }, [, v]) => v && maxPoolSelect(x as Expr, v, attributes),
    elements: (node, [x, v], { sizes }) =>
      selectElements(node, x as Elements, v as Elements, sizes),
    notation: named("maxPoolSelect"),
  },
  (op) =>
    (x, v, geometry): Expr =>
      apply(op, [x, v], geometry),
);

/** The elements of y, one a window, added at the largest element of each window of x; linear in y. */
export const maxPoolSpread: WithOp<(x: Expr, y: Expr, geometry: Attributes) => Expr> = defineOp(
  {
    name: "maxPoolSpread",
    arity: 2,
    infer: ([x, y]) => ({ shape: (x as Expr).shape, dtype: (y as Expr).dtype }),
    evaluate: ([x, y], node, { sizes }) => {
      const source = x as Tensor;
      const given = y as Tensor;
      const sums = new Float64Array(source.data.length);
      eachLargest(node, source, given.shape.slice(2), sizes, (window, largest) => {
        if (largest < 0) return;
        sums[largest] = (sums[largest] as number) + (given.data[window] as number);
      });
      return rounded(sums, source.shape, node);
    },
    vjp: ({ args: [x], attributes }, adjoint) => [
      undefined,
      maxPoolSelect(x as Expr, adjoint, attributes),
    ],
    jvp: ({ args: [x], attributes }, [, y]) => y && maxPoolSpread(x as Expr, y, attributes),
    elements: (node, [x, y], { sizes }) =>
      spreadElements(node, x as Elements, y as Elements, sizes),
    notation: named("maxPoolSpread"),
  },
  (op) =>
    (x, y, geometry): Expr =>
      apply(op, [x, y], geometry),
);

function rounded(sums: Float64Array, shape: readonly number[], { dtype }: Expr): Tensor {
  const out = allocate(dtype, sums.length);
  out.set(sums);
  return new Tensor(shape, out, dtype);
}

/** By what a window's sum is divided: its size, or the number of its elements in x. */
export function divisor(node: Expr, windows: WindowTable, elements: readonly number[]): number {
  return node.attributes["countPadding"] === true ? windows.size : elements.length;
}

/**
 * Mean of each window; elements of the padding count as 0, or not at all.
 *
 * Shapes: x [batch, channels, ...spatial] → [batch, channels, ...windows].
 */
export const averagePool: WithOp<(x: Expr, geometry: Attributes) => Expr> = defineOp(
  {
    name: "averagePool",
    arity: 1,
    infer: ([x], attributes) => ({
      shape: pooledShape("averagePool", x as Expr, attributes),
      dtype: floating((x as Expr).dtype),
    }),
    evaluate: ([x], node, { sizes }) => {
      const shape = resolveShape("averagePool", node.shape, sizes);
      const source = x as Tensor;
      const [batch, channels] = shape as readonly [number, number];
      const out = allocate(node.dtype, elementCount(shape));
      const windows = windowsOf(node, shape.slice(2), sizes);
      const length = elementCount(source.shape.slice(2));
      eachWindow(batch * channels, length, windows, (window, elements) => {
        let total = 0;
        for (const at of elements) total += source.data[at] as number;
        out[window] = total / divisor(node, windows, elements);
      });
      return new Tensor(shape, out, node.dtype);
    },
    vjp: ({ attributes }, adjoint) => [averagePoolSpread(adjoint, attributes)],
    jvp: ({ attributes }, [x]) => x && averagePool(x, attributes),
    elements: (node, [x], { sizes }) => averageElements(node, x as Elements, sizes),
    notation: named("averagePool"),
  },
  (op) =>
    (x, geometry): Expr =>
      apply(op, [x], geometry),
);

/** Each element of y in equal shares to the elements of its window: the reverse of `averagePool`. */
export const averagePoolSpread: WithOp<(y: Expr, geometry: Attributes) => Expr> = defineOp(
  {
    name: "averagePoolSpread",
    arity: 1,
    infer: ([y], attributes) => ({
      shape: [...(y as Expr).shape.slice(0, 2), ...read(attributes).input],
      dtype: (y as Expr).dtype,
    }),
    evaluate: ([y], node, { sizes }) => {
      const shape = resolveShape("averagePoolSpread", node.shape, sizes);
      const given = y as Tensor;
      const [batch, channels] = shape as readonly [number, number];
      const sums = new Float64Array(elementCount(shape));
      const windows = windowsOf(node, given.shape.slice(2), sizes);
      const length = elementCount(shape.slice(2));
      eachWindow(batch * channels, length, windows, (window, elements) => {
        const share = (given.data[window] as number) / divisor(node, windows, elements);
        for (const at of elements) sums[at] = (sums[at] as number) + share;
      });
      return rounded(sums, shape, node);
    },
    vjp: ({ attributes }, adjoint) => [averagePool(adjoint, attributes)],
    jvp: ({ attributes }, [y]) => y && averagePoolSpread(y, attributes),
    elements: (node, [y], { sizes }) => shareElements(node, y as Elements, sizes),
    notation: named("averagePoolSpread"),
  },
  (op) =>
    (y, geometry): Expr =>
      apply(op, [y], geometry),
);
