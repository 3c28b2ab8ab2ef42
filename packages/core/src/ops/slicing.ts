import { ArgumentError, describe, EvaluationError, ShapeError } from "../errors.ts";
import type { Attributes, Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type WithOp } from "../op.ts";
import { operand } from "../operands.ts";
import { aroundAxis } from "../positions.ts";
import {
  checkShape,
  type Dim,
  normalizeAxes,
  normalizeAxis,
  resolveShape,
  type Shape,
} from "../shape.ts";
import { type Tensor, zeros } from "../tensor.ts";
import { moveMask } from "./masks.ts";
import { reshape } from "./movement.ts";

/** Elements `start, start + step, …` along an axis; a negative start counts from the end. */
interface Range {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  /** How many: the length of the result of `slice`, of the argument of `place`. */
  readonly size: Dim;
}

function rangeOf(attributes: Attributes): Range {
  return attributes as unknown as Range;
}

/**
 * The elements `start, start + step, …` before `stop` along an axis.
 *
 * Negative bounds count from the end; a negative step runs backwards, by default from the last to
 * the first. A named size can be taken whole, or in a part whose length does not depend on it.
 *
 * Shapes: x [..., n, ...] → [..., ⌈(stop − start) / step⌉, ...].
 * Throws ShapeError if a bound lies outside the axis; EvaluationError where only a named size tells.
 * Source: NumPy, "Basic slicing", but bounds are checked.
 */
export const slice: WithOp<
  (x: Operand, axis: number, start?: number, stop?: number, step?: number) => Expr
> = defineOp(
  {
    name: "slice",
    arity: 1,
    moves: true,
    infer: ([x], attributes) => {
      const { axis, size } = rangeOf(attributes);
      const { shape, dtype } = x as Expr;
      return { shape: withAxis(shape, axis, size), dtype };
    },
    evaluate: ([x], node, { sizes }) => {
      const shape = resolveShape("slice", node.shape, sizes);
      const out = zeros(shape, node.dtype);
      walk("slice", rangeOf(node.attributes), x as Tensor, out, (whole, part) => {
        out.data[part] = (x as Tensor).data[whole] as number;
      });
      return out;
    },
    vjp: ({ args: [x], attributes }, adjoint) => [placeIn((x as Expr).shape, adjoint, attributes)],
    jvp: ({ op, attributes }, [x]) => x && apply(op, [x], attributes),
    fold: ([x], attributes) => {
      const source = x as Expr;
      const { axis, start, step, size } = rangeOf(attributes);
      if (start === 0 && step === 1 && size === source.shape[axis]) return source;
      return moveMask(source, (part) => apply(slice.op, [part], attributes));
    },
    notation: named("slice"),
  },
  (op) =>
    (x, axis, start, stop, step = 1): Expr => {
      const source = operand("slice", x);
      const index = normalizeAxis("slice", axis, source.shape.length);
      for (const bound of [start, stop, step]) {
        if (bound !== undefined && !Number.isSafeInteger(bound)) {
          throw new ArgumentError(`slice: bounds must be whole numbers, got ${describe(bound)}`);
        }
      }
      if (step === 0) throw new ArgumentError("slice: step must not be 0, got 0");
      const length = source.shape[index] as Dim;
      const range =
        typeof length === "number"
          ? fixedRange(length, start, stop, step)
          : namedRange(length, start, stop, step);
      return apply(op, [source], { axis: index, ...range, step });
    },
);

/**
 * Zeros with x written at `start, start + step, …` along an axis: the reverse of `slice`.
 *
 * Shapes: x [..., k, ...] → [..., length, ...].
 * Throws ShapeError if x reaches beyond the axis.
 */
export const place: WithOp<
  (x: Operand, axis: number, length: Dim, start?: number, step?: number) => Expr
> = defineOp(
  {
    name: "place",
    arity: 1,
    moves: true,
    infer: ([x], attributes) => {
      const { shape, dtype } = x as Expr;
      return {
        shape: withAxis(shape, rangeOf(attributes).axis, attributes["length"] as Dim),
        dtype,
      };
    },
    evaluate: ([x], node, { sizes }) => {
      const out = zeros(resolveShape("place", node.shape, sizes), node.dtype);
      walk("place", rangeOf(node.attributes), out, x as Tensor, (whole, part) => {
        out.data[whole] = (x as Tensor).data[part] as number;
      });
      return out;
    },
    vjp: ({ attributes }, adjoint) => [sliceOf(adjoint, attributes)],
    jvp: ({ op, attributes }, [x]) => x && apply(op, [x], attributes),
    fold: ([x], attributes) => {
      const source = x as Expr;
      const { start, step, size } = rangeOf(attributes);
      if (start === 0 && step === 1 && size === attributes["length"]) return source;
      return moveMask(source, (part) => apply(place.op, [part], attributes));
    },
    notation: named("place"),
  },
  (op) =>
    (x, axis, length, start = 0, step = 1): Expr => {
      const source = operand("place", x);
      const index = normalizeAxis("place", axis, source.shape.length);
      const size = source.shape[index] as Dim;
      checkShape("place", [length]);
      if (!Number.isSafeInteger(start) || !Number.isSafeInteger(step) || step === 0) {
        throw new ArgumentError(
          `place: start and step must be whole numbers and step not 0, got ${describe(start)} and ${describe(step)}`,
        );
      }
      const fits =
        typeof length === "number" && typeof size === "number"
          ? size === 0 || inside(start < 0 ? start + length : start, step, size, length)
          : typeof size === "number" || (size === length && Math.abs(step) === 1);
      if (!fits) {
        throw new ShapeError(
          `place: the elements must lie in the axis of ${length}, got ${size} from ${start} by ${step}`,
        );
      }
      const from = start < 0 && typeof length === "number" ? start + length : start;
      return apply(op, [source], { axis: index, start: from, step, size, length });
    },
);

function placeIn(shape: Shape, x: Expr, attributes: Attributes): Expr {
  const { axis, start, step } = rangeOf(attributes);
  return place(x, axis, shape[axis] as Dim, start, step);
}

function sliceOf(x: Expr, attributes: Attributes): Expr {
  const { axis, start, step, size } = rangeOf(attributes);
  return apply(slice.op, [x], { axis, start, size, step });
}

function withAxis(shape: Shape, axis: number, size: Dim): Shape {
  return shape.map((dim, i) => (i === axis ? size : dim));
}

function inside(start: number, step: number, size: number, length: number): boolean {
  const last = start + (size - 1) * step;
  return start >= 0 && start < length && last >= 0 && last < length;
}

function fixedRange(
  length: number,
  start: number | undefined,
  stop: number | undefined,
  step: number,
): { start: number; size: number } {
  const front = (bound: number): number => (bound < 0 ? bound + length : bound);
  const from = start === undefined ? (step > 0 ? 0 : Math.max(length - 1, 0)) : front(start);
  const to = stop === undefined ? (step > 0 ? length : -1) : front(stop);
  const size = step < 0 && length === 0 ? 0 : Math.max(0, Math.ceil((to - from) / step));
  const within = from >= 0 && from <= length && (stop === undefined || (to >= 0 && to <= length));
  if (!within || (size > 0 && !inside(from, step, size, length))) {
    throw new ShapeError(
      `slice: bounds must lie within the axis of ${length}, got ${describeBounds(start, stop, step)}`,
    );
  }
  return { start: from, size };
}

function namedRange(
  length: string,
  start: number | undefined,
  stop: number | undefined,
  step: number,
): { start: number; size: Dim } {
  const end = step > 0 ? 0 : -1;
  const from = start ?? end;
  if (from === end && stop === undefined && Math.abs(step) === 1)
    return { start: end, size: length };
  // Both bounds from the same end; without a stop the range must run towards its own end.
  const sameEnd = stop === undefined ? from < 0 === step > 0 : from < 0 === stop < 0;
  if (!sameEnd) {
    throw new ShapeError(
      `slice: the length of a part must not depend on "${length}", got ${describeBounds(start, stop, step)}`,
    );
  }
  const to = stop ?? (step > 0 ? 0 : -1);
  return { start: from, size: Math.max(0, Math.ceil((to - from) / step)) };
}

function describeBounds(start: number | undefined, stop: number | undefined, step: number): string {
  return `start ${start ?? "none"}, stop ${stop ?? "none"}, step ${step}`;
}

/** Visits the positions of the range in the whole tensor beside those in the part. */
function walk(
  where: string,
  { axis, start, step }: Range,
  whole: Tensor,
  part: Tensor,
  visit: (whole: number, part: number) => void,
): void {
  const { outer, length, inner } = aroundAxis(whole.shape, axis);
  const size = part.shape[axis] as number;
  const first = start < 0 ? start + length : start;
  if (size > 0 && !inside(first, step, size, length)) {
    throw new EvaluationError(
      `${where}: the elements must lie in the axis of ${length}, got ${size} from ${start} by ${step}`,
    );
  }
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < size; i++) {
      for (let r = 0; r < inner; r++) {
        visit((o * length + first + i * step) * inner + r, (o * size + i) * inner + r);
      }
    }
  }
}

/** The elements along some axes, or all, in reverse order. */
export function flip(x: Operand, axes?: number | readonly number[]): Expr {
  const source = operand("flip", x);
  let out = source;
  for (const axis of normalizeAxes("flip", axes, source.shape.length)) {
    out = slice(out, axis, undefined, undefined, -1);
  }
  return out;
}

/** The part of x at one place along an axis, which is gone from the result. */
export function pick(x: Operand, axis: number, index: number): Expr {
  const source = operand("pick", x);
  const at = normalizeAxis("pick", axis, source.shape.length);
  const stop = index === -1 ? undefined : index + 1;
  const part = slice(source, at, index, stop);
  return reshape(
    part,
    part.shape.filter((_, i) => i !== at),
  );
}
