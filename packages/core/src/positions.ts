/**
 * `start + Σ_axis i_axis · steps_axis` for every index i of a shape, in row-major order: where the
 * elements of an axis-wise walk lie in storage. A step of 0 repeats.
 */
export function positions(
  shape: readonly number[],
  steps: readonly number[],
  start = 0,
): Int32Array {
  let out = Int32Array.of(start);
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis] as number;
    const step = steps[axis] as number;
    const next = new Int32Array(out.length * size);
    let at = 0;
    for (const base of out) for (let i = 0; i < size; i++) next[at++] = base + i * step;
    out = next;
  }
  return out;
}

/** Number of elements before, along and after an axis: the position of (o, i, r) is (o n + i) m + r. */
export function aroundAxis(
  shape: readonly number[],
  axis: number,
): { readonly outer: number; readonly length: number; readonly inner: number } {
  let outer = 1;
  let inner = 1;
  for (let i = 0; i < shape.length; i++) {
    if (i < axis) outer *= shape[i] as number;
    if (i > axis) inner *= shape[i] as number;
  }
  return { outer, length: shape[axis] as number, inner };
}
