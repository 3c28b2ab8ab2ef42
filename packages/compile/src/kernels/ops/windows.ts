import type { Attributes, Dim, Shape } from "@chainrule/core";
import { fixed, type Size, sizeOf, times } from "../../plan/size.ts";
import type { KernelContext } from "../../tensor/kernel.ts";
import { integers, type Push } from "../integers.ts";

/** How windows move along one axis: window q begins at element `stride q − before`. */
export interface WindowAxis {
  /** Elements of the input. */
  readonly input: Size;
  /** Windows. */
  readonly output: Size;
  /** Elements of a window. */
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

interface Geometry {
  readonly input: Shape;
  readonly window: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly dilation: readonly number[];
}

/** The axes of a node's windows, of which there are `output`. */
export function windowAxes(attributes: Attributes, output: Shape): WindowAxis[] {
  const { input, window, stride, padding, dilation } = attributes as unknown as Geometry;
  return output.map((dim, axis) => {
    const [before, after] = padding[axis] as readonly [number, number];
    return {
      input: sizeOf(input[axis] as Dim),
      output: sizeOf(dim),
      window: window[axis] as number,
      stride: stride[axis] as number,
      dilation: dilation[axis] as number,
      before,
      after,
    };
  });
}

/** Elements of a window. */
export function windowSize(axes: readonly WindowAxis[]): number {
  return axes.reduce((count, { window }) => count * window, 1);
}

/** The number of windows. */
export function windowCount(axes: readonly WindowAxis[]): Size {
  return axes.map(({ output }) => output).reduce(times, fixed(1));
}

/** Whether some windows reach beyond the input. */
export function isPadded(axes: readonly WindowAxis[]): boolean {
  return axes.some(({ before, after }) => before > 0 || after > 0);
}

/** Elements added along an axis: the padding, and at the end of rows what vectors read in vain. */
function extra(axes: readonly WindowAxis[], index: number, lanes: number): number {
  const { before, after, stride } = axes[index] as WindowAxis;
  return before + after + (index === axes.length - 1 ? lanes * stride : 0);
}

/** Elements of one channel with its padding; an upper bound where lengths are named. */
export function paddedCount(axes: readonly WindowAxis[], lanes: number): Size {
  return axes
    .map(({ input }, index) => {
      const more = extra(axes, index, lanes);
      // n + more ≤ n (1 + more) for n ≥ 1, and without elements there is nothing to do.
      return input.names.length === 0 ? fixed(input.factor + more) : times(fixed(1 + more), input);
    })
    .reduce(times, fixed(1));
}

/** How a padded channel lies in memory. */
export interface PaddedChannel {
  /** Bytes from one element to the next along each axis. */
  readonly strides: readonly Push[];
  /** Bytes of a channel. */
  readonly bytes: Push;
  /** Bytes from the channel's start to the first element that is no padding. */
  readonly first: Push;
}

/** Distances within padded channels of elements of `size` bytes. */
export function paddedChannel(
  { body, size: lengthOf }: Pick<KernelContext, "body" | "size">,
  axes: readonly WindowAxis[],
  size: number,
): PaddedChannel {
  const { get, constant, add, mul, let: let_ } = integers(body);
  const lanes = 16 / size;
  const strides: Push[] = new Array(axes.length);
  let bytes = constant(size);
  for (let index = axes.length - 1; index >= 0; index--) {
    const { input } = axes[index] as WindowAxis;
    strides[index] = bytes;
    const length = add(lengthOf(input), constant(extra(axes, index, lanes)));
    bytes = get(let_(mul(bytes, length)));
  }
  const first = axes
    .map(({ before }, index) => mul(constant(before), strides[index] as Push))
    .reduce((a, b) => add(a, b));
  return { strides, bytes, first: get(let_(first)) };
}
