import type { Dim, Expr } from "@chainrule/core";
import { map, mapAttributes } from "@chainrule/core/control";
import { countOf, fixed, fixedValue, type Size, sizeOf, times } from "../plan/size.ts";
import { axesOf } from "./emitLoop.ts";
import { termsOf } from "./products.ts";
import type { KernelStep, LoopStep, ProductStep, RowsStep, Step } from "./step.ts";

/** How a step is divided among threads: what runs from 0 to `size` does so in parts that are multiples of `unit`. */
export interface Split {
  readonly size: Size;
  readonly unit: number;
  /** What of a product is divided. */
  readonly along: "lead" | "rows" | "columns" | undefined;
  /** Which axis of a loop; 0 is the outermost. */
  readonly axis: number;
}

/** Operations below which telling other threads costs more than they spare. */
const WORTHWHILE = 1 << 17;

/** What a named size is taken for, where it is not known. */
const TYPICAL = 64;

function estimate({ factor, names }: Size): number {
  return factor * TYPICAL ** names.length;
}

/**
 * How a step is divided; undefined if it is short, or its parts would have to be added up.
 *
 * Each element is computed in one part as it would be alone, so that no bit depends on the number of threads.
 */
export function splitOf(step: Step): Split | undefined {
  if (step.kind === "loop") return splitLoop(step);
  if (step.kind === "rows") return splitRows(step);
  if (step.kind === "product") return splitProduct(step);
  return step.kind === "kernel" ? splitMap(step) : undefined;
}

/** By the outermost axis over which nothing is combined. */
function splitLoop(step: LoopStep): Split | undefined {
  const { sizes, origins } = axesOf(step);
  const axis = origins.findIndex((origin, i) => {
    const isKept = step.reductions.every(({ axes }) => !axes.includes(origin));
    return isKept && estimate(sizes[i] as Size) > 1;
  });
  if (axis < 0 || estimate(operationsOf(step)) < WORTHWHILE) return undefined;
  const unit = axis === sizes.length - 1 ? 64 : 1;
  return { size: sizes[axis] as Size, unit, along: undefined, axis };
}

/** Rows of loops none of which adds rows up: `groupRows` sees to that. */
function splitRows({ rows, loops }: RowsStep): Split | undefined {
  const operations = loops.reduce((sum, loop) => sum + estimate(operationsOf(loop)), 0);
  return operations < WORTHWHILE ? undefined : { size: rows, unit: 1, along: undefined, axis: 0 };
}

/** Reads, writes and values of all rounds. */
function operationsOf({ values, reads, stores, space }: LoopStep): Size {
  return times(fixed(values.length + reads.length + stores.length), countOf(space));
}

function splitProduct({ node, args, summed }: ProductStep): Split | undefined {
  const { k, lead } = termsOf(node, args, summed);
  const [m, n] = node.shape.slice(-2).map((dim: Dim) => sizeOf(dim)) as [Size, Size];
  const operations = [...lead, m, n, k].reduce(times, fixed(2));
  // Products that add to one another stay together.
  if (estimate(operations) < 4 * WORTHWHILE || (summed && lead.length > 0)) return undefined;
  const [stack] = lead;
  if (stack !== undefined && estimate(stack) > 1)
    return { size: stack, unit: 1, along: "lead", axis: 0 };
  if (estimate(m) >= estimate(n)) return { size: m, unit: 4, along: "rows", axis: 0 };
  return { size: n, unit: 16, along: "columns", axis: 0 };
}

function splitMap({ node }: KernelStep): Split | undefined {
  if (node.op !== map.op) return undefined;
  const { size, body } = mapAttributes(node.attributes);
  const each = body.outputs.reduce((sum, { shape }) => sum + estimate(countOf(shape)), 0);
  if (estimate(times(fixed(16 * each), sizeOf(size))) < WORTHWHILE) return undefined;
  // A multiple of the rows that a vector takes, as the whole is.
  return { size: sizeOf(size), unit: 4, along: undefined, axis: 0 };
}

/** Bytes of a row of what a map takes apart or makes. */
export function rowBytes({ shape }: Pick<Expr, "shape">, bytes: number): number {
  return bytes * (fixedValue(countOf(shape.slice(1))) as number);
}
