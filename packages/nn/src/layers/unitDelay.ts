import {
  allocate,
  apply,
  call,
  concat,
  type Dim,
  defineOp,
  dimension,
  type Expr,
  full,
  greaterEqual,
  iota,
  less,
  max,
  min,
  type Op,
  type Operand,
  operand,
  reshape,
  ShapeError,
  slice,
  sub,
  Tensor,
  take,
  type WithOp,
  where,
} from "@chainrule/core";

type Builder = (x: Operand, axis?: number) => Expr;

/**
 * Unit delay z⁻¹ along an axis of time: `y_t = x_{t−1}`, `y_0 = 0`. One node, which a drawing shows as z⁻¹.
 *
 * Shapes: x [..., time, ...] → the same; the axis is the second, [batch, time, ...], unless given.
 */
export const unitDelay: WithOp<Builder> = /* @__PURE__ */ shifting(
  "unitDelay",
  "z^{-1}",
  -1,
  () => unitAdvance,
);

/** The way back, which the derivative of a delay takes: `y_t = x_{t+1}`, 0 at the end. */
export const unitAdvance: WithOp<Builder> = /* @__PURE__ */ shifting(
  "unitAdvance",
  "z",
  1,
  () => unitDelay,
);

/** Ops that layers add to core's: `fromJSON(text, { ops: nnOps })` reads every model back. */
export const nnOps: readonly Op[] = /* @__PURE__ */ (() => [unitDelay.op, unitAdvance.op])();

// @__NO_SIDE_EFFECTS__
function shifting(
  name: string,
  latex: string,
  by: 1 | -1,
  back: () => WithOp<Builder>,
): WithOp<Builder> {
  const op: Op = {
    name,
    arity: 1,
    moves: true,
    infer: ([x]) => ({ shape: (x as Expr).shape, dtype: (x as Expr).dtype }),
    evaluate: ([x], { attributes }) => shifted(x as Tensor, attributes["axis"] as number, by),
    vjp: ({ attributes }, adjoint) => [back()(adjoint, attributes["axis"] as number)],
    jvp: ({ attributes }, [x]) => x && apply(op, [x], attributes),
    lower: ({ args: [x], attributes }) => lowered(x as Expr, attributes["axis"] as number, by),
    notation: call(latex, name),
  };
  return defineOp(op, () => (x, axis = 1) => {
    const source = operand(name, x);
    const rank = source.shape.length;
    const at = axis < 0 ? axis + rank : axis;
    if (!Number.isInteger(at) || at < 0 || at >= rank) {
      throw new ShapeError(`${name}: the axis must lie in ${-rank} … ${rank - 1}, got ${axis}`);
    }
    return apply(op, [source], { axis: at });
  });
}

function shifted({ shape, data, dtype }: Tensor, axis: number, by: number): Tensor {
  const length = shape[axis] as number;
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const out = allocate(dtype, data.length);
  for (let row = 0; row < data.length; row += inner) {
    const at = (row / inner) % length;
    if (at + by < 0 || at + by >= length) continue;
    const from = row + by * inner;
    out.set(data.subarray(from, from + inner), row);
  }
  return new Tensor(shape, out, dtype);
}

/** By slices where the length is known, by indices where only the data tell it. */
function lowered(x: Expr, axis: number, by: 1 | -1): Expr {
  const length = x.shape[axis] as Dim;
  if (typeof length === "number") {
    if (length === 0) return x;
    const gap = full(0, x.shape.with(axis, 1), x.dtype);
    return by < 0
      ? concat([gap, slice(x, axis, 0, length - 1)], axis)
      : concat([slice(x, axis, 1, length), gap], axis);
  }
  const index = iota(length);
  const wide = reshape(index, [length, ...x.shape.slice(axis + 1).map(() => 1)]);
  if (by < 0) return where(greaterEqual(wide, 1), take(x, max(sub(index, 1), 0), axis), 0);
  const last = sub(dimension(length, "i32"), 1);
  return where(less(wide, last), take(x, min(index.add(1), last), axis), 0);
}
