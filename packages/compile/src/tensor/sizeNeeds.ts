import {
  argmax,
  argmin,
  type Expr,
  place,
  reduceMax,
  reduceMin,
  slice,
  topological,
} from "@chainrule/core";
import type { SizeNeed } from "../executable/compiledModule.ts";
import type { Range } from "./view.ts";

/** Ops that have no value over an axis without elements. */
const nonempty = new Set([argmax.op, argmin.op, reduceMax.op, reduceMin.op]);

/** What the interpreter checks when named sizes are known: axes with elements, and ranges within them. */
export function sizeNeeds(outputs: readonly Expr[]): SizeNeed[] {
  return topological(outputs).nodes.flatMap((node) => {
    const { op, args, attributes, shape } = node;
    const from = args[0]?.shape ?? [];
    if (nonempty.has(op)) {
      return (attributes["axes"] as readonly number[]).flatMap((axis) =>
        need(op.name, from[axis], 1),
      );
    }
    const whole = op === slice.op ? from : op === place.op ? shape : undefined;
    if (whole === undefined) return [];
    const range = attributes as unknown as Range;
    return typeof range.size === "number"
      ? need(op.name, whole[range.axis], leastLength(range, range.size))
      : [];
  });
}

function need(op: string, dim: Expr["shape"][number] | undefined, least: number): SizeNeed[] {
  return typeof dim === "string" ? [{ name: dim, least, op }] : [];
}

/** The shortest axis that holds all elements of a range. */
function leastLength({ start, step }: Range, size: number): number {
  if (size === 0) return 0;
  const last = start + (size - 1) * step;
  return start < 0 ? Math.max(-start, -last) : Math.max(start, last) + 1;
}
