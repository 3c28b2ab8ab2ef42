import { ArgumentError, describe, formatShape, ShapeError, Tensor } from "@chainrule/core";
import type { Dataset } from "./dataset.ts";

/** Element types of inputs. */
export type NumberType = "f64" | "f32";

/** Throws ArgumentError unless a value is a tensor. */
function checkTensor(where: string, value: unknown): asserts value is Tensor {
  if (value instanceof Tensor) return;
  throw new ArgumentError(`${where}: there must be a tensor, got ${describe(value)}`);
}

/** Number of examples: the size of the first axis. Throws ShapeError for a number without axes. */
export function countRows(where: string, tensor: Tensor): number {
  checkTensor(where, tensor);
  const [rows] = tensor.shape;
  if (rows !== undefined) return rows;
  throw new ShapeError(`${where}: the first axis must hold the examples, got shape []`);
}

/**
 * Number of examples of a set.
 *
 * Throws ShapeError where inputs and targets differ in number, ArgumentError where there are none.
 */
export function checkCounts(where: string, set: Dataset): number {
  if (typeof set !== "object" || set === null) {
    throw new ArgumentError(`${where}: a set must be { inputs, targets }, got ${describe(set)}`);
  }
  const { inputs, targets } = set;
  const rows = countRows(`${where}: inputs`, inputs);
  const others = countRows(`${where}: targets`, targets);
  if (rows !== others) {
    throw new ShapeError(
      `${where}: there must be one target for every input, got ${others} targets ${formatShape(targets.shape)} for ${rows} inputs ${formatShape(inputs.shape)}`,
    );
  }
  if (rows > 0) return rows;
  throw new ArgumentError(`${where}: there must be at least one example, got an empty set`);
}

/** As `checkCounts`, and throws ArgumentError for NaN and ∞ among the numbers. */
export function checkDataset(where: string, set: Dataset): number {
  const rows = checkCounts(where, set);
  checkFinite(`${where}: inputs`, set.inputs);
  checkFinite(`${where}: targets`, set.targets);
  return rows;
}

/** Throws ArgumentError at the first NaN or ∞, with its place. */
export function checkFinite(where: string, { data, shape }: Tensor): void {
  if (data instanceof Int32Array || data instanceof Uint8Array) return;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    throw new ArgumentError(
      `${where}: numbers must be finite, got ${data[i]} at ${placeOf(i, shape)}`,
    );
  }
}

/** Throws ArgumentError unless all labels are whole numbers 0 … classes − 1. */
export function checkLabels(where: string, labels: Tensor, classes: number): void {
  checkTensor(where, labels);
  const { data, shape } = labels;
  checkWhole(where, "classes", classes, 1);
  for (let i = 0; i < data.length; i++) {
    const label = data[i] as number;
    if (Number.isInteger(label) && label >= 0 && label < classes) continue;
    throw new ArgumentError(
      `${where}: labels must be whole numbers 0 … ${classes - 1} for ${classes} classes, got ${label} at ${placeOf(i, shape)}`,
    );
  }
}

/** Throws ArgumentError unless the option is a whole number, at least `least`. */
export function checkWhole(where: string, name: string, value: unknown, least: number): void {
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  throw new ArgumentError(
    `${where}: ${name} must be a whole number ≥ ${least}, got ${describe(value)}`,
  );
}

/** Throws ArgumentError unless the option is a number within the bounds. */
export function checkWithin(
  where: string,
  name: string,
  value: unknown,
  least: number,
  most: number = Number.MAX_VALUE,
): void {
  if (typeof value === "number" && value >= least && value <= most) return;
  const range = most === Number.MAX_VALUE ? `≥ ${least}` : `between ${least} and ${most}`;
  throw new ArgumentError(`${where}: ${name} must be a number ${range}, got ${describe(value)}`);
}

/** Throws ArgumentError unless a seed is given. */
export function checkSeed(where: string, seed: unknown): void {
  if (Number.isSafeInteger(seed)) return;
  throw new ArgumentError(
    `${where}: seed must be a whole number, such as { seed: 1 }, so that a run can be repeated, got ${describe(seed)}`,
  );
}

/** Row-major place of an element: `[2, 0]`. */
export function placeOf(index: number, shape: readonly number[]): string {
  let rest = index;
  const place: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    place.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `[${place.join(", ")}]`;
}
