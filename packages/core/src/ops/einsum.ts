import { allocate, type DType, promote } from "../dtype.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type WithOp } from "../op.ts";
import { operands } from "../operands.ts";
import { positions } from "../positions.ts";
import { type Dim, elementCount, strides } from "../shape.ts";
import { asTensor, asValue, Tensor, type Value } from "../tensor.ts";
import { add } from "./arithmetic.ts";
import { equal } from "./comparison.ts";
import { lowerEinsum } from "./einsumLowering.ts";
import { labelSizes, parseSubscripts, readSubscripts, writeSubscripts } from "./einsumText.ts";
import { iota } from "./iota.ts";
import { broadcastTo, reshape, transpose } from "./movement.ts";
import { mask } from "./select.ts";

/**
 * General contraction: products of elements, summed over the labels that the result lacks.
 *
 * `"ij,jk->ik"` is the matrix product, `"ii->i"` the diagonal, `"...ij->...ji"` a transpose; a label
 * that occurs twice in an operand takes its diagonal. Several operands are contracted from left to
 * right, each label summed as soon as no later operand has it.
 *
 * Shapes: axes of one label have one size, which may be named.
 * Throws ArgumentError for a text of another form, ShapeError where it does not fit the operands.
 * Source: NumPy, `einsum`.
 */
export const einsum: WithOp<(text: string, ...args: readonly Operand[]) => Expr> = defineOp(
  {
    name: "einsum",
    arity: undefined,
    infer: (args, { text }) => {
      const subscripts = readSubscripts(text as string);
      const sizes = labelSizes(
        subscripts,
        args.map((arg) => arg.shape),
      );
      const dtype = args.map((arg) => arg.dtype).reduce(promote);
      return {
        shape: subscripts.output.map((label) => sizes.get(label) as Dim),
        dtype: dtype === "bool" ? "i32" : dtype,
      };
    },
    evaluate: (values, node) => {
      const { inputs, output } = readSubscripts(node.attributes["text"] as string);
      const terms = (values as readonly Value[]).map((value, i) => ({
        labels: inputs[i] as readonly string[],
        tensor: asTensor(value, (node.args[i] as Expr).dtype),
      }));
      return asValue(contract(terms, output, node.dtype));
    },
    vjp: (node, adjoint, wanted) =>
      node.args.map((_, i) => (wanted[i] === true ? adjointOf(node, adjoint, i) : undefined)),
    jvp: ({ op, args, attributes }, tangents) => {
      let total: Expr | undefined;
      for (const [i, tangent] of tangents.entries()) {
        if (tangent === undefined) continue;
        const term = apply(op, args.with(i, tangent), attributes);
        total = total === undefined ? term : add(total, term);
      }
      return total;
    },
    fold: ([x, ...others], { text }) => {
      const { inputs, output } = readSubscripts(text as string);
      const labels = inputs[0] as readonly string[];
      // One operand with every label once is only transposed.
      const moves = others.length === 0 && labels.length === output.length;
      if (!moves || x?.dtype === "bool") return undefined;
      return transpose(
        x as Expr,
        output.map((label) => labels.indexOf(label)),
      );
    },
    lower: lowerEinsum,
    notation: named("einsum"),
  },
  (op) =>
    (text, ...args): Expr => {
      const given = operands("einsum", args).slice();
      const subscripts = parseSubscripts(
        text,
        given.map((arg) => arg.shape),
      );
      return apply(op, given, { text: writeSubscripts(subscripts) });
    },
);

/** The adjoint of operand i: the result's contracted with the other operands. */
function adjointOf(node: Expr, adjoint: Expr, i: number): Expr {
  const { inputs, output } = readSubscripts(node.attributes["text"] as string);
  const own = inputs[i] as readonly string[];
  const { shape } = node.args[i] as Expr;
  const others = inputs.filter((_, j) => j !== i);
  const reached = new Set([...output, ...others.flat()]);
  const first = (axis: number): number => own.indexOf(own[axis] as string);
  const kept = own.filter((label, axis) => first(axis) === axis && reached.has(label));
  const text = writeSubscripts({ inputs: [output, ...others], output: kept });
  const args = [adjoint, ...node.args.filter((_, j) => j !== i)];
  let out = einsum(text, ...args);
  // Labels of this operand alone were summed: all their elements receive the same.
  out = reshape(
    out,
    own.map(
      (label, axis) => (kept.includes(label) && first(axis) === axis ? shape[axis] : 1) as Dim,
    ),
  );
  out = broadcastTo(out, shape);
  for (let axis = 0; axis < own.length; axis++) {
    if (first(axis) !== axis) out = mask(diagonalOf(shape.length, first(axis), axis, shape), out);
  }
  return out;
}

/** Where the indices along two axes are equal. */
function diagonalOf(rank: number, a: number, b: number, shape: readonly Dim[]): Expr {
  const along = (axis: number): Expr =>
    reshape(
      iota(shape[axis] as Dim),
      Array.from({ length: rank }, (_, i) => (i === axis ? (shape[axis] as Dim) : 1)),
    );
  return equal(along(a), along(b));
}

interface Term {
  readonly labels: readonly string[];
  readonly tensor: Tensor;
}

function contract(terms: readonly Term[], output: readonly string[], dtype: DType): Tensor {
  const [first, ...rest] = terms as [Term, ...Term[]];
  const inner = dtype === "i32" ? "i32" : "f64";
  let left = first;
  while (rest.length > 1) {
    const right = rest.shift() as Term;
    const later = new Set([...output, ...rest.flatMap(({ labels }) => labels)]);
    const labels = [...new Set([...left.labels, ...right.labels])].filter((l) => later.has(l));
    left = { labels, tensor: contractTwo(left, right, labels, inner) };
  }
  return contractTwo(left, rest[0], output, dtype);
}

/** `out[output] = Σ left[labels] · right[labels]`, summed in double (or 32 bits) and rounded once. */
function contractTwo(
  left: Term,
  right: Term | undefined,
  output: readonly string[],
  dtype: DType,
): Tensor {
  const terms = right === undefined ? [left] : [left, right];
  const subscripts = { inputs: terms.map(({ labels }) => labels), output };
  const sizes = labelSizes(
    subscripts,
    terms.map(({ tensor }) => tensor.shape),
  );
  const summed = [...sizes.keys()].filter((label) => !output.includes(label));
  const sizesOf = (labels: readonly string[]): number[] =>
    labels.map((label) => sizes.get(label) as number);
  const places = ({ labels, tensor }: Term, along: readonly string[]): Int32Array => {
    const steps = strides(tensor.shape);
    const stepOf = (label: string): number =>
      labels.reduce(
        (step, own, axis) => (own === label ? step + (steps[axis] as number) : step),
        0,
      );
    return positions(sizesOf(along), along.map(stepOf));
  };
  const shape = sizesOf(output);
  const out = allocate(dtype, elementCount(shape));
  const starts = terms.map((term) => places(term, output));
  const walks = terms.map((term) => places(term, summed));
  const [a, b] = terms.map(({ tensor }) => tensor.data);
  const times = dtype === "i32" ? Math.imul : (x: number, y: number): number => x * y;
  const count = (walks[0] as Int32Array).length;
  for (let i = 0; i < out.length; i++) {
    let total = 0;
    for (let k = 0; k < count; k++) {
      const x = a?.[(starts[0]?.[i] as number) + (walks[0]?.[k] as number)] as number;
      total +=
        b === undefined
          ? x
          : times(x, b[(starts[1]?.[i] as number) + (walks[1]?.[k] as number)] as number);
    }
    out[i] = total;
  }
  return new Tensor(shape, out, dtype);
}

/**
 * The elements with equal indices along the last two axes.
 *
 * Shapes: x [..., n, n] → [..., n].
 */
export function diagonal(x: Operand): Expr {
  return einsum("...ii->...i", x);
}

/** Sum of the diagonal. Shapes: x [..., n, n] → [...]. */
export function trace(x: Operand): Expr {
  return einsum("...ii->...", x);
}
