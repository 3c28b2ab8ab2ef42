import { ArgumentError, type DType, type Expr } from "@chainrule/core";
import { GraphReader } from "./graphReader.ts";
import type { ImportState } from "./importState.ts";
import type { Sizes } from "./inputs.ts";
import { asExpr } from "./known.ts";
import type { ModelParts } from "./onnxModel.ts";
import { readStored, type Weight } from "./weights.ts";

/** What a graph is built of. */
export interface BuildParts extends ModelParts {
  readonly inputs: ReadonlyMap<string, Expr>;
  readonly sizes: Sizes;
  readonly weights: readonly Weight[];
  /** Makes the leaf of a weight in an element type. */
  readonly make: (weight: Weight, dtype: DType) => Expr;
  readonly floats: "f32" | "f64" | undefined;
}

/** A graph that is built. */
export interface Built {
  readonly inputs: ReadonlyMap<string, Expr>;
  readonly outputs: ReadonlyMap<string, Expr>;
  readonly weights: ReadonlyMap<string, Expr>;
  readonly names: ReadonlyMap<Expr, string>;
  readonly scopes: ReadonlyMap<Expr, readonly string[]>;
}

/** Reads the graph of a model, on given inputs. */
export function buildGraph(parts: BuildParts): Built {
  const { model, graph, opset, functions, inputs, options, floats } = parts;
  const state: ImportState = {
    opset,
    // Files of our own have our kinks, all others those of the engines that write them.
    atZero: model.producerName === "chainrule" ? 1 : 0,
    floats,
    functions,
    stored: new Map(),
    tensor: (proto) => readStored(proto, options),
    names: new Map(),
    scopes: new Map(),
  };
  const reader = new GraphReader(state);
  for (const [name, node] of inputs) reader.bind(name, node);
  const weights = new Map<string, Expr>();
  for (const weight of parts.weights) {
    const node = parts.make(weight, floats ?? weight.tensor.dtype);
    weights.set(weight.name, node);
    state.stored.set(node, weight.tensor);
    reader.bind(weight.name, node);
  }
  for (const proto of graph.initializer) {
    if (!weights.has(proto.name)) reader.bind(proto.name, reader.constant(proto));
  }
  if (graph.sparseInitializer.length > 0) {
    throw new ArgumentError("stored tensors must be dense, got sparse ones");
  }
  reader.read(graph.node);
  const outputs = new Map(
    graph.output.map(({ name }) => [name, asExpr(reader.get(name))] as const),
  );
  if (outputs.size === 0) throw new ArgumentError("a model must have an output, got none");
  return { inputs, outputs, weights, names: state.names, scopes: state.scopes };
}
