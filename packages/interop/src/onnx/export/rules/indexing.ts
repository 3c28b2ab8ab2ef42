import type { Dim, Expr, Shape } from "@chainrule/core";
import type { GraphWriter, Rule, Rules } from "../graphWriter.ts";

/** From so many elements on, the numbers 0, 1, … are made and not stored. */
const STORED = 256;

const iota: Rule = (w, node) => {
  const size = w.state.dim(node.attributes["size"] as Dim);
  const kept = node.dtype === "bool" ? "i32" : node.dtype;
  if (typeof size === "number" && size < STORED) {
    const numbers = Array.from({ length: size }, (_, i) => (node.dtype === "bool" ? +(i > 0) : i));
    return w.op("Identity", [w.state.constant(node.dtype, [size], numbers)]);
  }
  const length = w.op("Squeeze", [w.size(size), w.ints([0])]);
  const made = w.op("Range", [w.number(0, kept), w.cast(length, kept), w.number(1, kept)]);
  return node.dtype === "bool" ? w.cast(made, "bool") : made;
};

/**
 * Sums by index: the axes of the indices become one, and their elements are added up one after another,
 * whose order is fixed where they meet.
 */
const segmentSum: Rule = (w, node) => {
  const axis = node.attributes["axis"] as number;
  const [x, indices] = node.args as readonly [Expr, Expr];
  const before = x.shape.slice(0, axis);
  const after = x.shape.slice(axis + indices.shape.length);
  const zeros = w.filled(0, node.dtype, node.shape);
  const ones = (shape: Shape): readonly number[] => shape.map(() => 1);
  // −1 among sizes: as many indices as there are, where some of their sizes are named.
  const flat = w.op("Reshape", [w.arg(node, 1), w.ints([...ones(before), -1, ...ones(after)])]);
  const updates = w.arg(node, 0, node.dtype);
  const rows =
    indices.shape.length === 1 ? updates : w.op("Reshape", [updates, openShape(w, before, after)]);
  const places = w.op("Expand", [flat, w.op("Shape", [rows])]);
  return w.op("ScatterElements", [zeros, places, rows], { axis, reduction: "add" });
};

/** A shape of which one size in the middle is left to the runtime. */
function openShape(w: GraphWriter, before: Shape, after: Shape): string {
  const parts = [before, after].map((shape) => (shape.length === 0 ? [] : [w.shape(shape)]));
  const [first = [], last = []] = parts;
  return w.op("Concat", [...first, w.ints([-1]), ...last], { axis: 0 });
}

/** Ops with indices, and sizes as numbers. */
export const indexingRules: Rules = {
  dimension: (w, node) => {
    const size = w.op("Squeeze", [w.size(node.attributes["name"] as string), w.ints([0])]);
    return w.cast(size, node.dtype);
  },
  gather: (w, node) =>
    w.op("GatherElements", w.all(node), { axis: node.attributes["axis"] as number }),
  iota,
  oneHot: (w, node) => w.lower((node.op.lower as (node: Expr) => Expr)(node)),
  scatterAdd: (w, node) =>
    w.op(
      "ScatterElements",
      [w.arg(node, 0, node.dtype), w.arg(node, 1), w.arg(node, 2, node.dtype)],
      { axis: node.attributes["axis"] as number, reduction: "add" },
    ),
  segmentSum,
  take: (w, node) => w.op("Gather", w.all(node), { axis: node.attributes["axis"] as number }),
};
