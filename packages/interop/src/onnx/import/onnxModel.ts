import {
  ArgumentError,
  type Bindable,
  type DType,
  describe,
  type Expr,
  Program,
  parameter,
  type Tensor,
  topological,
} from "@chainrule/core";
import { type Flow, type Layer, layer } from "@chainrule/nn";
import type { FunctionProto, GraphProto, ModelProto } from "../proto/onnx_pb.ts";
import { type Built, buildGraph } from "./buildGraph.ts";
import { inputsOf, type OnnxInput, type Sizes } from "./inputs.ts";
import type { ExternalReader } from "./tensors.ts";
import { readWeights, type Weight } from "./weights.ts";

/** Options of `fromOnnx`. */
export interface FromOnnxOptions {
  /** Lengths of named sizes that should be fixed: products of them, as in merged axes, need that. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** The element type that floats are read in; that of the file unless given. */
  readonly dtype?: "f32" | "f64";
  /**
   * Which weights training may change; all floats with an axis but the running statistics of batch norms
   * unless given.
   */
  readonly trainable?: (name: string, shape: readonly number[]) => boolean;
  /** Reads a file of weights that lies beside the model's own, by the name that the model has for it. */
  readonly external?: ExternalReader;
}

/** Options of a model's layer. */
export interface OnnxLayerOptions {
  /** The layer's name; "model" unless given. */
  readonly name?: string;
  /** The output that the layer gives, by its name in the file; the first unless given. */
  readonly output?: string;
}

/** What a model is read from. */
export interface ModelParts {
  readonly model: ModelProto;
  readonly graph: GraphProto;
  readonly opset: number;
  readonly functions: ReadonlyMap<string, FunctionProto>;
  readonly options: FromOnnxOptions;
}

/** Behind the name of a state, the name of the output that replaces it, in files of our own. */
const NEXT = ".next";

/** A model of ONNX as a graph, with its weights. */
export class OnnxModel {
  /** Version of ONNX's operators. */
  readonly opset: number;
  /** What wrote the file. */
  readonly producer: string;
  /** The name of the graph. */
  readonly name: string;
  /** Inputs, weights among them, and outputs under their names in the file; modules as scopes. */
  readonly program: Program;
  /** What the file asks for. */
  readonly inputs: Readonly<Record<string, Expr>>;
  readonly outputs: Readonly<Record<string, Expr>>;
  /** The values of those weights that outputs depend on. */
  readonly weights: Readonly<Record<string, Tensor>>;
  /** Names of the weights that training may change. */
  readonly trainable: readonly string[];
  readonly #parts: ModelParts;
  readonly #stored: readonly Weight[];

  /** @internal */
  constructor(parts: ModelParts) {
    const { model, graph, opset, options } = parts;
    this.#parts = parts;
    this.opset = opset;
    this.producer = model.producerName;
    this.name = graph.name;
    const sizes = sizesOf(options);
    this.#stored = readWeights(graph, options);
    const inputs = inputsOf(graph, options);
    const built = this.#build(
      new Map(inputs.map(({ name, make }) => [name, make()])),
      sizes,
      ({ name, tensor }, dtype) => parameter(name, tensor.shape, dtype),
      options.dtype,
    );
    const used = new Set(topological([...built.outputs.values()]).nodes);
    const weights = this.#stored.filter(({ name }) => used.has(built.weights.get(name) as Expr));
    this.inputs = Object.fromEntries(built.inputs);
    this.outputs = Object.fromEntries(built.outputs);
    this.weights = Object.fromEntries(weights.map(({ name, tensor }) => [name, tensor]));
    this.trainable = weights.filter(({ trainable }) => trainable).map(({ name }) => name);
    this.program = this.#program(built, weights);
  }

  /**
   * The model as a layer of nn, whose weights are parameters that begin as they are in the file; what
   * training may not change is state.
   *
   * It takes an expression, or several by name where the file asks for several, and gives one output: the
   * first unless it is named.
   * Throws ArgumentError for an output that the file does not have.
   */
  layer({ name = "model", output }: OnnxLayerOptions = {}): Layer<Flow, Expr> {
    const [first] = Object.keys(this.outputs);
    const wanted = output ?? (first as string);
    if (!Object.hasOwn(this.outputs, wanted)) {
      throw new ArgumentError(
        `layer: the output must be one of ${Object.keys(this.outputs).join(", ")}, got ${describe(wanted)}`,
      );
    }
    return layer(name, (flow: Flow, scope) => {
      const { graph, options } = this.#parts;
      const asked = inputsOf(graph, options);
      const given = flowInputs(flow, asked);
      const sizes = new Map(sizesOf(options));
      for (const { name: label, unify } of asked) unify(given.get(label) as Expr, sizes);
      const { outputs } = this.#build(
        given,
        sizes,
        ({ name: label, tensor, trainable }, dtype) =>
          trainable
            ? scope.parameter(label, tensor.shape, tensor, { dtype })
            : scope.state(label, tensor.shape, tensor, { dtype }).value,
        scope.dtype,
      );
      return outputs.get(wanted) as Expr;
    });
  }

  #build(
    inputs: ReadonlyMap<string, Expr>,
    sizes: Sizes,
    make: (weight: Weight, dtype: DType) => Expr,
    floats: "f32" | "f64" | undefined,
  ): Built {
    return buildGraph({ ...this.#parts, inputs, sizes, weights: this.#stored, make, floats });
  }

  #program(built: Built, weights: readonly Weight[]): Program {
    const { inputs, outputs, names, scopes } = built;
    const ours = this.producer === "chainrule";
    const updates = new Map<Expr, Expr>();
    const definitions = new Map(outputs);
    for (const [name, node] of inputs) {
      const next = ours ? outputs.get(`${name}${NEXT}`) : undefined;
      if (next === undefined) continue;
      updates.set(node, next);
      if (definitions.size > 1) definitions.delete(`${name}${NEXT}`);
    }
    const values: Record<string, Bindable> = {};
    for (const { name, tensor } of weights) {
      values[name] = tensor.shape.length === 0 ? (tensor.data[0] as number) : tensor;
    }
    const variables = [
      ...inputs,
      ...weights.map(({ name }) => [name, built.weights.get(name) as Expr] as const),
    ];
    return new Program({
      variables: Object.fromEntries(variables),
      definitions: Object.fromEntries(definitions),
      names,
      scopes,
      updates,
      values,
    });
  }
}

function sizesOf({ sizes = {} }: FromOnnxOptions): Sizes {
  for (const [name, size] of Object.entries(sizes)) {
    if (Number.isSafeInteger(size) && size >= 0) continue;
    throw new ArgumentError(
      `options.sizes must be whole numbers ≥ 0, got ${describe(size)} for ${name}`,
    );
  }
  return new Map(Object.entries(sizes));
}

/** The expressions that a layer was given, by the names in the file. */
function flowInputs(flow: Flow, asked: readonly OnnxInput[]): Map<string, Expr> {
  const names = asked.map(({ name }) => name);
  const parts = isExpr(flow)
    ? [flow]
    : Array.isArray(flow)
      ? (flow as readonly Expr[])
      : names.map((name) => (flow as Readonly<Record<string, Expr>>)[name]);
  const missing = names.filter((_, i) => parts[i] === undefined);
  if (missing.length > 0 || parts.length > names.length) {
    throw new ArgumentError(
      `the model must be given ${names.join(", ")}, got ${parts.length - missing.length} of ${names.length} inputs`,
    );
  }
  return new Map(names.map((name, i) => [name, parts[i] as Expr]));
}

function isExpr(flow: Flow): flow is Expr {
  return "op" in flow && "dtype" in flow && "args" in flow;
}
