import { allocate, type DType, dtypes, roundTo } from "../dtype.ts";
import { ArgumentError, ChainruleError, describe } from "../errors.ts";
import { type Attribute, type Attributes, type Expr, Lambda, NONE } from "../expr.ts";
import { apply, applyUnique } from "../intern.ts";
import type { Op } from "../op.ts";
import { checkType } from "../operands.ts";
import { allOps } from "../ops/all.ts";
import { constant, parameter, variable } from "../ops/leaf.ts";
import { elementCount, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { type GraphJSON, MAX_NESTING, SINGLE, VERSION } from "./graphJSON.ts";

/** Options of `fromJSON`. */
export interface FromJSONOptions {
  /** A user's own ops, known by name. */
  readonly ops?: readonly Op[];
  /** Existing nodes that stand for the parameters of these labels; new ones are made otherwise. */
  readonly parameters?: Readonly<Record<string, Expr>>;
  /** The most nodes accepted. */
  readonly maxNodes?: number;
}

/** Graphs of some million nodes fit; more is taken for a mistake or an attack. */
const MAX_NODES = 20_000_000;

/**
 * The expressions of a text or plain data that `toJSON` made: `fromJSON(toJSON(e)) === e`, since
 * equal nodes are one. Parameters are themselves: give the existing ones, or new ones are made.
 *
 * Throws ArgumentError, before anything is kept, if the data is malformed, cyclic, too large, of another
 * version, or names an op that is not known.
 */
export function fromJSON(
  json: string | GraphJSON,
  options: FromJSONOptions & { readonly single: true },
): Expr;
export function fromJSON(json: string | GraphJSON, options?: FromJSONOptions): Record<string, Expr>;
export function fromJSON(
  json: string | GraphJSON,
  options: FromJSONOptions & { readonly single?: boolean } = {},
): Expr | Record<string, Expr> {
  const data = record("the graph", typeof json === "string" ? parseText(json) : json);
  if (data["format"] !== "chainrule") throw wrong('the format must be "chainrule"', data["format"]);
  if (data["version"] !== VERSION) throw wrong(`the version must be ${VERSION}`, data["version"]);
  const decoder = new Decoder(options);
  const nodes = decoder.nodes(data["nodes"], 0);
  const outputs: Record<string, Expr> = Object.create(null);
  for (const [name, at] of Object.entries(record("outputs", data["outputs"]))) {
    outputs[name] = pick(nodes, at, `output ${describe(name)}`);
  }
  if (options.single !== true) return outputs;
  const single = outputs[SINGLE];
  if (single === undefined)
    throw wrong(`there must be an output "${SINGLE}"`, Object.keys(outputs));
  return single;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrong("the text must be JSON", (error as Error).message);
  }
}

function wrong(what: string, got: unknown): ArgumentError {
  return new ArgumentError(`fromJSON: ${what}, got ${describe(got)}`);
}

function record(what: string, value: unknown): Record<string, unknown> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw wrong(`${what} must be an object`, value);
  }
  return value as Record<string, unknown>;
}

function pick(nodes: readonly Expr[], at: unknown, what: string): Expr {
  const node = typeof at === "number" ? nodes[at] : undefined;
  if (node === undefined) throw wrong(`${what} must be a position before it`, at);
  return node;
}

class Decoder {
  readonly #ops: ReadonlyMap<string, Op>;
  readonly #parameters: Readonly<Record<string, Expr>>;
  #budget: number;

  constructor({ ops = [], parameters = {}, maxNodes = MAX_NODES }: FromJSONOptions) {
    this.#ops = new Map([...allOps, ...ops].map((op) => [op.name, op]));
    this.#parameters = parameters;
    this.#budget = maxNodes;
  }

  nodes(list: unknown, nesting: number): Expr[] {
    if (!Array.isArray(list)) throw wrong("nodes must be an array", list);
    if (nesting > MAX_NESTING)
      throw wrong(`sub-graphs must nest at most ${MAX_NESTING} deep`, nesting);
    this.#budget -= list.length;
    if (this.#budget < 0) throw wrong("there must be fewer nodes", list.length);
    const made: Expr[] = [];
    for (let i = 0; i < list.length; i++) made.push(this.#node(list[i], made, i, nesting));
    return made;
  }

  #node(entry: unknown, made: readonly Expr[], index: number, nesting: number): Expr {
    const where = `node ${index}`;
    if (!Array.isArray(entry) || entry.length < 2 || entry.length > 3) {
      throw wrong(`${where} must be [op, arguments, attributes?]`, entry);
    }
    const [name, positions, fixed] = entry as readonly unknown[];
    const op = typeof name === "string" ? this.#ops.get(name) : undefined;
    if (op === undefined) throw wrong(`${where} must have a known op`, name);
    if (!Array.isArray(positions)) throw wrong(`${where}: arguments must be an array`, positions);
    if (op.arity !== undefined && positions.length !== op.arity) {
      throw wrong(`${where}: ${op.name} must have ${op.arity} arguments`, positions.length);
    }
    const args = positions.map((at) => pick(made, at, `${where}: an argument`));
    const attributes = fixed === undefined ? NONE : this.#attributes(fixed, where, nesting);
    try {
      return this.#make(op, args, attributes);
    } catch (error) {
      if (error instanceof ChainruleError) throw wrong(`${where} must be sound`, error.message);
      // A rule that met attributes it never makes itself; its words would not help.
      throw wrong(`${where}: the attributes must be those of ${op.name}`, Object.keys(attributes));
    }
  }

  #make(op: Op, args: readonly Expr[], attributes: Attributes): Expr {
    const { name, value, shape, dtype } = attributes;
    if (op === variable.op) return variable(name as string, shape as Shape, dtype as DType);
    if (op === constant.op) return constant(value as number | Tensor, dtype as DType);
    if (op === parameter.op) {
      checkType("parameter", shape as Shape, dtype as DType);
      return this.#parameters[name as string] ?? applyUnique(op, attributes);
    }
    const node = apply(op, args, attributes);
    checkType(op.name, node.shape, node.dtype);
    return node;
  }

  #attributes(value: unknown, where: string, nesting: number): Attributes {
    const entries = Object.entries(record(`${where}: attributes`, value));
    return Object.fromEntries(
      entries.map(([name, item]) => [name, this.#decode(item, where, nesting + 1)]),
    );
  }

  #decode(value: unknown, where: string, nesting: number): Attribute {
    if (nesting > MAX_NESTING) throw wrong(`${where}: attributes must nest less deep`, nesting);
    if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") {
      return value;
    }
    if (value === null) return null;
    if (Array.isArray(value)) return value.map((item) => this.#decode(item, where, nesting + 1));
    const tagged = record(`${where}: an attribute`, value);
    const [tag, ...more] = Object.keys(tagged);
    if (more.length > 0) throw wrong(`${where}: a tagged value must have one tag`, tagged);
    switch (tag) {
      case "number":
        return decodeNumber(tagged, where);
      case "tensor":
        return decodeTensor(record(`${where}: a tensor`, tagged["tensor"]), where);
      case "lambda":
        return this.#lambda(record(`${where}: a sub-graph`, tagged["lambda"]), where, nesting);
      case "object":
        return this.#attributes(tagged["object"], where, nesting);
      default:
        throw wrong(`${where}: a tag must be number, tensor, lambda or object`, tag);
    }
  }

  #lambda(data: Record<string, unknown>, where: string, nesting: number): Lambda {
    const { inputs, outputs } = data;
    if (!Array.isArray(inputs) || !Array.isArray(outputs)) {
      throw wrong(`${where}: a sub-graph must have inputs and outputs`, data);
    }
    const types = inputs.map((input) => {
      const { shape, dtype } = record(`${where}: an input`, input);
      return checkType("fromJSON", shape as Shape, dtype as DType);
    });
    const nodes = this.nodes(data["nodes"], nesting + 1);
    return new Lambda(
      types,
      outputs.map((at) => pick(nodes, at, `${where}: an output`)),
    );
  }
}

function decodeNumber(tagged: Record<string, unknown>, where: string): number {
  const text = tagged["number"];
  const known = ["NaN", "Infinity", "-Infinity", "-0"];
  if (typeof text !== "string" || !known.includes(text)) {
    throw wrong(`${where}: a tagged number must be one of ${known.join(", ")}`, text);
  }
  return Number(text);
}

function decodeTensor(data: Record<string, unknown>, where: string): Tensor {
  const { dtype, shape, data: items } = data;
  const type = checkType("fromJSON", shape as Shape, dtype as DType);
  const fixed = type.shape.every((dim) => typeof dim === "number");
  if (!fixed || !dtypes.includes(type.dtype) || !Array.isArray(items)) {
    throw wrong(`${where}: a tensor must have numbers for sizes, a type and data`, data);
  }
  if (elementCount(type.shape as readonly number[]) !== items.length) {
    throw wrong(`${where}: a tensor's data must fill its shape`, items.length);
  }
  const out = allocate(type.dtype, items.length);
  for (let i = 0; i < out.length; i++) {
    const item: unknown = items[i];
    const value = typeof item === "number" ? item : decodeNumber(record(where, item), where);
    if (!Object.is(roundTo(type.dtype, value), value)) {
      throw wrong(`${where}: elements must be exact in ${type.dtype}`, value);
    }
    out[i] = value;
  }
  return new Tensor(type.shape as readonly number[], out, type.dtype);
}
