import type { Expr } from "../expr.ts";
import type { Elements } from "../op.ts";
import { elementCount, resolveShape, type Sizes } from "../shape.ts";
import { add, div } from "./arithmetic.ts";
import { greater } from "./comparison.ts";
import { indexAmong } from "./extremum.ts";
import { addAt, choose } from "./indices.ts";
import { constant } from "./leaf.ts";
import { divisor, eachWindow, windowsOf } from "./pooling.ts";

/** Visits the windows of a node between x, of shape `wide`, and y, of shape `pooled`. */
function windows(
  node: Expr,
  wide: readonly number[],
  pooled: readonly number[],
  sizes: Sizes,
  visit: (window: number, elements: readonly number[], share: number) => void,
): void {
  const [batch, channels] = wide as readonly [number, number];
  const table = windowsOf(node, pooled.slice(2), sizes);
  const length = elementCount(wide.slice(2));
  eachWindow(batch * channels, length, table, (window, elements) => {
    visit(window, elements, divisor(node, table, elements));
  });
}

/** `maxPoolSelect` as scalars; `maxPool` where v is x. */
export function selectElements(node: Expr, x: Elements, v: Elements, sizes: Sizes): Elements {
  const shape = resolveShape(node.op.name, node.shape, sizes);
  const items: Expr[] = [];
  windows(node, x.shape, shape, sizes, (_window, elements) => {
    const members = elements.map((at) => x.items[at] as Expr);
    const nothing = v === x ? Number.NEGATIVE_INFINITY : 0;
    items.push(
      members.length === 0
        ? constant(nothing, node.dtype)
        : choose(
            node.op.name,
            indexAmong(members, greater),
            elements.map((at) => v.items[at] as Expr),
          ),
    );
  });
  return { shape, items };
}

/** `maxPoolSpread` as scalars. */
export function spreadElements(node: Expr, x: Elements, y: Elements, sizes: Sizes): Elements {
  const sums: (Expr | undefined)[] = new Array(x.items.length).fill(undefined);
  windows(node, x.shape, y.shape, sizes, (window, elements) => {
    const members = elements.map((at) => x.items[at] as Expr);
    if (members.length === 0) return;
    const own = elements.map((at) => sums[at]);
    addAt(node.op.name, indexAmong(members, greater), y.items[window] as Expr, own);
    for (const [i, at] of elements.entries()) sums[at] = own[i];
  });
  return { shape: x.shape, items: sums.map((sum) => sum ?? constant(0, node.dtype)) };
}

/** `averagePool` as scalars. */
export function averageElements(node: Expr, x: Elements, sizes: Sizes): Elements {
  const shape = resolveShape(node.op.name, node.shape, sizes);
  const items: Expr[] = [];
  windows(node, x.shape, shape, sizes, (_window, elements, share) => {
    const members = elements.map((at) => x.items[at] as Expr);
    const total = members.reduce<Expr>((a, b) => add(a, b), constant(0, node.dtype));
    items.push(div(total, share));
  });
  return { shape, items };
}

/** `averagePoolSpread` as scalars. */
export function shareElements(node: Expr, y: Elements, sizes: Sizes): Elements {
  const shape = resolveShape(node.op.name, node.shape, sizes);
  const sums: Expr[] = new Array(elementCount(shape)).fill(constant(0, node.dtype));
  windows(node, shape, y.shape, sizes, (window, elements, share) => {
    const part = div(y.items[window] as Expr, share);
    for (const at of elements) sums[at] = add(sums[at] as Expr, part);
  });
  return { shape, items: sums };
}
