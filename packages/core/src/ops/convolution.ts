import { allocate, promote } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import type { Attributes, Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type Elements, type Op, type WithOp } from "../op.ts";
import { type Dim, elementCount, resolveShape, type Shape, type Sizes } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { add, mul } from "./arithmetic.ts";
import { type ConvolutionOptions, convolve } from "./convolve.ts";
import { constant } from "./leaf.ts";
import { floating } from "./reduce.ts";
import { type Geometry, outputSizes, windowTable } from "./windows.ts";

/**
 * What takes part in a convolution: input x, kernel k, output y. Each is a sum of products of the
 * other two, the derivatives of one trilinear form
 * `T = Σ x[n, g C + c, s q + d r − p] · k[g O + o, c, r] · y[n, g O + o, q]`.
 */
type Part = "x" | "k" | "y";

type Parts = { readonly [part in Part]?: Expr };

interface ConvolutionGeometry extends Geometry {
  readonly groups: number;
}

function read(attributes: Attributes): ConvolutionGeometry {
  return attributes as unknown as ConvolutionGeometry;
}

/**
 * Convolution in the sense of neural networks (cross-correlation):
 * `y[n, o, q] = Σ_{c, r} x[n, c, s q + d r − p] · k[o, c, r]`, 0 outside of x.
 *
 * With groups, output channels of group g see the input channels of group g only.
 *
 * Shapes: x [batch, channels, ...spatial], kernel [out, channels / groups, ...window] →
 * y [batch, out, ...windows]. One spatial axis (NCW) or two (NCHW), any number here.
 * Sums are kept in double precision. Integers become f64.
 * Throws ShapeError where shapes do not fit, ArgumentError for options out of range.
 */
export const convolution: WithOp<
  (x: Operand, kernel: Operand, options?: ConvolutionOptions) => Expr
> = defineOp(
  bilinear("convolution", "x", "k", "y"),
  () =>
    (x, kernel, options = {}): Expr =>
      convolve("convolution", x, kernel, options, undefined),
);

/** Two operands of a convolution's form, with the geometry that a node of it has. */
type ConvolutionRule = WithOp<(a: Expr, b: Expr, geometry: Attributes) => Expr>;

/** The derivative of a convolution by its input, `x = Σ k y`: a transposed convolution. */
export const convolutionInput: ConvolutionRule = defineOp(
  bilinear("convolutionInput", "y", "k", "x"),
  (op) =>
    (y, kernel, geometry): Expr =>
      apply(op, [y, kernel], geometry),
);

/** The derivative of a convolution by its kernel, `k = Σ x y`. */
export const convolutionKernel: ConvolutionRule = defineOp(
  bilinear("convolutionKernel", "x", "y", "k"),
  (op) =>
    (x, y, geometry): Expr =>
      apply(op, [x, y], geometry),
);

function opFor(part: Part): Op {
  if (part === "x") return convolutionInput.op;
  return part === "k" ? convolutionKernel.op : convolution.op;
}

/** The op that makes one part of two others. */
// @__NO_SIDE_EFFECTS__
function bilinear(name: string, first: Part, second: Part, result: Part): Op {
  const make = (part: Part, given: Parts, attributes: Attributes): Expr => {
    const roles: readonly Part[] =
      part === "x" ? ["y", "k"] : part === "k" ? ["x", "y"] : ["x", "k"];
    const args = roles.map((role) => given[role] as Expr);
    return apply(opFor(part), args, attributes);
  };
  return {
    name,
    arity: 2,
    infer: ([a, b], attributes) => {
      const shapes = { [first]: (a as Expr).shape, [second]: (b as Expr).shape };
      return {
        shape: resultShape(name, result, shapes, read(attributes)),
        dtype: floating(promote((a as Expr).dtype, (b as Expr).dtype)),
      };
    },
    evaluate: ([a, b], node, { sizes }) => {
      const shape = resolveShape(name, node.shape, sizes);
      const sums = new Float64Array(elementCount(shape));
      const left = (a as Tensor).data;
      const right = (b as Tensor).data;
      eachTerm(
        node,
        { [first]: (a as Tensor).shape, [second]: (b as Tensor).shape, [result]: shape },
        sizes,
        (at) => {
          const to = at[result];
          sums[to] =
            (sums[to] as number) + (left[at[first]] as number) * (right[at[second]] as number);
        },
      );
      const out = allocate(node.dtype, sums.length);
      out.set(sums);
      return new Tensor(shape, out, node.dtype);
    },
    elements: (node, [a, b], { sizes }) => {
      const shape = resolveShape(name, node.shape, sizes);
      const left = a as Elements;
      const right = b as Elements;
      const sums: (Expr | undefined)[] = new Array(elementCount(shape)).fill(undefined);
      eachTerm(
        node,
        { [first]: left.shape, [second]: right.shape, [result]: shape },
        sizes,
        (at) => {
          const term = mul(left.items[at[first]] as Expr, right.items[at[second]] as Expr);
          const before = sums[at[result]];
          sums[at[result]] = before === undefined ? term : add(before, term);
        },
      );
      return { shape, items: sums.map((sum) => sum ?? constant(0, node.dtype)) };
    },
    vjp: ({ args: [a, b], attributes }, adjoint, wanted) => {
      const given: Parts = { [first]: a as Expr, [second]: b as Expr, [result]: adjoint };
      return [first, second].map((part, i) =>
        wanted[i] === true ? make(part, given, attributes) : undefined,
      );
    },
    jvp: ({ args: [a, b], attributes }, [da, db]) => {
      const left = da && make(result, { [first]: da, [second]: b as Expr }, attributes);
      const right = db && make(result, { [first]: a as Expr, [second]: db }, attributes);
      if (left === undefined) return right;
      return right === undefined ? left : add(left, right);
    },
    notation: named(name),
  };
}

function resultShape(
  where: string,
  result: Part,
  shapes: { readonly [part in Part]?: Shape },
  geometry: ConvolutionGeometry,
): Shape {
  const { x = [], k = [], y = [] } = shapes;
  const { groups, input, window } = geometry;
  if (result === "x") return [y[0] as Dim, timesGroups(k[1] as Dim, groups), ...input];
  if (result === "k") return [y[1] as Dim, overGroups(where, x[1] as Dim, groups), ...window];
  return [x[0] as Dim, k[0] as Dim, ...outputSizes(where, geometry)];
}

function timesGroups(channels: Dim, groups: number): Dim {
  return typeof channels === "number" ? channels * groups : channels;
}

/** The channels one group sees. Throws ShapeError unless groups divide them. */
export function overGroups(where: string, channels: Dim, groups: number): Dim {
  if (groups === 1) return channels;
  if (typeof channels === "number" && channels % groups === 0) return channels / groups;
  throw new ShapeError(
    `${where}: the number of channels must be a multiple of groups (${groups}), got ${channels}`,
  );
}

/** Visits every product of the trilinear form: positions in x, k and y. */
function eachTerm(
  node: Expr,
  shapes: { readonly [part: string]: readonly number[] },
  sizes: Sizes,
  visit: (at: Record<Part, number>) => void,
): void {
  const geometry = read(node.attributes);
  const k = shapes["k"] as readonly number[];
  const y = shapes["y"] as readonly number[];
  const input = resolveShape(node.op.name, geometry.input, sizes);
  const { table, count, size } = windowTable(geometry, input, y.slice(2));
  const [batch, outputs] = y as [number, number];
  const channels = k[1] as number;
  const perGroup = outputs / geometry.groups;
  const length = elementCount(input);
  const at = { x: 0, k: 0, y: 0 };
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outputs; o++) {
      const group = Math.floor(o / perGroup);
      for (let q = 0; q < count; q++) {
        at.y = (n * outputs + o) * count + q;
        for (let c = 0; c < channels; c++) {
          const from = ((n * geometry.groups + group) * channels + c) * length;
          for (let r = 0; r < size; r++) {
            const place = table[q * size + r] as number;
            if (place < 0) continue;
            at.x = from + place;
            at.k = (o * channels + c) * size + r;
            visit(at);
          }
        }
      }
    }
  }
}
