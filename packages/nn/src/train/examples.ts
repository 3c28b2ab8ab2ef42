import {
  ArgumentError,
  allocate,
  type Bindable,
  describe,
  Expr,
  formatShape,
  fromNested,
  type Nested,
  type Shape,
  ShapeError,
  Tensor,
  type TypedArray,
} from "@chainrule/core";
import type { Flow } from "../model/index.ts";

/** What may be given for inputs or targets. */
export type Values = Tensor | Nested;

/** Examples along the first axis; inputs by name where the model has several. */
export interface Examples {
  readonly inputs: Values | { readonly [name: string]: Values };
  /** May be left out where the loss asks for none, as in a game of generator and discriminator. */
  readonly targets?: Values;
}

/** Examples as tensors, by the names of the program's inputs. */
export interface Table {
  readonly count: number;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** The inputs that examples belong to. */
export interface TableInputs {
  readonly inputs: Readonly<Record<string, Expr>>;
  readonly target: Expr;
  /** Whether a loss or a metric depends on the target. */
  readonly usesTarget: boolean;
  /** What the model gives, to be named beside targets that do not fit. */
  readonly prediction?: { readonly output: Flow };
}

/**
 * Checks examples and gives them the shapes of the program's inputs.
 *
 * Targets [n] of a program that wants [n, 1] are reshaped. Throws with a sentence for a wrong axis, an empty set,
 * unequal counts.
 */
export function tableOf(
  where: string,
  { inputs, target, usesTarget, prediction }: TableInputs,
  given: Examples,
): Table {
  const whole = typeof given === "object" && given !== null && "inputs" in given;
  const targets = whole && usesTarget ? given.targets : undefined;
  if (!whole || (usesTarget && targets === undefined)) {
    throw new ArgumentError(
      `${where}: examples must be { inputs, targets }, got ${describe(given)}`,
    );
  }
  const tensors = inputTensors(where, inputs, given.inputs);
  if (targets !== undefined) {
    const output = prediction?.output;
    const beside = output instanceof Expr ? output.shape : undefined;
    tensors["target"] = fitted(`${where}: targets`, targets, target, beside);
  }
  return { count: countOf(where, tensors), tensors };
}

/** Inputs alone, checked. */
export function inputTable(
  where: string,
  inputs: TableInputs["inputs"],
  given: Examples["inputs"],
): Table {
  const tensors = inputTensors(where, inputs, given);
  return { count: countOf(where, tensors), tensors };
}

function inputTensors(
  where: string,
  inputs: TableInputs["inputs"],
  given: Examples["inputs"],
): Record<string, Tensor> {
  const names = Object.keys(inputs);
  if (names.length === 1 && names[0] === "input") {
    const input = inputs["input"] as Expr;
    return { input: fitted(`${where}: inputs`, given as Values, input) };
  }
  const byName = given as Readonly<Record<string, Values>>;
  return Object.fromEntries(
    names.map((name) => {
      const value = byName[name];
      if (value === undefined) {
        throw new ArgumentError(`${where}: inputs must hold ${names.join(", ")}, got no ${name}`);
      }
      const input = inputs[name] as Expr;
      return [name, fitted(`${where}: ${name}`, value, input)];
    }),
  );
}

function toTensor(where: string, given: Values, { dtype }: Expr): Tensor {
  if (given instanceof Tensor) return given;
  return fromNested(where, given, dtype === "f32" ? "f32" : "f64");
}

/** A tensor of an input's element type and, but for named sizes, of its shape; `beside` is the output's. */
function fitted(label: string, values: Values, input: Expr, beside?: Shape): Tensor {
  const { shape, dtype } = input;
  const given = toTensor(label, values, input);
  if (given.shape[0] === 0) {
    throw new ArgumentError(`${label}: there must be an example, got none`);
  }
  const missing = given.shape.length === shape.length - 1 && shape.at(-1) === 1;
  const own = missing ? [...given.shape, 1] : given.shape;
  const fits =
    own.length === shape.length &&
    shape.every((dim, axis) => typeof dim === "string" || dim === own[axis]);
  if (!fits) {
    throw new ShapeError(
      `${label} must have shape ${formatShape(shape)}, got ${formatShape(given.shape)}${beside === undefined ? "" : `; the output has shape ${formatShape(beside)}`}`,
    );
  }
  if (given.dtype === dtype && !missing) return given;
  const data = allocate(dtype, given.data.length);
  for (let i = 0; i < data.length; i++) {
    const item = given.data[i] as number;
    data[i] = item;
    if (dtype === "i32" && data[i] !== item) {
      throw new ArgumentError(
        `${label} must be whole numbers, got ${item} at row ${rowOf(given, i)}`,
      );
    }
  }
  return new Tensor(own, data, dtype);
}

function rowOf({ shape, data }: Tensor, index: number): number {
  return Math.floor((index * (shape[0] ?? 1)) / Math.max(1, data.length));
}

function countOf(where: string, tensors: Readonly<Record<string, Tensor>>): number {
  const counts = Object.entries(tensors).map(([name, { shape }]) => [name, shape[0] ?? 0] as const);
  const [[, first]] = counts as [[string, number]];
  const other = counts.find(([, count]) => count !== first);
  if (other !== undefined) {
    throw new ShapeError(
      `${where}: inputs and targets must have equally many rows, got ${first} and ${other[1]}`,
    );
  }
  return first;
}

/** Throws ArgumentError naming the first row of inputs that holds NaN or ∞. */
export function checkFinite(where: string, { tensors }: Table): void {
  const found = nonFiniteRow(tensors);
  if (found !== undefined) throw new ArgumentError(`${where}: ${found}; clean the data first`);
}

/** What is wrong in the first row of inputs that holds NaN or ∞; nothing, if all are finite. */
export function nonFiniteRow(tensors: Table["tensors"]): string | undefined {
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor.dtype === "i32" || tensor.dtype === "bool") continue;
    const { data } = tensor;
    if (allFinite(data)) continue;
    for (let i = 0; i < data.length; i++) {
      if (Number.isFinite(data[i])) continue;
      return `${name} must be finite numbers, got ${data[i]} in row ${rowOf(tensor, i)}`;
    }
  }
  return undefined;
}

/** `0 · x` is 0 for every finite x, and NaN for all others: sums tell, faster than a test of each. */
function allFinite(data: TypedArray): boolean {
  // Four sums, since each addition waits for the one before.
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = data.length - (data.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += (data[i] as number) * 0;
    b += (data[i + 1] as number) * 0;
    c += (data[i + 2] as number) * 0;
    d += (data[i + 3] as number) * 0;
  }
  for (let i = whole; i < data.length; i++) a += (data[i] as number) * 0;
  return a + b + c + d === 0;
}

/** Rows of a table, copied out batch by batch. */
export class Gatherer {
  readonly names: readonly string[];
  readonly #table: Table;
  readonly #room = new Map<number, Readonly<Record<string, Tensor>>>();

  constructor(table: Table) {
    this.#table = table;
    this.names = Object.keys(table.tensors);
  }

  /** Rows of the table by their numbers. The tensors are valid until the next call for as many rows. */
  rows(order: Int32Array, start: number, end: number): Readonly<Record<string, Tensor>> {
    const count = end - start;
    let room = this.#room.get(count);
    if (room === undefined) {
      room = Object.fromEntries(
        Object.entries(this.#table.tensors).map(([name, { shape, dtype, data }]) => {
          const own = allocate(dtype, (data.length / this.#table.count) * count);
          return [name, new Tensor([count, ...shape.slice(1)], own, dtype)];
        }),
      );
      this.#room.set(count, room);
    }
    for (const name of this.names) this.#copy(name, (room[name] as Tensor).data, order, start, end);
    return room;
  }

  /** Writes the rows into arrays by name; false, and nothing written, if these have another size. */
  writeTo(
    views: Readonly<Record<string, TypedArray>>,
    order: Int32Array,
    start: number,
    end: number,
  ): boolean {
    const { tensors, count } = this.#table;
    for (const name of this.names) {
      const wanted = ((tensors[name] as Tensor).data.length / count) * (end - start);
      if (views[name]?.length !== wanted) return false;
    }
    for (const name of this.names) this.#copy(name, views[name] as TypedArray, order, start, end);
    return true;
  }

  #copy(name: string, to: TypedArray, order: Int32Array, start: number, end: number): void {
    const { data } = this.#table.tensors[name] as Tensor;
    const width = data.length / this.#table.count;
    for (let i = start; i < end; i++) {
      const from = (order[i] as number) * width;
      if (width === 1) to[i - start] = data[from] as number;
      else to.set(data.subarray(from, from + width), (i - start) * width);
    }
  }
}

/** Rows `start … end − 1` of a table, as views. */
export function rowsBetween(table: Table, start: number, end: number): Record<string, Bindable> {
  return Object.fromEntries(
    Object.entries(table.tensors).map(([name, { shape, dtype, data }]) => {
      const width = data.length / table.count;
      const part = data.subarray(start * width, end * width);
      return [name, new Tensor([end - start, ...shape.slice(1)], part, dtype)];
    }),
  );
}
