import { ArgumentError, ChainruleError, cast, Expr, Tensor } from "@chainrule/core";
import type { FunctionProto, GraphProto, NodeProto, TensorProto } from "../proto/onnx_pb.ts";
import { Attributes } from "./attributes.ts";
import { foldKnown } from "./foldKnown.ts";
import { functionKey, type ImportState, readAs } from "./importState.ts";
import { asExpr, type OnnxValue } from "./known.ts";
import { NodeReading } from "./nodeReading.ts";
import { ruleOf } from "./rules/index.ts";
import { constantFrom } from "./tensors.ts";

/** Graphs and functions in each other may be so deep. */
const DEEPEST = 64;

/** Reads the nodes of a graph, or of a graph inside it, one after another. */
export class GraphReader {
  readonly state: ImportState;
  readonly #values = new Map<string, OnnxValue>();
  readonly #outer: GraphReader | undefined;
  readonly #depth: number;

  /** `outer` is the graph whose values this one sees. */
  constructor(state: ImportState, outer?: GraphReader, depth = 1) {
    this.state = state;
    this.#outer = outer;
    this.#depth = depth;
    if (depth > DEEPEST) {
      throw new ArgumentError(`graphs must nest at most ${DEEPEST} deep, got more`);
    }
  }

  /** Says what a name stands for. Throws ArgumentError if it stands for something already. */
  bind(name: string, value: OnnxValue): void {
    if (this.#values.has(name)) {
      throw new ArgumentError(
        `a name must be given to one value, got ${JSON.stringify(name)} twice`,
      );
    }
    this.#values.set(name, value);
  }

  /** What a name stands for, here or outside. */
  get(name: string): OnnxValue {
    for (let at: GraphReader | undefined = this; at !== undefined; at = at.#outer) {
      const value = at.#values.get(name);
      if (value !== undefined) return value;
    }
    throw new ArgumentError(
      `the value ${JSON.stringify(name)} must be made before it is read, got it from no input and no earlier node`,
    );
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** A stored tensor as a constant. */
  constant(proto: TensorProto): OnnxValue {
    const read = this.state.tensor(proto);
    return read instanceof Tensor ? this.floats(constantFrom(read)) : read;
  }

  /** Floats in the element type asked for. */
  floats(x: Expr): Expr {
    const dtype = readAs(this.state, x.dtype);
    return dtype === x.dtype ? x : cast(x, dtype);
  }

  /** Reads nodes, which stand in the order of their computation. */
  read(nodes: readonly NodeProto[], given?: Attributes): void {
    for (const [i, node] of nodes.entries()) {
      try {
        this.#read(node, given);
      } catch (error) {
        throw placed(error, node, i);
      }
    }
  }

  /** The outputs of a graph inside this one, for values of its inputs. */
  inner(graph: GraphProto, inputs: readonly OnnxValue[]): readonly OnnxValue[] {
    const reader = new GraphReader(this.state, this, this.#depth + 1);
    for (const proto of graph.initializer) reader.bind(proto.name, reader.constant(proto));
    const asked = graph.input.filter(({ name }) => !reader.has(name));
    if (asked.length > inputs.length) {
      throw new ArgumentError(
        `a graph inside must have at most ${inputs.length} inputs, got ${asked.length}`,
      );
    }
    for (const [i, { name }] of asked.entries()) reader.bind(name, inputs[i] as OnnxValue);
    reader.read(graph.node);
    return graph.output.map(({ name }) => reader.get(name));
  }

  #read(proto: NodeProto, given: Attributes | undefined): void {
    const inputs = proto.input.map((name) => (name === "" ? undefined : this.get(name)));
    const attributes = new Attributes(proto.attribute, given);
    const known = ruleOf(proto.domain, proto.opType) !== undefined;
    const key = functionKey(proto.domain, proto.opType);
    const body = known ? undefined : this.state.functions.get(key);
    const n = new NodeReading(proto, attributes, this, inputs);
    const made = body === undefined ? ruled(n) : this.#call(body, n, inputs);
    const results = Array.isArray(made) ? made : [made];
    for (const [i, name] of proto.output.entries()) {
      if (name === "") continue;
      const result = results[i] as OnnxValue | undefined;
      if (result === undefined) {
        throw new ArgumentError(
          `output ${i} must be one that can be read, got ${JSON.stringify(name)}`,
        );
      }
      this.bind(name, result);
      if (result instanceof Expr) this.#label(result, name, proto.name);
    }
  }

  /** The body of a function of the model, in place. */
  #call(
    body: FunctionProto,
    { attributes }: NodeReading,
    inputs: readonly (OnnxValue | undefined)[],
  ): readonly OnnxValue[] {
    const reader = new GraphReader(this.state, undefined, this.#depth + 1);
    for (const [i, name] of body.input.entries()) {
      const value = inputs[i];
      if (value !== undefined) reader.bind(name, value);
    }
    reader.read(body.node, attributes);
    return body.output.map((name) => reader.get(name));
  }

  /** Keeps the name of a value and the path of its node. */
  #label(value: Expr, name: string, path: string): void {
    const { names, scopes } = this.state;
    if (value.args.length === 0) return;
    if (!names.has(value) && /^\p{L}[\p{L}\p{N}_.]*$/u.test(name)) names.set(value, name);
    const parts = path.split("/").filter((part) => part !== "");
    if (parts.length > 1 && !scopes.has(value)) scopes.set(value, parts.slice(0, -1));
  }
}

/** The result of an operator: folded where everything is known, else by its rule. */
function ruled(n: NodeReading): OnnxValue | readonly (OnnxValue | undefined)[] {
  const { domain, opType } = n.proto;
  const rule = ruleOf(domain, opType);
  if (rule === undefined) {
    throw new ArgumentError(`the operator must be one that can be read, got ${opType}`);
  }
  return foldKnown(n, rule) ?? rule(n);
}

/** An error that says at which node. */
function placed(error: unknown, { name, opType, output }: NodeProto, i: number): unknown {
  if (!(error instanceof ChainruleError) || error.message.includes("\n  at node ")) return error;
  const label =
    name === "" ? `${i}, which makes ${JSON.stringify(output[0] ?? "")}` : JSON.stringify(name);
  error.message = `${error.message}\n  at node ${label} (${opType})`;
  return error;
}

/** Values as expressions. */
export function exprs(values: readonly OnnxValue[]): Expr[] {
  return values.map(asExpr);
}
