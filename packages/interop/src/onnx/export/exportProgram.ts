import {
  ArgumentError,
  allocate,
  type Bindings,
  bind,
  describe,
  type Expr,
  isInput,
  nameOf,
  type Program,
  Tensor,
  topological,
  type Value,
} from "@chainrule/core";
import {
  bytesOf,
  graphProto,
  modelProto,
  nodeProto,
  type Opset,
  opsets,
  tensorProto,
  valueInfo,
} from "../model.ts";
import { Names } from "../names.ts";
import type { ModelProto, NodeProto, TensorProto, ValueInfoProto } from "../proto/onnx_pb.ts";
import { ExportState } from "./exportState.ts";
import { GraphWriter } from "./graphWriter.ts";
import { rules } from "./rules/index.ts";

/** Options of an export. */
export interface OnnxOptions {
  /** Version of ONNX's operators, 17 unless given. */
  readonly opset?: Opset;
  /** Values of inputs, by name or by node, that become weights: they are stored, and asked for no more. */
  readonly values?: Bindings;
  /** Lengths of named sizes that the file should fix. Others stay open, named as they are. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** The name of the graph. */
  readonly name?: string;
}

/** A model with what its inputs and outputs stand for. */
export interface ExportedModel {
  readonly model: ModelProto;
  /** Inputs that are left, by the names they have in the file. */
  readonly inputs: ReadonlyMap<string, Expr>;
  /** Definitions by the names they have in the file. */
  readonly outputs: ReadonlyMap<string, Expr>;
  /** The name of the output that replaces each state. */
  readonly states: ReadonlyMap<Expr, string>;
}

/** Behind the name of a state, the name of the output that replaces it. */
const NEXT = ".next";

/**
 * A program as a model of ONNX. States are inputs, and outputs named `….next`.
 *
 * Throws ArgumentError for options out of range and, all at once, for what ONNX has no form of.
 */
export function exportProgram(program: Program, options: OnnxOptions = {}): ExportedModel {
  const { opset = 17, values = {}, sizes = {}, name = "program" } = options;
  if (!opsets.includes(opset)) {
    throw new ArgumentError(`toOnnx: opset must be ${opsets.join(" or ")}, got ${describe(opset)}`);
  }
  const definitions = Object.entries(program.definitions);
  if (!definitions.some(([, node]) => node === program.result)) {
    definitions.push(["result", program.result]);
  }
  const updates = [...program.updates];
  const roots = [...definitions.map(([, node]) => node), ...updates.map(([, next]) => next)];
  const inputs = inputsOf(program, roots);
  const given = givenValues(inputs, values, sizes);
  for (const [state] of updates) {
    if (!given.values.has(state)) continue;
    throw new ArgumentError(
      `toOnnx: a state must stay an input, got a value for ${program.nameOf(state)}`,
    );
  }
  const names = new Names();
  const inputNames = new Map([...inputs].map(([node, label]) => [node, names.fresh(label)]));
  const outputNames = definitions.map(([label]) => names.fresh(label));
  const nextNames = updates.map(([state]) => names.fresh(`${inputNames.get(state)}${NEXT}`));

  const state = new ExportState(opset, names, Object.fromEntries(given.sizes));
  const outputs = [...outputNames, ...nextNames];
  const promised = new Map<Expr, string>();
  for (const [i, node] of roots.entries()) {
    if (!promised.has(node)) promised.set(node, outputs[i] as string);
  }
  const { scopes } = program;
  const labels = { names: program.names, outputs: promised, scopes };
  const writer = new GraphWriter(state, rules, state.nodes, [], labels);
  const left = new Map<string, Expr>();
  for (const [node, label] of inputNames) {
    writer.bind(node, label);
    const value = given.values.get(node);
    if (value === undefined) left.set(label, node);
    else state.initializers.push(weight(label, node, value));
  }
  readSizes(state, left);
  writer.write(roots);
  for (const [i, output] of outputs.entries()) {
    const node = roots[i] as Expr;
    const value = writer.value(node);
    if (value === output) continue;
    state.nodes.push(nodeProto(`${output}/Identity`, "Identity", [value], [output], {}));
  }
  checkProblems(state);
  const { nodes, initializers, made } = usedOf(state, outputs);
  const info = (label: string, { dtype, shape }: Expr): ValueInfoProto =>
    valueInfo(label, dtype, state.dims(shape));
  const graph = graphProto({
    name,
    nodes,
    inputs: [...left].map(([label, node]) => info(label, node)),
    outputs: outputs.map((label, i) => info(label, roots[i] as Expr)),
    initializers,
    values: writer.types.filter(({ name: value }) => made.has(value)),
  });
  return {
    model: modelProto(graph, opset, [...state.functions.values()]),
    inputs: left,
    outputs: new Map(definitions.map(([, node], i) => [outputNames[i] as string, node])),
    states: new Map(updates.map(([node], i) => [node, nextNames[i] as string])),
  };
}

/** Nodes and constants that outputs depend on, and the names of what these nodes make. */
function usedOf(
  { nodes, initializers }: ExportState,
  outputs: readonly string[],
): {
  readonly nodes: NodeProto[];
  readonly initializers: TensorProto[];
  readonly made: ReadonlySet<string>;
} {
  const wanted = new Set(outputs);
  const kept: NodeProto[] = [];
  // Nodes come after all that they read.
  for (const node of nodes.toReversed()) {
    if (!node.output.some((name) => wanted.has(name))) continue;
    kept.push(node);
    for (const name of readBy(node)) wanted.add(name);
  }
  return {
    nodes: kept.reverse(),
    initializers: initializers.filter(({ name }) => wanted.has(name)),
    made: new Set(kept.flatMap(({ output }) => output)),
  };
}

/** Names that a node reads, or a node of the graphs inside of it. */
function readBy(node: NodeProto): string[] {
  const names: string[] = [];
  const open = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    names.push(...at.input);
    for (const { g } of at.attribute) {
      if (g === undefined) continue;
      open.push(...g.node);
      names.push(...g.output.map(({ name }) => name));
    }
  }
  return names;
}

/** All inputs with their names; those that the program does not list last. */
function inputsOf(program: Program, roots: readonly Expr[]): ReadonlyMap<Expr, string> {
  const out = new Map<Expr, string>();
  for (const [label, node] of Object.entries(program.variables))
    if (!out.has(node)) out.set(node, label);
  const states = [...program.updates.keys()];
  for (const node of topological([...roots, ...states]).nodes) {
    if (isInput(node) && !out.has(node)) out.set(node, nameOf(node) as string);
  }
  return out;
}

interface Given {
  readonly values: ReadonlyMap<Expr, Value>;
  readonly sizes: ReadonlyMap<string, number>;
}

/** The values of those inputs that have one, checked. */
function givenValues(
  inputs: ReadonlyMap<Expr, string>,
  values: Bindings,
  sizes: Readonly<Record<string, number>>,
): Given {
  const known = new Map([...inputs].map(([node, label]) => [label, node]));
  const byNode = new Map<Expr, never>();
  if (values === null || typeof values !== "object") {
    throw new ArgumentError(
      `toOnnx: values must be given by name or by node, got ${describe(values)}`,
    );
  }
  const unknown: string[] = [];
  const pairs = values instanceof Map ? [...values] : Object.entries(values);
  for (const [key, value] of pairs) {
    const node = typeof key === "string" ? known.get(key) : (key as Expr);
    if (node === undefined || !inputs.has(node)) unknown.push(String(key));
    else byNode.set(node, value as never);
  }
  if (unknown.length > 0) {
    throw new ArgumentError(
      `toOnnx: values must be those of inputs, got ${unknown.slice(0, 10).join(", ")}`,
    );
  }
  return bind("toOnnx", [...byNode.keys()], byNode, { sizes });
}

function weight(label: string, node: Expr, value: Value): ReturnType<typeof tensorProto> {
  if (value instanceof Tensor)
    return tensorProto(label, node.dtype, value.shape, bytesOf(value.data));
  const data = allocate(node.dtype, 1);
  data[0] = value;
  return tensorProto(label, node.dtype, [], bytesOf(data));
}

/** Reads each named size from the first input that has an axis of it. */
function readSizes(state: ExportState, inputs: ReadonlyMap<string, Expr>): void {
  for (const [label, { shape }] of inputs) {
    for (const [axis, size] of state.dims(shape).entries()) {
      if (typeof size === "number" || state.sizes.has(size)) continue;
      const all = state.names.fresh(`${size}.shape`);
      const name = state.names.fresh(size);
      const at = state.constant("i64", [1], [axis]);
      state.nodes.push(nodeProto(all, "Shape", [label], [all], {}));
      state.nodes.push(nodeProto(name, "Gather", [all, at], [name], {}));
      state.sizes.set(size, name);
    }
  }
}

/** Throws for all that could not be written. */
function checkProblems({ problems }: ExportState): void {
  if (problems.size === 0) return;
  throw new ArgumentError(
    `toOnnx: every op must have a form in ONNX, got none for ${[...problems].join("; ")}`,
  );
}
