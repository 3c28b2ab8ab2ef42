import type { Expr } from "../expr.ts";
import type { Dim } from "../shape.ts";
import { mul } from "./arithmetic.ts";
import { equal } from "./comparison.ts";
import { matmul } from "./contraction.ts";
import { readSubscripts } from "./einsumText.ts";
import { iota } from "./iota.ts";
import { reshape, transpose } from "./movement.ts";
import { asType } from "./reduce.ts";
import { sum } from "./reduction.ts";
import { where } from "./select.ts";

interface Term {
  readonly labels: readonly string[];
  readonly value: Expr;
}

/** An einsum by transposes, reshapes and matrix products. */
export function lowerEinsum(node: Expr): Expr {
  const { inputs, output } = readSubscripts(node.attributes["text"] as string);
  const terms = node.args.map((value, i) => ({
    labels: inputs[i] as readonly string[],
    value: asType(value, node.dtype),
  }));
  let [left, ...rest] = terms as [Term, ...Term[]];
  const needed = (later: readonly Term[]): Set<string> =>
    new Set([...output, ...later.flatMap(({ labels }) => labels)]);
  left = summed(onDiagonal(left), needed(rest));
  while (rest.length > 0) {
    const right = onDiagonal(rest[0] as Term);
    rest = rest.slice(1);
    const later = needed(rest);
    const own = new Set([...later, ...left.labels]);
    left = product(left, summed(right, own), later);
  }
  return arranged(left, output).value;
}

/** Each label once: the diagonal where it occurs twice. */
function onDiagonal({ labels, value }: Term): Term {
  let out: Term = { labels, value };
  for (let axis = 0; axis < out.labels.length; axis++) {
    const label = out.labels[axis] as string;
    const first = out.labels.indexOf(label);
    if (first === axis) continue;
    const { shape } = out.value;
    const along = (at: number): Expr =>
      reshape(
        iota(shape[at] as Dim),
        shape.map((dim, i) => (i === at ? dim : 1)),
      );
    const chosen = where(equal(along(first), along(axis)), out.value, 0);
    out = { labels: out.labels.toSpliced(axis, 1), value: sum(chosen, axis) };
    axis--;
  }
  return out;
}

/** Sums the labels that nothing else needs. */
function summed({ labels, value }: Term, needed: ReadonlySet<string>): Term {
  const axes = labels.flatMap((label, axis) => (needed.has(label) ? [] : [axis]));
  if (axes.length === 0) return { labels, value };
  return { labels: labels.filter((label) => needed.has(label)), value: sum(value, axes) };
}

function arranged({ labels, value }: Term, order: readonly string[]): Term {
  if (order.every((label, axis) => label === labels[axis])) return { labels, value };
  const axes = order.map((label) => labels.indexOf(label));
  return { labels: order, value: transpose(value, axes) };
}

/** `left · right`, summed over the labels both have and nothing later needs. */
function product(left: Term, right: Term, later: ReadonlySet<string>): Term {
  const common = left.labels.filter((label) => right.labels.includes(label));
  const batch = common.filter((label) => later.has(label));
  const inner = common.filter((label) => !later.has(label));
  const rows = left.labels.filter((label) => !common.includes(label));
  const columns = right.labels.filter((label) => !common.includes(label));
  const sizeOf = (label: string, { labels, value }: Term): Dim =>
    value.shape[labels.indexOf(label)] as Dim;
  const innerSize = merged(inner.map((label) => sizeOf(label, left)));
  const columnSize = merged(columns.map((label) => sizeOf(label, right)));
  const labels = [...batch, ...rows, ...columns];
  const sizes = [
    ...[...batch, ...rows].map((label) => sizeOf(label, left)),
    ...columns.map((label) => sizeOf(label, right)),
  ];
  const lead = batch.map((label) => sizeOf(label, left));
  const row = rows.map((label) => sizeOf(label, left));
  const a = arranged(left, [...batch, ...rows, ...inner]).value;
  const b = arranged(right, [...batch, ...inner, ...columns]).value;
  if (inner.length > 0 && innerSize !== undefined && columnSize !== undefined) {
    // All rows but the last are leading axes, along which the right operand repeats.
    const last = row.at(-1) ?? 1;
    const before = row.slice(0, -1);
    const made = matmul(
      reshape(a, [...lead, ...before, last, innerSize]),
      reshape(b, [...lead, ...before.map(() => 1), innerSize, columnSize]),
    );
    return { labels, value: reshape(made, sizes) };
  }
  const contracted = inner.map((label) => sizeOf(label, left));
  const column = columns.map((label) => sizeOf(label, right));
  const wideA = reshape(a, [...lead, ...row, ...contracted, ...column.map(() => 1)]);
  const wideB = reshape(b, [...lead, ...row.map(() => 1), ...contracted, ...column]);
  const from = lead.length + row.length;
  const axes = inner.map((_, i) => from + i);
  const made = mul(wideA, wideB);
  return { labels, value: axes.length === 0 ? made : sum(made, axes) };
}

/** One size for several axes; `undefined` where a named one would have to be multiplied. */
function merged(sizes: readonly Dim[]): Dim | undefined {
  if (sizes.length === 1) return sizes[0];
  let out = 1;
  for (const size of sizes) {
    if (typeof size !== "number") return undefined;
    out *= size;
  }
  return out;
}
