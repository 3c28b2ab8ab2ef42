import { allocate, type DType } from "../dtype.ts";
import { EvaluationError, ShapeError } from "../errors.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { defineOp, type Elements, type Op, type WithOp } from "../op.ts";
import { operand } from "../operands.ts";
import { positions } from "../positions.ts";
import { formatShape, normalizeAxes, type Shape, strides } from "../shape.ts";
import { asTensor, asValue, Tensor, type Value } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { constant, dimension } from "./leaf.ts";
import { reshape } from "./movement.ts";

/** Options of a reduction. */
export interface ReduceOptions {
  /** Whether reduced axes stay, with length 1. */
  readonly keepDims?: boolean;
}

/** A reduction: over some axes, or all. */
export type Reduction = WithOp<
  (x: Operand, axes?: number | readonly number[], options?: ReduceOptions) => Expr
>;

interface ReductionSpec extends Omit<Op, "arity" | "infer"> {
  /** The element type of the result. */
  readonly result: (dtype: DType) => DType;
  /** Whether the reduction of nothing has a value. */
  readonly empty?: "refuse";
}

/** The op of a reduction, and its builder, from kernel and rules. */
// @__NO_SIDE_EFFECTS__
export function reduction({ result, empty, ...spec }: ReductionSpec): Reduction {
  const { name } = spec;
  return defineOp(
    {
      ...spec,
      arity: 1,
      infer: ([x], { axes, keepDims }) => {
        const { shape, dtype } = x as Expr;
        const over = axes as readonly number[];
        if (empty === "refuse" && over.some((axis) => shape[axis] === 0)) {
          throw new ShapeError(
            `${name}: reduced axes must have elements, got ${formatShape(shape)} over ${over.join(", ")}`,
          );
        }
        return { shape: reducedShape(shape, over, keepDims === true), dtype: result(dtype) };
      },
    },
    (op) =>
      (x, axes, { keepDims = false } = {}): Expr => {
        const source = operand(name, x);
        const over = normalizeAxes(name, axes, source.shape.length);
        return apply(op, [source], { axes: over, keepDims });
      },
  );
}

/** x in an element type, itself where it has that already. */
export function asType(x: Expr, dtype: DType): Expr {
  return x.dtype === dtype ? x : cast(x, dtype);
}

/** Numbers stay as they are, truth values count. */
export function counting(dtype: DType): DType {
  return dtype === "bool" ? "i32" : dtype;
}

/** Single precision stays, all else is f64. */
export function floating(dtype: DType): "f64" | "f32" {
  return dtype === "f32" ? "f32" : "f64";
}

/** The shape after reducing `axes`. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  return keepDims
    ? shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
    : shape.filter((_, axis) => !axes.includes(axis));
}

/** Elements that are reduced together: those of group g lie at `bases[g] + offsets[k]`. */
export interface Groups {
  readonly bases: Int32Array;
  readonly offsets: Int32Array;
}

/** The groups along `axes`; groups and members are in row-major order. */
export function groupsOf(shape: readonly number[], axes: readonly number[]): Groups {
  const steps = strides(shape);
  const among = (wanted: boolean): Int32Array => {
    const own = shape.flatMap((_, axis) => (axes.includes(axis) === wanted ? [axis] : []));
    return positions(
      own.map((axis) => shape[axis] as number),
      own.map((axis) => steps[axis] as number),
    );
  };
  return { bases: among(false), offsets: among(true) };
}

/**
 * Each group of elements brought to one number by `reduce`, which reads member 0 … length − 1.
 *
 * What `reduce` returns is a double, rounded once to the node's element type.
 */
export function reduceValue(
  value: Value,
  node: Expr,
  reduce: (read: (k: number) => number, length: number) => number,
): Value {
  const { shape, data } = asTensor(value, (node.args[0] as Expr).dtype);
  const axes = node.attributes["axes"] as readonly number[];
  const { bases, offsets } = groupsOf(shape, axes);
  const out = allocate(node.dtype, bases.length);
  for (let g = 0; g < bases.length; g++) {
    const base = bases[g] as number;
    out[g] = reduce((k) => data[base + (offsets[k] as number)] as number, offsets.length);
  }
  const final = reducedShape(shape, axes, node.attributes["keepDims"] === true);
  return asValue(new Tensor(final as readonly number[], out, node.dtype));
}

/** The same for elements that are scalar graphs, combined from first to last. */
export function reduceElements(
  node: Expr,
  { shape, items }: Elements,
  reduce: (members: readonly Expr[]) => Expr,
): Elements {
  const axes = node.attributes["axes"] as readonly number[];
  const { bases, offsets } = groupsOf(shape, axes);
  const made = Array.from(bases, (base) =>
    reduce(Array.from(offsets, (offset) => items[base + offset] as Expr)),
  );
  const final = reducedShape(shape, axes, node.attributes["keepDims"] === true);
  return { shape: final as readonly number[], items: made };
}

/** Throws EvaluationError for a group without members, where a named size is 0. */
export function refuseEmpty(where: string, length: number): void {
  if (length === 0) {
    throw new EvaluationError(`${where}: reduced axes must have elements, got none`);
  }
}

/** What has the node's shape, with the reduced axes back as length 1. */
export function withReducedAxes(x: Expr, node: Expr): Expr {
  if (node.attributes["keepDims"] === true) return x;
  const axes = node.attributes["axes"] as readonly number[];
  const from = (node.args[0] as Expr).shape;
  return reshape(x, reducedShape(from, axes, true));
}

/** The axes and options of a node, to reduce something else in the same way. */
export function likewise(node: Expr): readonly [readonly number[], { keepDims: boolean }] {
  const { axes, keepDims } = node.attributes;
  return [axes as readonly number[], { keepDims: keepDims === true }];
}

/** The number of elements along axes, as an expression where a size is named. */
export function countOf(x: Expr, axes: readonly number[]): Expr {
  const dtype = floating(x.dtype);
  let fixed = 1;
  let count: Expr | undefined;
  for (const axis of axes) {
    const dim = x.shape[axis] as number | string;
    if (typeof dim === "number") fixed *= dim;
    else {
      const size = dimension(dim, dtype);
      count = count === undefined ? size : mul(count, size);
    }
  }
  if (count === undefined) return constant(fixed, dtype);
  return fixed === 1 ? count : mul(constant(fixed, dtype), count);
}
