import { allocate, promote } from "../dtype.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import type { Attributes, Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type Op, type WithOp } from "../op.ts";
import { operands } from "../operands.ts";
import { aroundAxis } from "../positions.ts";
import {
  type Dim,
  elementCount,
  formatShape,
  normalizeAxis,
  resolveShape,
  type Shape,
  sameShape,
} from "../shape.ts";
import { asTensor, Tensor, type Value } from "../tensor.ts";
import { expandDims } from "./axes.ts";
import { broadcastTo, full } from "./movement.ts";
import { isMask, mask } from "./select.ts";
import { pick, slice } from "./slicing.ts";

/**
 * Tensors end to end along an axis, by default the first.
 *
 * Shapes: [..., nᵢ, ...] → [..., Σ nᵢ, ...]; the other axes agree. Element types are promoted.
 * Throws ShapeError otherwise, and for a named size along the axis, whose sum has no name.
 */
export const concat: WithOp<(parts: readonly Operand[], axis?: number) => Expr> = defineOp(
  {
    name: "concat",
    arity: undefined,
    moves: true,
    infer: (args, { axis }) => ({
      shape: concatShape(args, axis as number),
      dtype: args.map((arg) => arg.dtype).reduce(promote),
    }),
    evaluate: (values, node, { sizes }) => {
      const shape = resolveShape("concat", node.shape, sizes);
      return joinValues(values as readonly Value[], node, shape, node.attributes["axis"] as number);
    },
    vjp: ({ args, attributes }, adjoint, wanted) => {
      const axis = attributes["axis"] as number;
      if (args.length === 1) return [adjoint];
      let start = 0;
      return args.map((arg, i) => {
        const from = start;
        start += arg.shape[axis] as number;
        return wanted[i] === true ? slice(adjoint, axis, from, start) : undefined;
      });
    },
    jvp: joinTangents,
    fold: (args, attributes) =>
      args.length === 1 ? args[0] : joinMasks(concat.op, args, attributes),
    notation: named("concat"),
  },
  (op) =>
    (parts, axis = 0): Expr => {
      const args = operands("concat", checkParts("concat", parts));
      const rank = (args[0] as Expr).shape.length;
      return apply(op, args, { axis: normalizeAxis("concat", axis, rank) });
    },
);

function concatShape(args: readonly Expr[], axis: number): Shape {
  const [first] = args as readonly [Expr];
  if (args.length === 1) return first.shape;
  let length = 0;
  for (const { shape } of args) {
    const size = shape[axis];
    const others = shape.length === first.shape.length;
    if (!others || shape.some((dim, i) => i !== axis && dim !== first.shape[i])) {
      throw new ShapeError(
        `concat: shapes must agree in all axes but ${axis}, got ${formatShape(first.shape)} and ${formatShape(shape)}`,
      );
    }
    if (typeof size !== "number") {
      throw new ShapeError(
        `concat: the axis of concatenation must have numbers for sizes, got ${formatShape(shape)}`,
      );
    }
    length += size;
  }
  return first.shape.map((dim, i) => (i === axis ? length : dim));
}

/**
 * Tensors of one shape along a new axis, by default the first: `[a, b]` of numbers is a vector.
 *
 * Shapes: k times [...] → [..., k, ...]. Element types are promoted.
 * Throws ShapeError unless all shapes are equal.
 */
export const stack: WithOp<(parts: readonly Operand[], axis?: number) => Expr> = defineOp(
  {
    name: "stack",
    arity: undefined,
    moves: true,
    infer: (args, { axis }) => {
      const [first] = args as readonly [Expr];
      for (const { shape } of args) {
        if (!sameShape(shape, first.shape)) {
          throw new ShapeError(
            `stack: shapes must be equal, got ${formatShape(first.shape)} and ${formatShape(shape)}`,
          );
        }
      }
      const shape: Dim[] = [...first.shape];
      shape.splice(axis as number, 0, args.length);
      return { shape, dtype: args.map((arg) => arg.dtype).reduce(promote) };
    },
    evaluate: (values, node, { sizes }) => {
      const axis = node.attributes["axis"] as number;
      const shape = resolveShape("stack", node.shape, sizes);
      const part = shape.map((dim, i) => (i === axis ? 1 : dim));
      const parts = (values as readonly Value[]).map((value, i) => {
        const dtype = (node.args[i] as Expr).dtype;
        return new Tensor(part, asTensor(value, dtype).data, dtype);
      });
      return joinValues(parts, node, shape, axis);
    },
    vjp: ({ args, attributes }, adjoint, wanted) =>
      args.map((_, i) =>
        wanted[i] === true ? pick(adjoint, attributes["axis"] as number, i) : undefined,
      ),
    jvp: joinTangents,
    fold: (args, attributes) => joinMasks(stack.op, args, attributes),
    lower: ({ args, attributes }) => {
      const axis = attributes["axis"] as number;
      return concat(
        args.map((arg) => expandDims(arg, axis)),
        axis,
      );
    },
    notation: named("stack"),
  },
  (op) =>
    (parts, axis = 0): Expr => {
      const args = operands("stack", checkParts("stack", parts));
      const rank = (args[0] as Expr).shape.length;
      return apply(op, args, { axis: normalizeAxis("stack", axis, rank + 1) });
    },
);

function checkParts(where: string, parts: readonly Operand[]): readonly Operand[] {
  if (!Array.isArray(parts) || parts.length === 0) {
    throw new ArgumentError(`${where}: parts must be an array of at least one, got none`);
  }
  return parts.slice();
}

function joinTangents(node: Expr, tangents: readonly (Expr | undefined)[]): Expr {
  const all = node.args.map((arg, i) => tangents[i] ?? full(0, arg.shape, node.dtype));
  return apply(node.op, all, node.attributes);
}

/** Joined masks are a mask; a part without one flows everywhere. */
function joinMasks(op: Op, args: readonly Expr[], attributes: Attributes): Expr | undefined {
  if (!args.some(isMask)) return undefined;
  const conditions = args.map((arg) =>
    isMask(arg) ? broadcastTo(arg.args[0] as Expr, arg.shape) : full(1, arg.shape, "bool"),
  );
  const values = args.map((arg) =>
    isMask(arg) ? broadcastTo(arg.args[1] as Expr, arg.shape) : arg,
  );
  return mask(apply(op, conditions, attributes), apply(op, values, attributes));
}

function joinValues(
  values: readonly Value[],
  node: Expr,
  shape: readonly number[],
  axis: number,
): Tensor {
  const data = allocate(node.dtype, elementCount(shape));
  const { outer, length, inner } = aroundAxis(shape, axis);
  let start = 0;
  for (const value of values) {
    const part = value as Tensor;
    const run = (part.shape[axis] as number) * inner;
    for (let o = 0; o < outer; o++) {
      data.set(part.data.subarray(o * run, (o + 1) * run), o * length * inner + start);
    }
    start += run;
  }
  return new Tensor(shape, data, node.dtype);
}
