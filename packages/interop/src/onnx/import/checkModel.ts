import { ArgumentError } from "@chainrule/core";
import type { FunctionProto, GraphProto, ModelProto, NodeProto } from "../proto/onnx_pb.ts";
import { functionKey, plainDomain } from "./importState.ts";
import { ruleOf } from "./rules/index.ts";

/** Versions of ONNX's operators that are read. */
export const oldest = 7;
export const newest = 24;

/** The version of the operators that a model is written in. Throws ArgumentError for one that is not read. */
export function opsetOf(model: ModelProto): number {
  const found = model.opsetImport.find(({ domain }) => plainDomain(domain) === "");
  const opset = found === undefined ? Number.NaN : Number(found.version);
  if (opset >= oldest && opset <= newest) return opset;
  throw new ArgumentError(
    `fromOnnx: the model must import opset ${oldest} to ${newest} of ONNX's operators, got ${found === undefined ? "none" : opset}`,
  );
}

/** The functions of a model by the names they are called by. */
export function functionsOf(model: ModelProto): ReadonlyMap<string, FunctionProto> {
  return new Map(model.functions.map((body) => [functionKey(body.domain, body.name), body]));
}

/** So many nodes of what cannot be read are listed. */
const LISTED = 20;

/** Throws ArgumentError for all operators that cannot be read, at once, by name, node and opset. */
export function checkOperators(
  graph: GraphProto,
  functions: ReadonlyMap<string, FunctionProto>,
  opset: number,
): void {
  const problems: string[] = [];
  for (const { node, owner } of everyNode(graph, functions)) {
    const { domain, opType, name, output } = node;
    const own = plainDomain(domain);
    if (functions.has(functionKey(domain, opType))) continue;
    if (ruleOf(domain, opType) !== undefined) continue;
    const where =
      name === "" ? `the node of ${JSON.stringify(output[0] ?? "")}` : JSON.stringify(name);
    const of = own === "" ? `opset ${opset}` : `domain ${own}`;
    problems.push(`${opType} (${of}) at ${where}${owner}`);
  }
  if (problems.length === 0) return;
  const more = problems.length - LISTED;
  const listed = problems.slice(0, LISTED).join("; ");
  throw new ArgumentError(
    `fromOnnx: every operator must be one that can be read, got ${listed}${more > 0 ? `; and ${more} more` : ""}`,
  );
}

interface Found {
  readonly node: NodeProto;
  /** Where it stands, if not in the outermost graph. */
  readonly owner: string;
}

/** The nodes of a graph, of the graphs inside it, and of the functions of its model. */
function* everyNode(
  graph: GraphProto,
  functions: ReadonlyMap<string, FunctionProto>,
): Generator<Found, void, undefined> {
  const open: { readonly nodes: readonly NodeProto[]; readonly owner: string }[] = [
    { nodes: graph.node, owner: "" },
    ...[...functions.values()].map(({ node, name }) => ({
      nodes: node,
      owner: ` in the function ${JSON.stringify(name)}`,
    })),
  ];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const node of at.nodes) {
      yield { node, owner: at.owner };
      for (const { g, graphs, name } of node.attribute) {
        for (const inner of g === undefined ? graphs : [g, ...graphs]) {
          open.push({ nodes: inner.node, owner: `${at.owner} in ${name} of ${node.opType}` });
        }
      }
    }
  }
}
