import type { Dim, Shape } from "@chainrule/core";

/** A length that is known when sizes are: `factor · Π names`. Strides and counts are such products. */
export interface Size {
  readonly factor: number;
  /** Named sizes, sorted; one may occur twice. */
  readonly names: readonly string[];
}

/** A number as a size. */
export function fixed(factor: number): Size {
  return { factor, names: [] };
}

/** The length of an axis. */
export function sizeOf(dim: Dim): Size {
  return typeof dim === "number" ? fixed(dim) : { factor: 1, names: [dim] };
}

/** `a b` */
export function times(a: Size, b: Size): Size {
  const factor = a.factor * b.factor;
  if (factor === 0) return fixed(0);
  if (b.names.length === 0) return b.factor === 1 ? a : { factor, names: a.names };
  return { factor, names: [...a.names, ...b.names].sort() };
}

/** `a / b`, where that is a whole number whatever the names are; undefined otherwise. */
export function quotient(a: Size, b: Size): Size | undefined {
  const names = [...a.names];
  for (const name of b.names) {
    const at = names.indexOf(name);
    if (at < 0) return undefined;
    names.splice(at, 1);
  }
  const factor = a.factor / b.factor;
  return Number.isInteger(factor) ? { factor, names } : undefined;
}

/** The number of elements of a shape. */
export function countOf(shape: Shape): Size {
  return shape.map(sizeOf).reduce(times, fixed(1));
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): Size[] {
  const out: Size[] = new Array(shape.length);
  let step = fixed(1);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    out[axis] = step;
    step = times(step, sizeOf(shape[axis] as Dim));
  }
  return out;
}

/** Whether two lengths are the same for all values of their names. */
export function sameSize(a: Size, b: Size): boolean {
  return a.factor === b.factor && a.names.join() === b.names.join();
}

/** The value, if it does not depend on names. */
export function fixedValue({ factor, names }: Size): number | undefined {
  return names.length === 0 ? factor : undefined;
}

/** `2·batch` */
export function formatSize({ factor, names }: Size): string {
  const shown = factor === 1 && names.length > 0 ? names : [factor, ...names];
  return shown.join("·");
}

/** The value for given lengths of names. Throws Error for a name without one: callers check before. */
export function lengthOf({ factor, names }: Size, sizes: ReadonlyMap<string, number>): number {
  let out = factor;
  for (const name of names) {
    const size = sizes.get(name);
    if (size === undefined) throw new Error(`lengthOf: size "${name}" must be known, got none`);
    out *= size;
  }
  return out;
}
