import { allocate, roundTo } from "./dtype.ts";
import { BindingError, describe } from "./errors.ts";
import { Expr } from "./expr.ts";
import { parameter, variable } from "./ops/leaf.ts";
import { formatShape, type Shape } from "./shape.ts";
import { asValue, fromNested, type Nested, Tensor, type Value } from "./tensor.ts";

/** What may be given for a variable: a number, nested arrays, a typed array, or a tensor. */
export type Bindable = Nested | Tensor | Float64Array | Float32Array | Int32Array | Uint8Array;

/** Values by name, or by node. */
export type Bindings = Readonly<Record<string, Bindable>> | ReadonlyMap<Expr, Bindable>;

/** Values of the inputs, and the named sizes they fix. */
export interface Bound {
  readonly values: ReadonlyMap<Expr, Value>;
  readonly sizes: ReadonlyMap<string, number>;
}

/** Options of `bind`. */
export interface BindOptions {
  readonly extra?: "refuse" | "allow";
  /** Lengths of named axes that no input fixes. */
  readonly sizes?: Readonly<Record<string, number>>;
}

/** Whether a node is an input of a program. */
export function isInput(node: Expr): boolean {
  return node.op === variable.op || node.op === parameter.op;
}

/** The name a leaf bears, as variables and parameters do. */
export function nameOf(node: Expr): string | undefined {
  return isInput(node) ? (node.attributes["name"] as string) : undefined;
}

/**
 * Checks and converts what a user gives for the inputs, before any work begins.
 *
 * Throws BindingError for a missing name, a name two inputs bear, a wrong shape or element; with
 * `extra: "refuse"` also for a name that no input bears.
 */
export function bind(
  where: string,
  inputs: readonly Expr[],
  bindings: Bindings,
  { extra = "allow", sizes: known = {} }: BindOptions = {},
): Bound {
  const given = byNode(where, inputs, bindings, extra);
  const values = new Map<Expr, Value>();
  const sizes = knownSizes(where, known);
  const missing: string[] = [];
  for (const input of inputs) {
    const value = given.get(input);
    if (value === undefined) missing.push(nameOf(input) as string);
    else values.set(input, convert(where, input, value, sizes));
  }
  // An input that the expressions no longer need still tells the sizes of its axes: the gradient of
  // a sum is all ones, as many as its variable has elements.
  for (const [node, value] of given) {
    if (value !== undefined && !values.has(node) && isInput(node))
      convert(where, node, value, sizes);
  }
  if (missing.length > 0) {
    throw new BindingError(
      `${where}: every input must have a value, got none for ${listNames(missing)}${unknownNames(inputs, bindings)}`,
    );
  }
  return { values, sizes };
}

function knownSizes(where: string, known: Readonly<Record<string, number>>): Map<string, number> {
  for (const [name, size] of Object.entries(known)) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new BindingError(
        `${where}: size "${name}" must be a whole number ≥ 0, got ${describe(size)}`,
      );
    }
  }
  return new Map(Object.entries(known));
}

function listNames(names: readonly string[]): string {
  const more = names.length > 10 ? ` and ${names.length - 10} more` : "";
  return `${names.slice(0, 10).join(", ")}${more}`;
}

/** A misspelt name leaves its input without a value: it is said beside that. */
function unknownNames(inputs: readonly Expr[], bindings: Bindings): string {
  if (bindings instanceof Map) return "";
  const known = new Set(inputs.map(nameOf));
  const unknown = Object.keys(bindings).filter((name) => !known.has(name));
  return unknown.length === 0 ? "" : `; no input bears the name ${listNames(unknown)}`;
}

function byNode(
  where: string,
  inputs: readonly Expr[],
  bindings: Bindings,
  extra: "refuse" | "allow",
): ReadonlyMap<Expr, Bindable> {
  if (bindings instanceof Map) {
    for (const node of bindings.keys()) {
      if (!(node instanceof Expr)) {
        throw new BindingError(`${where}: keys of a map must be nodes, got ${describe(node)}`);
      }
      if (extra === "refuse" && !inputs.includes(node)) {
        throw new BindingError(
          `${where}: bound nodes must be inputs of the expressions, got ${nameOf(node) ?? node.toString()}`,
        );
      }
    }
    return bindings;
  }
  if (bindings === null || typeof bindings !== "object") {
    throw new BindingError(
      `${where}: values must be given by name or by node, got ${describe(bindings)}`,
    );
  }
  const named = new Map<string, Expr[]>();
  for (const input of inputs) {
    const name = nameOf(input) as string;
    const bearers = named.get(name);
    if (bearers === undefined) named.set(name, [input]);
    else bearers.push(input);
  }
  const out = new Map<Expr, Bindable>();
  for (const [name, value] of Object.entries(bindings as Record<string, Bindable>)) {
    const bearers = named.get(name);
    if (bearers === undefined) {
      if (extra === "allow") continue;
      const known = [...named.keys()].slice(0, 10).join(", ");
      throw new BindingError(
        `${where}: values must belong to an input (${known || "there is none"}), got "${name}"`,
      );
    }
    if (bearers.length > 1) {
      const types = bearers.map(
        (node) => `${node.op.name} ${node.dtype}${formatShape(node.shape)}`,
      );
      throw new BindingError(
        `${where}: a name must stand for one node, got "${name}" for ${types.join(" and ")}; bind by node, in a Map`,
      );
    }
    out.set(bearers[0] as Expr, value);
  }
  return out;
}

function convert(where: string, input: Expr, given: Bindable, sizes: Map<string, number>): Value {
  const label = `${where}: ${nameOf(input) ?? "input"}`;
  const { shape, dtype } = input;
  if (typeof given === "number" || typeof given === "boolean") {
    if (shape.length > 0) throw wrongShape(label, shape, []);
    return checkElement(label, Number(given), input);
  }
  const tensor = toTensor(label, given, input, sizes);
  unify(label, shape, tensor.shape, sizes);
  if (tensor.dtype === dtype) return asValue(tensor);
  const data = allocate(dtype, tensor.data.length);
  for (let i = 0; i < data.length; i++) {
    data[i] = checkElement(label, tensor.data[i] as number, input);
  }
  return asValue(new Tensor(tensor.shape, data, dtype));
}

function toTensor(label: string, given: unknown, input: Expr, sizes: Map<string, number>): Tensor {
  if (given instanceof Tensor) return given;
  if (Array.isArray(given)) {
    // Integers and truth values are checked element by element, so nothing is rounded unseen.
    const exact = input.dtype === "f32" || input.dtype === "f64";
    return fromNested(label, given as Nested, exact ? input.dtype : "f64");
  }
  const typed =
    given instanceof Float64Array ||
    given instanceof Float32Array ||
    given instanceof Int32Array ||
    given instanceof Uint8Array;
  if (!typed) {
    throw new BindingError(
      `${label}: a value must be a number, an array or a tensor, got ${describe(given)}`,
    );
  }
  return new Tensor(shapeOfFlat(label, input.shape, given.length, sizes), given);
}

/** A flat typed array has the declared shape, of which one named size may still be open. */
function shapeOfFlat(
  label: string,
  shape: Shape,
  length: number,
  sizes: ReadonlyMap<string, number>,
): readonly number[] {
  let known = 1;
  let open: string | undefined;
  for (const dim of shape) {
    const size = typeof dim === "number" ? dim : sizes.get(dim);
    if (size !== undefined) known *= size;
    else if (open === undefined) open = dim as string;
    else throw wrongShape(label, shape, [length]);
  }
  const rest = open === undefined ? 1 : length / known;
  if (!Number.isInteger(rest) || known * rest !== length) throw wrongShape(label, shape, [length]);
  return shape.map((dim) => (typeof dim === "number" ? dim : (sizes.get(dim) ?? rest)));
}

function unify(
  label: string,
  shape: Shape,
  given: readonly number[],
  sizes: Map<string, number>,
): void {
  if (shape.length !== given.length) throw wrongShape(label, shape, given);
  for (let axis = 0; axis < shape.length; axis++) {
    const dim = shape[axis] as number | string;
    const size = given[axis] as number;
    if (typeof dim === "number") {
      if (dim !== size) throw wrongShape(label, shape, given);
      continue;
    }
    const before = sizes.get(dim);
    if (before !== undefined && before !== size) {
      throw new BindingError(
        `${label}: size "${dim}" must be ${before} as in the inputs before, got shape ${formatShape(given)}`,
      );
    }
    sizes.set(dim, size);
  }
}

function wrongShape(label: string, shape: Shape, given: readonly number[]): BindingError {
  return new BindingError(
    `${label}: shape must be ${formatShape(shape)}, got ${formatShape(given)}`,
  );
}

function checkElement(label: string, value: number, { dtype }: Expr): number {
  const rounded = roundTo(dtype, value);
  if ((dtype === "i32" || dtype === "bool") && rounded !== value) {
    const what = dtype === "i32" ? "a 32-bit integer" : "0 or 1";
    throw new BindingError(`${label}: elements must be ${what}, got ${value}`);
  }
  return rounded;
}
