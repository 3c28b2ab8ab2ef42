import type { Dim, Shape } from "@chainrule/core";
import { countOf, type Size, sizeOf } from "../../plan/size.ts";

/**
 * Number of elements before, along and after an axis: the position of (o, i, r) is (o n + i) m + r.
 */
export interface Around {
  readonly outer: Size;
  readonly length: Size;
  readonly inner: Size;
}

/** The elements around an axis. */
export function aroundAxis(shape: Shape, axis: number): Around {
  return {
    outer: countOf(shape.slice(0, axis)),
    length: sizeOf(shape[axis] as Dim),
    inner: countOf(shape.slice(axis + 1)),
  };
}
