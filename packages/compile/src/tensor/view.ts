import type { Dim, DType, Expr, Shape } from "@chainrule/core";
import { fixed, type Size, sameSize, sizeOf, stridesOf, times } from "../plan/size.ts";

/** What a view reads: memory, or what needs none. */
export type Source =
  | { readonly kind: "buffer"; readonly buffer: number }
  /** A part of a buffer that moves on from round to round of a loop. */
  | { readonly kind: "window"; readonly window: number }
  | { readonly kind: "literal"; readonly value: number }
  | { readonly kind: "dimension"; readonly name: string }
  /** The element at position p is the number p. */
  | { readonly kind: "iota" };

/**
 * Elements of a source in some arrangement: that with indices i lies at `Σ offset + Σ strideₖ iₖ`.
 *
 * Axes moved, repeated, cut or turned round are other strides and offsets; nothing is copied.
 */
export interface View {
  readonly source: Source;
  readonly dtype: DType;
  readonly shape: Shape;
  /** In elements; 0 along an axis that repeats. */
  readonly strides: readonly Size[];
  /** Terms of the position of the first element. */
  readonly offset: readonly Size[];
}

const ZERO: Size = fixed(0);

/** A whole buffer, row-major. */
export function wholeView(buffer: number, { shape, dtype }: Pick<Expr, "shape" | "dtype">): View {
  const source: Source = { kind: "buffer", buffer };
  return { source, dtype, shape, strides: stridesOf(shape), offset: [] };
}

/** Whether the elements lie in memory. */
export function isMemory({ source }: View): boolean {
  return source.kind === "buffer" || source.kind === "window";
}

/** A scalar that needs no memory. */
export function scalarView(source: Source, dtype: DType): View {
  return { source, dtype, shape: [], strides: [], offset: [] };
}

/** Whether the elements lie side by side in row-major order, from wherever the first lies. */
export function isContiguous({ shape, strides }: View): boolean {
  const dense = stridesOf(shape);
  return shape.every(
    (dim, axis) => dim === 1 || sameSize(strides[axis] as Size, dense[axis] as Size),
  );
}

/** Axes of length 1 and new leading ones repeated. */
export function broadcastView(view: View, shape: Shape): View {
  const lead = shape.length - view.shape.length;
  const strides = shape.map((dim, axis) => {
    const own = axis - lead;
    if (own < 0) return ZERO;
    return view.shape[own] === 1 && dim !== 1 ? ZERO : (view.strides[own] as Size);
  });
  return { ...view, shape, strides };
}

/** Axes in another order. */
export function transposeView(view: View, permutation: readonly number[]): View {
  return {
    ...view,
    shape: permutation.map((axis) => view.shape[axis] as Dim),
    strides: permutation.map((axis) => view.strides[axis] as Size),
  };
}

/** A range along an axis: elements `start, start + step, …`, `size` of them; a negative start counts from the end. */
export interface Range {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly size: Dim;
}

/** The elements of a range. */
export function sliceView(view: View, { axis, start, step, size }: Range): View {
  const stride = view.strides[axis] as Size;
  const terms = [times(fixed(start), stride)];
  if (start < 0) terms.push(times(sizeOf(view.shape[axis] as Dim), stride));
  return {
    ...view,
    shape: view.shape.map((dim, i) => (i === axis ? size : dim)),
    strides: view.strides.map((one, i) => (i === axis ? times(fixed(step), one) : one)),
    offset: [...view.offset, ...terms.filter(({ factor }) => factor !== 0)],
  };
}

interface Axis {
  readonly size: Size;
  readonly stride: Size;
}

/** The same elements in another shape, where strides can tell it; undefined where they must be copied. */
export function reshapeView(view: View, shape: Shape): View | undefined {
  const strides = reshapedStrides(view, shape);
  return strides === undefined ? undefined : { ...view, shape, strides };
}

function reshapedStrides(view: View, shape: Shape): readonly Size[] | undefined {
  if (shape.includes(0)) return stridesOf(shape);
  const old: Axis[] = view.shape.flatMap((dim, axis) =>
    dim === 1 ? [] : [{ size: sizeOf(dim), stride: view.strides[axis] as Size }],
  );
  const made = shape.map(sizeOf);
  const out: Size[] = shape.map(() => ZERO);
  const wanted = made.flatMap((_, axis) => (shape[axis] === 1 ? [] : [axis]));
  let from = 0;
  let to = 0;
  while (from < old.length && to < wanted.length) {
    let left = (old[from] as Axis).size;
    let right = made[wanted[to] as number] as Size;
    let fromEnd = from + 1;
    let toEnd = to + 1;
    while (!sameSize(left, right)) {
      // The smaller side takes its next axis along, until both hold the same elements.
      if (isSmaller(left, right)) {
        const next = old[fromEnd++];
        if (next === undefined) return undefined;
        left = times(left, next.size);
      } else {
        const next = wanted[toEnd++];
        if (next === undefined) return undefined;
        right = times(right, made[next] as Size);
      }
    }
    for (let i = from; i < fromEnd - 1; i++) {
      const { stride } = old[i] as Axis;
      const inner = old[i + 1] as Axis;
      if (!sameSize(stride, times(inner.stride, inner.size))) return undefined;
    }
    let step = (old[fromEnd - 1] as Axis).stride;
    for (let i = toEnd - 1; i >= to; i--) {
      const axis = wanted[i] as number;
      out[axis] = step;
      step = times(step, made[axis] as Size);
    }
    from = fromEnd;
    to = toEnd;
  }
  return from === old.length && to === wanted.length ? out : undefined;
}

/** Whether a must grow to meet b: it lacks names of b, or is a smaller number. */
function isSmaller(a: Size, b: Size): boolean {
  if (a.names.length !== b.names.length) return a.names.length < b.names.length;
  return a.factor < b.factor;
}
