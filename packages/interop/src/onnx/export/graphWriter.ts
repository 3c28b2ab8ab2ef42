import type { Dim, Expr, Lambda, Shape } from "@chainrule/core";
import { dataTypeOf, type OnnxType } from "../dtype.ts";
import {
  type AttributeValue,
  constantNode,
  DOMAIN,
  functionProto,
  graphProto,
  nodeProto,
  valueInfo,
} from "../model.ts";
import { Names } from "../names.ts";
import type { GraphProto, NodeProto, ValueInfoProto } from "../proto/onnx_pb.ts";
import { ExportState } from "./exportState.ts";
import { isConstant, unwritten } from "./unwritten.ts";

/** How an op is written: nodes are added, and the name of the result, or of each result, is given. */
export type Rule = (w: GraphWriter, node: Expr) => string | readonly string[];

/** The rules by the names of the ops. */
export type Rules = Readonly<Record<string, Rule>>;

/** Names that results should bear, and the modules they were built under. */
export interface Labels {
  readonly names: ReadonlyMap<Expr, string>;
  /** Names that are promised to one node each. */
  readonly outputs: ReadonlyMap<Expr, string>;
  readonly scopes: ReadonlyMap<Expr, readonly string[]>;
}

/** Writes nodes of core as nodes of one ONNX graph, or of a graph inside it. */
export class GraphWriter {
  readonly state: ExportState;
  readonly nodes: NodeProto[];
  /** Types of the results, for readers of the file. */
  readonly types: ValueInfoProto[] = [];
  readonly #rules: Rules;
  readonly #values = new Map<Expr, string | readonly string[]>();
  readonly #reads = new Map<Expr, Set<number>>();
  /** How many nodes, and results of the graph, read each node. */
  readonly #readers = new Map<Expr, number>();
  readonly #casts = new Map<string, string>();
  readonly #castValues = new Set<string>();
  /** The node that each value is the result of. */
  readonly #owners = new Map<string, Expr>();
  readonly #inputs: readonly string[];
  readonly #labels: Labels | undefined;
  #scope = "";

  /** `inputs` are the values of a closed sub-graph's arguments. */
  constructor(
    state: ExportState,
    rules: Rules,
    nodes: NodeProto[],
    inputs: readonly string[] = [],
    labels?: Labels,
  ) {
    this.state = state;
    this.#rules = rules;
    this.nodes = nodes;
    this.#inputs = inputs;
    this.#labels = labels;
  }

  /** Says which value an input has. */
  bind(node: Expr, value: string): void {
    this.#values.set(node, value);
  }

  /** Adds a node with one result, and gives the result's name. */
  op(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    return this.ops(opType, inputs, 1, attributes)[0] as string;
  }

  /** Adds a node with several results. */
  ops(
    opType: string,
    inputs: readonly string[],
    count: number,
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): readonly string[] {
    const outputs = Array.from({ length: count }, () => this.state.names.fresh(opType));
    const name = `${this.#scope}${outputs[0] ?? opType}`;
    this.nodes.push(nodeProto(name, opType, inputs, outputs, attributes));
    return outputs;
  }

  /**
   * Calls a function that the file holds once, by the name of a node of ours: a reader of the file sees one
   * node, and `fromOnnx` the op itself.
   */
  call(
    name: string,
    inputs: readonly string[],
    write: (inner: GraphWriter, inputs: readonly string[]) => string,
  ): string {
    if (!this.state.functions.has(name)) {
      const parameters = inputs.map((_, i) => `x${i}`);
      const state = new ExportState(this.state.opset, new Names(parameters), {});
      const inner = new GraphWriter(state, this.#rules, state.nodes);
      const output = write(inner, parameters);
      const constants = state.initializers.map((stored) => constantNode(stored));
      const nodes = [...constants, ...state.nodes];
      this.state.functions.set(
        name,
        functionProto(name, { inputs: parameters, output, nodes, opset: this.state.opset }),
      );
    }
    const output = this.op(name, inputs);
    (this.nodes.at(-1) as NodeProto).domain = DOMAIN;
    return output;
  }

  /** Argument i of a node, in an element type, its own unless told. */
  arg(node: Expr, i: number, as?: OnnxType): string {
    return this.value(node.args[i] as Expr, as);
  }

  /** All arguments of a node in an element type. */
  all(node: Expr, as?: OnnxType): string[] {
    return node.args.map((arg) => this.value(arg, as));
  }

  /** The value of a node that is written, in an element type. */
  value(node: Expr, as: OnnxType = node.dtype): string {
    if (isConstant(node)) return this.state.table(node, as);
    const value = this.#values.get(node);
    if (typeof value !== "string") {
      throw new TypeError(`toOnnx: ${node.op.name} must be written before it is read`);
    }
    if (node.dtype === as) return value;
    const key = `${as} ${value}`;
    const known = this.#casts.get(key);
    if (known !== undefined) return known;
    const made = this.cast(value, as);
    this.#casts.set(key, made);
    this.#castValues.add(made);
    return made;
  }

  cast(value: string, to: OnnxType): string {
    return this.op("Cast", [value], { to: dataTypeOf(to) });
  }

  /** A number of an element type. */
  number(value: number, dtype: OnnxType): string {
    return this.state.constant(dtype, [], [value]);
  }

  /** Whole numbers as shapes, axes and places need them. */
  ints(values: readonly number[]): string {
    return this.state.constant("i64", [values.length], values);
  }

  /** A size as a value of shape [1]. */
  size(dim: Dim): string {
    return this.state.sizeValue(dim);
  }

  /** A shape as a value. */
  shape(shape: Shape): string {
    return this.state.shapeValue(shape);
  }

  /** Elements in another shape. */
  reshape(value: string, shape: Shape): string {
    const dims = this.state.dims(shape);
    const named = dims.filter((dim) => typeof dim === "string").length;
    if (!dims.includes(0) && named === 1) {
      // One size may be left to the runtime, which checkers can follow.
      return this.op("Reshape", [
        value,
        this.ints(dims.map((dim) => (typeof dim === "string" ? -1 : dim))),
      ]);
    }
    return this.op("Reshape", [value, this.shape(dims)], { allowzero: 1 });
  }

  /** One number in every place of a shape. */
  filled(value: number, dtype: OnnxType, shape: Shape): string {
    return this.op("Expand", [this.number(value, dtype), this.shape(shape)]);
  }

  /** A reduction; axes were an attribute of most before opset 18, and are an input since. */
  reduce(opType: string, value: string, axes: readonly number[], keepDims: boolean): string {
    const keepdims = keepDims ? 1 : 0;
    if (opType === "ReduceSum" || this.state.opset >= 18) {
      return this.op(opType, [value, this.ints(axes)], { keepdims });
    }
    return this.op(opType, [value], { axes, keepdims });
  }

  /** Writes other nodes in place of one: the same value by other ops. */
  lower(node: Expr): string {
    this.write([node]);
    return this.value(node);
  }

  /** Writes a closed sub-graph in place, on given values. */
  inline({ outputs }: Lambda, inputs: readonly string[]): readonly string[] {
    const inner = new GraphWriter(this.state, this.#rules, this.nodes, inputs);
    inner.#scope = this.#scope;
    inner.write(outputs);
    return outputs.map((output) => inner.value(output));
  }

  /** A graph of its own that sees this one's values. */
  graph(
    name: string,
    inputs: readonly ValueInfoProto[],
    write: (inner: GraphWriter) => readonly (readonly [string, OnnxType, Shape])[],
  ): GraphProto {
    const inner = new GraphWriter(this.state, this.#rules, []);
    inner.#scope = this.#scope;
    const results = write(inner);
    const outputs = results.map(([value, dtype, shape]) =>
      // A result may be the outer graph's, or one that is given twice: it gets a name of its own.
      valueInfo(inner.op("Identity", [value]), dtype, this.state.dims(shape)),
    );
    return graphProto({ name, nodes: inner.nodes, inputs, outputs });
  }

  /** Whether some node reads result number i. */
  reads(node: Expr, i: number): boolean {
    return this.#reads.get(node)?.has(i) === true;
  }

  /** Whether a single node reads a node, so that both may be written as one, and it bears no name of the program's. */
  isReadOnce(node: Expr): boolean {
    return this.#readers.get(node) === 1 && this.#labelOf(node) === undefined;
  }

  /** What cannot be written, said at the end with all else; a value stands in for it until then. */
  refuse(node: Expr, why: string): string {
    const label = this.#labels?.names.get(node);
    this.state.problems.add(`${label === undefined ? "" : `${label}: `}${node.op.name}, ${why}`);
    return this.number(0, node.dtype);
  }

  /** Writes nodes with all that they depend on and that is not written yet. */
  write(roots: readonly Expr[]): void {
    const order = unwritten(roots, (node) => this.#values.has(node));
    for (const read of [...roots, ...order.flatMap(({ args }) => args)]) {
      this.#readers.set(read, (this.#readers.get(read) ?? 0) + 1);
    }
    for (const node of order) {
      if (node.op.name !== "item") continue;
      const tuple = node.args[0] as Expr;
      const read = this.#reads.get(tuple) ?? new Set<number>();
      this.#reads.set(tuple, read.add(node.attributes["index"] as number));
    }
    for (const node of order) {
      // An op before it may be lowered to this one.
      if (!this.#values.has(node)) this.#write(node);
    }
  }

  #write(node: Expr): void {
    const { name } = node.op;
    if (name === "argument") {
      this.bind(node, this.#inputs[node.attributes["index"] as number] as string);
      return;
    }
    if (name === "item") {
      const results = this.#values.get(node.args[0] as Expr);
      this.bind(node, results?.[node.attributes["index"] as number] as string);
      return;
    }
    const rule = this.#rules[name];
    const outer = this.#scope;
    const scope = this.#labels?.scopes.get(node);
    if (scope !== undefined) this.#scope = scope.map((part) => `${part}/`).join("");
    const before = this.nodes.length;
    const made = rule === undefined ? this.#defined(node) : rule(this, node);
    this.#values.set(node, typeof made === "string" ? this.#named(node, made, before) : made);
    this.#scope = outer;
  }

  /** An op of another package, by its own definition. */
  #defined(node: Expr): string {
    const lowered = node.op.lower?.(node);
    return lowered === undefined
      ? this.refuse(node, "an op without a form in ONNX and without a lowered form")
      : this.lower(lowered);
  }

  /** Gives the result the name that the program has for it. */
  #named(node: Expr, made: string, before: number): string {
    const last = this.nodes.at(-1);
    if (this.nodes.length === before || last?.output[0] !== made) return made;
    // What another node has a name for keeps it: an op may be lowered to one that is there anyway.
    const owner = this.#owners.get(made);
    if (owner !== undefined && this.#labelOf(owner) !== undefined) return made;
    const output = this.#labels?.outputs.get(node);
    const label = this.#labelOf(node);
    let value = made;
    if (label !== undefined && !this.#castValues.has(made)) {
      value = output ?? this.state.names.fresh(label);
      last.name = `${last.name.slice(0, last.name.length - made.length)}${value}`;
      last.output[0] = value;
      if (owner !== undefined) this.#values.set(owner, value);
    }
    this.#owners.set(value, node);
    if (output === undefined) {
      this.types.push(valueInfo(value, node.dtype, this.state.dims(node.shape)));
    }
    return value;
  }

  #labelOf(node: Expr): string | undefined {
    return this.#labels?.outputs.get(node) ?? this.#labels?.names.get(node);
  }
}
