import { allocate, promote } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import type { Attributes, Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type Elements, type WithOp } from "../op.ts";
import { operand } from "../operands.ts";
import { aroundAxis } from "../positions.ts";
import { formatShape, normalizeAxis, type Shape, sameShape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { addAt, checked, choose, indexOperand, rounded } from "./indices.ts";
import { literalValue } from "./leaf.ts";
import { moveMask, sumMask } from "./masks.ts";
import { broadcastTo, full } from "./movement.ts";

/**
 * One element of x along an axis for every index: `y[i, j] = x[indices[i, j], j]` along axis 0.
 *
 * Shapes: x [..., n, ...], indices [..., m, ...] → [..., m, ...]; the other axes agree.
 * Throws ShapeError, DTypeError unless indices are i32, EvaluationError for one outside 0 … n − 1.
 * Source: NumPy, `take_along_axis`; PyTorch, `gather`.
 */
export const gather: WithOp<(x: Operand, indices: Operand, axis?: number) => Expr> = defineOp(
  {
    name: "gather",
    arity: 2,
    infer: ([x, indices], { axis }) => {
      checkAlong("gather", (x as Expr).shape, (indices as Expr).shape, axis as number);
      return { shape: (indices as Expr).shape, dtype: (x as Expr).dtype };
    },
    evaluate: ([x, indices], node) => {
      const source = x as Tensor;
      const chosen = indices as Tensor;
      const out = allocate(node.dtype, chosen.data.length);
      eachIndex("gather", source.shape, chosen, node.attributes, (whole, part) => {
        out[part] = source.data[whole] as number;
      });
      return new Tensor(chosen.shape, out, node.dtype);
    },
    vjp: ({ args: [x, indices], attributes }, adjoint) => {
      const zero = full(0, (x as Expr).shape, adjoint.dtype);
      return [scatterAdd(zero, indices as Expr, adjoint, attributes["axis"] as number), undefined];
    },
    jvp: ({ op, args: [, indices], attributes }, [x]) =>
      x && apply(op, [x, indices as Expr], attributes),
    fold: ([x, indices], attributes) =>
      moveMask(x as Expr, (part) => apply(gather.op, [part, indices as Expr], attributes)),
    elements: (node, [x, indices]) => {
      const source = x as Elements;
      const { shape, items: chosen } = indices as Elements;
      const { length, inner } = aroundAxis(source.shape, node.attributes["axis"] as number);
      const items: Expr[] = [];
      along(source.shape, shape, node.attributes, (start, part) => {
        const among = Array.from({ length }, (_, k) => source.items[start + k * inner] as Expr);
        items[part] = choose("gather", chosen[part] as Expr, among);
      });
      return { shape, items };
    },
    notation: named("gather"),
  },
  (op) =>
    (x, indices, axis = -1): Expr => {
      const source = operand("gather", x);
      const at = normalizeAxis("gather", axis, source.shape.length);
      return apply(op, [source, indexOperand("gather", indices)], { axis: at });
    },
);

/**
 * x with updates added at the indices along an axis: `y[indices[i, j], j] += updates[i, j]` along
 * axis 0. Equal indices add up.
 *
 * Shapes: x [..., n, ...], indices and updates [..., m, ...] → as x.
 * Throws as `gather`, whose reverse it is.
 */
export const scatterAdd: WithOp<
  (x: Operand, indices: Operand, updates: Operand, axis?: number) => Expr
> = defineOp(
  {
    name: "scatterAdd",
    arity: 3,
    infer: ([x, indices, updates], { axis }) => {
      const { shape } = x as Expr;
      checkAlong("scatterAdd", shape, (indices as Expr).shape, axis as number);
      if (!sameShape((updates as Expr).shape, (indices as Expr).shape)) {
        throw new ShapeError(
          `scatterAdd: updates must have the shape of indices, got ${formatShape((updates as Expr).shape)} and ${formatShape((indices as Expr).shape)}`,
        );
      }
      const dtype = promote((x as Expr).dtype, (updates as Expr).dtype);
      return { shape, dtype: dtype === "bool" ? "i32" : dtype };
    },
    evaluate: ([x, indices, updates], node) => {
      const { shape, data } = x as Tensor;
      const out = Float64Array.from(data);
      eachIndex("scatterAdd", shape, indices as Tensor, node.attributes, (whole, part) => {
        out[whole] = (out[whole] as number) + ((updates as Tensor).data[part] as number);
      });
      return new Tensor(shape, rounded(out, node.dtype), node.dtype);
    },
    vjp: ({ args: [, indices], attributes }, adjoint, wanted) => [
      adjoint,
      undefined,
      wanted[2] === true
        ? gather(adjoint, indices as Expr, attributes["axis"] as number)
        : undefined,
    ],
    jvp: ({ args: [x, indices, updates], attributes, dtype }, [dx, , du]) =>
      scatterAdd(
        dx ?? full(0, (x as Expr).shape, dtype),
        indices as Expr,
        du ?? full(0, (updates as Expr).shape, dtype),
        attributes["axis"] as number,
      ),
    fold: ([x, indices, updates], attributes) => {
      const base = x as Expr;
      // Only onto zeros is the whole a sum of updates.
      const number = base.op === broadcastTo.op ? (base.args[0] as Expr) : base;
      if (literalValue(number) !== 0) return undefined;
      return sumMask(updates as Expr, (part) =>
        scatterAdd(
          full(0, base.shape, part.dtype),
          indices as Expr,
          part,
          attributes["axis"] as number,
        ),
      );
    },
    elements: (node, [x, indices, updates]) => {
      const { shape, items } = x as Elements;
      const { length, inner } = aroundAxis(shape, node.attributes["axis"] as number);
      const out = [...items];
      const chosen = indices as Elements;
      along(shape, chosen.shape, node.attributes, (start, part) => {
        const sums = Array.from({ length }, (_, k) => out[start + k * inner]);
        const term = (updates as Elements).items[part] as Expr;
        addAt("scatterAdd", chosen.items[part] as Expr, term, sums);
        for (const [k, sum] of sums.entries()) out[start + k * inner] = sum as Expr;
      });
      return { shape, items: out };
    },
    notation: named("scatterAdd"),
  },
  (op) =>
    (x, indices, updates, axis = -1): Expr => {
      const base = operand("scatterAdd", x);
      const at = normalizeAxis("scatterAdd", axis, base.shape.length);
      const args = [base, indexOperand("scatterAdd", indices), operand("scatterAdd", updates)];
      return apply(op, args, { axis: at });
    },
);

function checkAlong(name: string, shape: Shape, indices: Shape, axis: number): void {
  const fits = indices.length === shape.length;
  if (!fits || shape.some((dim, i) => i !== axis && dim !== indices[i])) {
    throw new ShapeError(
      `${name}: indices must agree with x in all axes but ${axis}, got ${formatShape(indices)} for ${formatShape(shape)}`,
    );
  }
}

/** Visits each index: the position of the first element it may choose, and its own. */
function along(
  shape: readonly number[],
  indices: readonly number[],
  attributes: Attributes,
  visit: (start: number, part: number) => void,
): void {
  const { outer, length, inner } = aroundAxis(shape, attributes["axis"] as number);
  const count = indices[attributes["axis"] as number] as number;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < count; i++) {
      for (let r = 0; r < inner; r++) {
        visit(o * length * inner + r, (o * count + i) * inner + r);
      }
    }
  }
}

/** The position in x of each index, which is checked. */
function eachIndex(
  name: string,
  shape: readonly number[],
  indices: Tensor,
  attributes: Attributes,
  visit: (whole: number, part: number) => void,
): void {
  const { length, inner } = aroundAxis(shape, attributes["axis"] as number);
  along(shape, indices.shape, attributes, (start, part) => {
    visit(start + checked(name, indices.data[part] as number, length) * inner, part);
  });
}
