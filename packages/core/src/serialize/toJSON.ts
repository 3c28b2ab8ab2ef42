import { ArgumentError, describe } from "../errors.ts";
import { type Attribute, type Attributes, Expr, Lambda } from "../expr.ts";
import { Tensor } from "../tensor.ts";
import { topological } from "../traverse.ts";
import { type GraphJSON, MAX_NESTING, type NodeJSON, SINGLE, VERSION } from "./graphJSON.ts";

/**
 * A graph as plain data for `JSON.stringify`, exact for every number (NaN, ±∞ and −0 included).
 *
 * Throws ArgumentError if a node holds a function of the host language, which no text can carry.
 */
export function toJSON(outputs: Expr | Readonly<Record<string, Expr>>): GraphJSON {
  const named = outputs instanceof Expr ? { [SINGLE]: outputs } : outputs;
  for (const output of Object.values(named)) {
    if (!(output instanceof Expr)) {
      throw new ArgumentError(`toJSON: outputs must be expressions, got ${describe(output)}`);
    }
  }
  const { nodes, positions } = encodeNodes(Object.values(named), 0);
  const entries = Object.keys(named).map((name, i): [string, number] => [
    name,
    positions[i] as number,
  ]);
  return { format: "chainrule", version: VERSION, nodes, outputs: Object.fromEntries(entries) };
}

function encodeNodes(
  outputs: readonly Expr[],
  nesting: number,
): { nodes: NodeJSON[]; positions: number[] } {
  if (nesting > MAX_NESTING) {
    throw new ArgumentError(`toJSON: sub-graphs must nest at most ${MAX_NESTING} deep, got more`);
  }
  const order = topological(outputs);
  const sources = order.nodes.map((node) => node.args.map((arg) => order.indexOf(arg)));
  const positions = outputs.map((output) => order.indexOf(output));
  const nodes = order.nodes.map((node, i): NodeJSON => {
    const args = sources[i] as number[];
    const names = Object.keys(node.attributes);
    if (names.length === 0) return [node.op.name, args];
    const attributes: Record<string, unknown> = {};
    for (const name of names) {
      const value = node.attributes[name];
      if (value === undefined) continue;
      attributes[name] = encode(value, node.op.name, nesting);
    }
    return [node.op.name, args, attributes];
  });
  return { nodes, positions };
}

function encode(value: Attribute, where: string, nesting: number): unknown {
  if (typeof value === "number") return encodeNumber(value);
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (value instanceof Tensor) {
    const { dtype, shape, data } = value;
    return { tensor: { dtype, shape, data: Array.from(data, encodeNumber) } };
  }
  if (value instanceof Lambda) {
    const { nodes, positions } = encodeNodes(value.outputs, nesting + 1);
    const inputs = value.inputs.map(({ shape, dtype }) => ({ shape, dtype }));
    return { lambda: { inputs, nodes, outputs: positions } };
  }
  if (Array.isArray(value)) return value.map((item) => encode(item, where, nesting));
  if (typeof value === "object") {
    const entries = Object.entries(value as Attributes).filter(([, item]) => item !== undefined);
    return {
      object: Object.fromEntries(
        entries.map(([name, item]) => [name, encode(item, where, nesting)]),
      ),
    };
  }
  throw new ArgumentError(
    `toJSON: a node must hold plain data, got ${where} with ${describe(value)}`,
  );
}

/** Numbers that JSON lacks are tagged texts. */
function encodeNumber(value: number): unknown {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { number: Object.is(value, -0) ? "-0" : String(value) };
}
