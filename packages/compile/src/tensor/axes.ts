import type { Shape } from "@chainrule/core";
import { fixedValue, type Size, sameSize, sizeOf, times } from "../plan/size.ts";

/** The axes that a loop walks, outermost first, and the strides along them of all that it touches. */
export interface LoopAxes {
  readonly sizes: readonly Size[];
  readonly strides: readonly (readonly Size[])[];
  /** Which axis of the space each was; that of the innermost where several are joined. */
  readonly origins: readonly number[];
}

/**
 * The axes of a space without those of length 1. Neighbours that may be joined, and along which all accesses run
 * on as along one, are: a loop over a whole tensor has one axis.
 */
export function loopAxes(
  space: Shape,
  strides: readonly (readonly Size[])[],
  mayJoin: (axis: number) => boolean,
): LoopAxes {
  const kept = space.flatMap((dim, axis) => (dim === 1 ? [] : [axis]));
  const sizes: Size[] = [];
  const origins: number[] = [];
  const walked: Size[][] = strides.map(() => []);
  for (const axis of kept) {
    const size = sizeOf(space[axis] as Shape[number]);
    const runsOn =
      sizes.length > 0 &&
      mayJoin(axis) &&
      mayJoin(origins.at(-1) as number) &&
      strides.every((own, i) => {
        const outer = walked[i]?.at(-1) as Size;
        return sameSize(outer, times(own[axis] as Size, size));
      });
    if (runsOn) {
      sizes[sizes.length - 1] = times(sizes.at(-1) as Size, size);
      origins[origins.length - 1] = axis;
    } else {
      sizes.push(size);
      origins.push(axis);
    }
    strides.forEach((own, i) => {
      const list = walked[i] as Size[];
      if (runsOn) list[list.length - 1] = own[axis] as Size;
      else list.push(own[axis] as Size);
    });
  }
  return { sizes, strides: walked, origins };
}

/** Whether a stride is known to be 0. */
export function stays(stride: Size): boolean {
  return fixedValue(stride) === 0;
}
