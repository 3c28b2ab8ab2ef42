import { allocate, type DType } from "../dtype.ts";
import { reader } from "../elementwise.ts";
import { ShapeError } from "../errors.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { defineOp, type WithOp } from "../op.ts";
import { operand } from "../operands.ts";
import { positions } from "../positions.ts";
import {
  broadcastShapes,
  checkShape,
  type Dim,
  elementCount,
  formatShape,
  normalizeAxis,
  resolveShape,
  type Shape,
  sameShape,
  strides,
} from "../shape.ts";
import { asTensor, asValue, Tensor, type Value } from "../tensor.ts";
import { constant } from "./leaf.ts";
import { sumTo } from "./reduction.ts";
import { isMask, mask } from "./select.ts";

/** Repeats along axes of length 1 and new leading axes. */
export const broadcastTo: WithOp<(x: Operand, shape: Shape) => Expr> = defineOp(
  {
    name: "broadcastTo",
    moves: true,
    arity: 1,
    infer: ([x], attributes) => {
      const shape = attributes["shape"] as Shape;
      const { shape: from, dtype } = x as Expr;
      if (
        from.length > shape.length ||
        !sameShape(broadcastShapes("broadcastTo", from, shape), shape)
      ) {
        throw new ShapeError(
          `broadcastTo: shape must broadcast to ${formatShape(shape)}, got ${formatShape(from)}`,
        );
      }
      return { shape, dtype };
    },
    evaluate: ([x], node, { sizes }) => {
      const shape = resolveShape("broadcastTo", node.shape, sizes);
      const data = allocate(node.dtype, elementCount(shape));
      if (typeof x === "number") data.fill(x);
      else {
        const read = reader(x as Tensor, shape);
        for (let i = 0; i < data.length; i++) data[i] = read(i);
      }
      return asValue(new Tensor(shape, data, node.dtype));
    },
    vjp: ({ args: [x] }, adjoint) => [sumTo(adjoint, (x as Expr).shape)],
    jvp: ({ shape }, [x]) => x && broadcastTo(x, shape),
    fold: ([x], attributes) => {
      const source = x as Expr;
      const shape = attributes["shape"] as Shape;
      if (sameShape(source.shape, shape)) return source;
      if (!isMask(source)) return undefined;
      const [condition, value] = source.args as readonly [Expr, Expr];
      return mask(broadcastTo(condition, shape), broadcastTo(value, shape));
    },
    notation: { form: "silent" },
  },
  (op) =>
    (x, shape): Expr => {
      checkShape("broadcastTo", shape);
      return apply(op, [operand("broadcastTo", x)], { shape: [...shape] });
    },
);

/**
 * The same elements, in row-major order, in another shape.
 *
 * One size may be −1, to be inferred. Named sizes stay: each must occur as often as before.
 */
export const reshape: WithOp<(x: Operand, shape: Shape) => Expr> = defineOp(
  {
    name: "reshape",
    moves: true,
    arity: 1,
    infer: ([x], attributes) => ({ shape: attributes["shape"] as Shape, dtype: (x as Expr).dtype }),
    evaluate: ([x], node, { sizes }) => {
      const { data, dtype } = asTensor(x as Value, node.dtype);
      return asValue(new Tensor(resolveShape("reshape", node.shape, sizes), data, dtype));
    },
    vjp: ({ args: [x] }, adjoint) => [reshape(adjoint, (x as Expr).shape)],
    jvp: ({ shape }, [x]) => x && reshape(x, shape),
    fold: ([x], attributes) => {
      const source = x as Expr;
      const shape = attributes["shape"] as Shape;
      if (sameShape(source.shape, shape)) return source;
      if (source.op === reshape.op) return reshape(source.args[0] as Expr, shape);
      if (!isMask(source)) return undefined;
      const [condition, value] = source.args as readonly [Expr, Expr];
      return mask(
        reshape(broadcastTo(condition, source.shape), shape),
        reshape(broadcastTo(value, source.shape), shape),
      );
    },
    notation: { form: "call", latex: "\\operatorname{reshape}" },
  },
  (op) =>
    (x, shape): Expr => {
      const source = operand("reshape", x);
      return apply(op, [source], { shape: inferReshape(source.shape, shape) });
    },
);

function inferReshape(from: Shape, to: readonly Dim[]): Shape {
  const open = to.indexOf(-1);
  checkShape("reshape", open < 0 ? to : to.filter((_, axis) => axis !== open));
  const count = (shape: readonly Dim[]): number => {
    let product = 1;
    for (const dim of shape) if (typeof dim === "number" && dim !== -1) product *= dim;
    return product;
  };
  const names = (shape: readonly Dim[]): string[] =>
    shape.filter((dim) => typeof dim === "string").sort();
  const missing = names(from);
  for (const name of names(to)) {
    const at = missing.indexOf(name);
    if (at < 0) throw wrongReshape(from, to);
    missing.splice(at, 1);
  }
  if (open >= 0 && missing.length === 1 && count(from) === count(to)) {
    return to.map((dim, axis) => (axis === open ? (missing[0] as string) : dim));
  }
  const rest = open < 0 ? 1 : count(from) / count(to);
  if (missing.length > 0 || !Number.isInteger(rest) || count(to) * rest !== count(from)) {
    throw wrongReshape(from, to);
  }
  return to.map((dim, axis) => (axis === open ? rest : dim));
}

function wrongReshape(from: Shape, to: Shape): ShapeError {
  return new ShapeError(
    `reshape: shapes must hold the same elements and named sizes, got ${formatShape(from)} to ${formatShape(to)}`,
  );
}

/** Axes in another order: axis i of the result is axis `permutation[i]` of x. Reversed by default. */
export const transpose: WithOp<(x: Operand, permutation?: readonly number[]) => Expr> = defineOp(
  {
    name: "transpose",
    moves: true,
    arity: 1,
    infer: ([x], attributes) => {
      const { shape, dtype } = x as Expr;
      const permutation = attributes["permutation"] as readonly number[];
      return { shape: permutation.map((axis) => shape[axis] as Dim), dtype };
    },
    evaluate: ([x], { attributes }) =>
      transposeValue(x as Value, attributes["permutation"] as readonly number[]),
    vjp: ({ attributes }, adjoint) => [
      transpose(adjoint, inverse(attributes["permutation"] as readonly number[])),
    ],
    jvp: ({ attributes }, [x]) => x && transpose(x, attributes["permutation"] as readonly number[]),
    fold: ([x], attributes) => {
      const source = x as Expr;
      const permutation = attributes["permutation"] as readonly number[];
      if (permutation.every((axis, i) => axis === i)) return source;
      if (source.op === transpose.op) {
        const inner = source.attributes["permutation"] as readonly number[];
        return transpose(
          source.args[0] as Expr,
          permutation.map((axis) => inner[axis] as number),
        );
      }
      if (!isMask(source)) return undefined;
      const [condition, value] = source.args as readonly [Expr, Expr];
      return mask(
        transpose(broadcastTo(condition, source.shape), permutation),
        transpose(broadcastTo(value, source.shape), permutation),
      );
    },
    notation: { form: "transposed" },
  },
  (op) =>
    (x, permutation): Expr => {
      const source = operand("transpose", x);
      const rank = source.shape.length;
      const axes = permutation ?? source.shape.map((_, i) => rank - 1 - i);
      const order = axes.map((axis) => normalizeAxis("transpose", axis, rank));
      if (order.length !== rank || new Set(order).size !== rank) {
        throw new ShapeError(
          `transpose: the permutation must name each of ${rank} axes once, got [${axes.join(", ")}]`,
        );
      }
      return apply(op, [source], { permutation: order });
    },
);

function inverse(permutation: readonly number[]): number[] {
  const out: number[] = new Array(permutation.length);
  for (let i = 0; i < permutation.length; i++) out[permutation[i] as number] = i;
  return out;
}

function transposeValue(value: Value, permutation: readonly number[]): Value {
  if (typeof value === "number") return value;
  const from = strides(value.shape);
  const shape = permutation.map((axis) => value.shape[axis] as number);
  const sources = positions(
    shape,
    permutation.map((axis) => from[axis] as number),
  );
  const data = allocate(value.dtype, value.data.length);
  for (let i = 0; i < data.length; i++) data[i] = value.data[sources[i] as number] as number;
  return new Tensor(shape, data, value.dtype);
}

/** One number in every place of a shape. */
export function full(value: number, shape: Shape, dtype: DType = "f64"): Expr {
  const number = constant(value, dtype);
  return shape.length === 0 ? number : broadcastTo(number, shape);
}
