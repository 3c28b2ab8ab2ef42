import type { Body } from "../../wasm/index.ts";
import { forEach, integers, type Push } from "../integers.ts";

/**
 * Runs `emit` for every index of some axes in row-major order; it receives the locals that hold it.
 */
export function forEachIndex(
  body: Body,
  lengths: readonly Push[],
  emit: (indices: readonly number[]) => void,
): void {
  const { constant, let: let_ } = integers(body);
  const limits = lengths.map(let_);
  const indices = lengths.map(() => body.local("i32"));
  const level = (axis: number): void => {
    const index = indices[axis];
    const limit = limits[axis];
    if (index === undefined || limit === undefined) {
      emit(indices);
      return;
    }
    forEach(body, { index, limit, step: constant(1) }, () => level(axis + 1));
  };
  level(0);
  for (const local of [...limits, ...indices]) body.release(local);
}

/** `base + Σ indexₐ strideₐ` */
export function linear(
  body: Body,
  base: Push,
  indices: readonly number[],
  strides: readonly Push[],
): Push {
  const { get, mul, add } = integers(body);
  return add(base, ...indices.map((index, axis) => mul(get(index), strides[axis] as Push)));
}

/** The product of some lengths. */
export function product(body: Body, lengths: readonly Push[]): Push {
  const { mul, constant } = integers(body);
  return lengths.length === 0 ? constant(1) : lengths.reduce(mul);
}
