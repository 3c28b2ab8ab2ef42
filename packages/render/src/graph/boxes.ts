import { type Expr, formatShape, type Shape } from "@chainrule/core";
import { cleanText, shorten } from "../text/cleanText.ts";
import type { Shown } from "./draw.ts";
import type { Box, Line } from "./drawing.ts";
import type { Highlight } from "./highlight.ts";
import { nodeKeys, scopeKey } from "./keys.ts";
import { type TextPiece, textAtom, type Writing, writeNode, writePart } from "./mathText.ts";
import type { NodeNames } from "./nameNodes.ts";
import { type Numbers, valueText } from "./numbers.ts";
import type { Scope } from "./scopeTree.ts";

/** What boxes are made from. */
export interface BoxParts {
  readonly shown: Shown;
  readonly names: NodeNames;
  readonly numbers: Numbers;
  readonly derivatives: boolean;
  readonly highlight: Highlight | undefined;
  readonly writing: Writing;
  /** Whether boxes are told apart across edits, which costs a look at every node. */
  readonly keyed: boolean;
}

/** A longer formula is cut: the arrows say what it depends on. */
const LONGEST_FORMULA = 44;

/** One box a visible node or folded scope, in forward order; `boxOf` gives the box of every node. */
export function makeBoxes(parts: BoxParts): { boxes: Box[]; boxOf: Int32Array } {
  const { graph, inline, foldedInto, homes } = parts.shown;
  const { nodes } = graph;
  const keys = parts.keyed ? nodeKeys(graph, parts.names) : parts.names.ids;
  const boxes: Box[] = [];
  const boxOf = new Int32Array(nodes.length).fill(-1);
  const known = new Map<number, number>();
  const facts = scopeFacts(parts);
  const result = graph.outputs.at(-1);
  const pieces = hiddenPieces(parts);
  for (let i = 0; i < nodes.length; i++) {
    if (inline.hidden[i] === 1) continue;
    const scope = foldedInto[homes[i] as number] as number;
    const before = scope < 0 ? undefined : known.get(scope);
    boxOf[i] = before ?? boxes.length;
    if (before !== undefined) continue;
    if (scope < 0) boxes.push(nodeBox(parts, pieces, i, keys[i] as string, i === result));
    else {
      known.set(scope, boxes.length);
      boxes.push(scopeBox(parts, scope, facts.get(scope)));
    }
  }
  for (let i = 0; i < nodes.length; i++) {
    const host = inline.hosts[i] as number;
    if (host >= 0) boxOf[i] = boxOf[host] as number;
  }
  return { boxes, boxOf };
}

/** What a folded scope tells of its inside. */
interface ScopeFacts {
  /** Shapes of what others use of it. */
  readonly results: Set<string>;
  output: boolean;
  highlighted: boolean;
}

function scopeFacts({ shown, highlight }: BoxParts): ReadonlyMap<number, ScopeFacts> {
  const { graph, foldedInto, homes } = shown;
  const { nodes, starts, sources } = graph;
  const facts = new Map<number, ScopeFacts>();
  const scopeOf = (i: number): number => foldedInto[homes[i] as number] as number;
  const of = (scope: number): ScopeFacts => {
    let found = facts.get(scope);
    if (found === undefined) {
      found = { results: new Set(), output: false, highlighted: false };
      facts.set(scope, found);
    }
    return found;
  };
  const result = (i: number): void => {
    const node = nodes[i] as Expr;
    const { results } = of(scopeOf(i));
    if (results.size <= MOST_RESULTS && node.args.length > 0)
      results.add(typeText(node) ?? "number");
  };
  for (let i = 0; i < nodes.length; i++) {
    const scope = scopeOf(i);
    if (scope >= 0 && highlight?.nodes[i] === 1) of(scope).highlighted = true;
    for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) {
      const source = sources[at] as number;
      const other = scopeOf(source);
      if (other >= 0 && other !== scope) result(source);
    }
  }
  for (const output of graph.outputs) {
    if (scopeOf(output) < 0) continue;
    // Definitions are results of their scopes; the output is one of them.
    if (output === graph.outputs.at(-1)) of(scopeOf(output)).output = true;
    result(output);
  }
  return facts;
}

/** Shapes that a folded scope names. */
const MOST_RESULTS = 2;

function nodeBox(parts: BoxParts, pieces: Pieces, at: number, key: string, output: boolean): Box {
  const { shown, names, numbers, writing } = parts;
  const node = shown.graph.nodes[at] as Expr;
  const own = shown.graph.owners[at] === -1;
  const name = names.shown[at] as string;
  const formula = formulaOf(parts, pieces, at, name);
  const lines: Line[] = [];
  const shape = typeText(node);
  if (shape !== undefined) lines.push({ role: "shape", text: shape });
  const trace = own ? numbers.trace?.at(node) : undefined;
  const value = own && numbers.valued ? valueText(numbers.value(node), writing) : undefined;
  if (value !== undefined && value !== shape) lines.push({ role: "value", text: value });
  if (parts.derivatives && numbers.valued && trace !== undefined) {
    const y = names.shown[shown.graph.outputs.at(-1) as number] as string;
    const adjoint = valueText(trace.adjoint, writing);
    const { partial } = writing.signs;
    const ratio = `${partial}${y}/${partial}${name}`;
    const text = adjoint === undefined ? `${ratio}: no path` : `${ratio} = ${adjoint}`;
    if (adjoint === undefined || adjoint !== shape) {
      lines.push({ role: "adjoint", text, ratio: [y, name], number: adjoint });
    }
  }
  const kind = node.args.length > 0 ? "operation" : isInput(node) ? "input" : "constant";
  return {
    id: names.ids[at] as string,
    key,
    kind,
    name,
    formula,
    lines: lines.length === 0 ? NO_LINES : lines,
    node,
    trace,
    output,
    highlighted: parts.highlight === undefined || parts.highlight.nodes[at] === 1,
    cluster: shown.clusterOf[shown.homes[at] as number] as number,
  };
}

const NO_LINES: readonly Line[] = [];

function isInput({ op }: Expr): boolean {
  return op.name === "variable" || op.name === "parameter" || op.name === "argument";
}

/** What stands in formulas for nodes without a box. */
type Pieces = ReadonlyMap<number, TextPiece>;

function hiddenPieces(parts: BoxParts): Pieces {
  const { graph, inline } = parts.shown;
  const pieces = new Map<number, TextPiece>();
  for (let i = 0; i < graph.nodes.length; i++) {
    if (inline.hidden[i] === 1) pieces.set(i, pieceOf(parts, pieces, i));
  }
  return pieces;
}

/** A node by the names of its operands, or what is written for them. */
function pieceOf({ shown, names, writing }: BoxParts, pieces: Pieces, at: number): TextPiece {
  const { nodes, starts, sources } = shown.graph;
  const args: TextPiece[] = [];
  // Alone, `v = x` would hide what it does to a name.
  let inside = shown.inline.hidden[at] === 1;
  for (let i = starts[at] as number; i < (starts[at + 1] as number); i++) {
    const source = sources[i] as number;
    const piece = pieces.get(source);
    inside ||= piece !== undefined;
    args.push(piece ?? textAtom(names.shown[source] as string));
  }
  return (inside ? writePart : writeNode)(nodes[at] as Expr, args, writing);
}

/** A leaf has a formula where it says more than the name: a constant that somebody named. */
function formulaOf(parts: BoxParts, pieces: Pieces, at: number, name: string): string | undefined {
  const node = parts.shown.graph.nodes[at] as Expr;
  if (node.args.length === 0 && (isInput(node) || node.shape.length > 0)) return undefined;
  const text = shorten(cleanText(pieceOf(parts, pieces, at).text), LONGEST_FORMULA);
  return text === name ? undefined : text;
}

/** Shape and element type, where they are not those of a plain number. */
function typeText({ shape, dtype, op }: Expr): string | undefined {
  if (op.items !== undefined) return undefined;
  const type = dtype === "f64" ? "" : `${dtype} `;
  if (shape.length > 0) return cleanText(`${type}${shapeText(shape)}`);
  return dtype === "f64" ? undefined : dtype;
}

function shapeText(shape: Shape): string {
  return shorten(formatShape(shape), LONGEST_FORMULA);
}

function scopeBox(parts: BoxParts, scope: number, facts: ScopeFacts | undefined): Box {
  const { scopes, clusterOf } = parts.shown;
  const { id, label, nodes, parameters, parent } = scopes[scope] as Scope;
  const lines: Line[] = [{ role: "count", text: counted(nodes, "node") }];
  if (parameters > 0) lines.push({ role: "count", text: counted(parameters, "parameter") });
  const results = [...(facts?.results ?? [])];
  if (results.length > MOST_RESULTS) results[MOST_RESULTS] = "…";
  if (results.length > 0 && results.join() !== "number") {
    lines.push({ role: "shape", text: `→ ${results.join(", ")}` });
  }
  return {
    id,
    key: scopeKey(id),
    kind: "scope",
    name: label,
    formula: undefined,
    lines,
    node: undefined,
    trace: undefined,
    output: facts?.output ?? false,
    highlighted: parts.highlight === undefined || facts?.highlighted === true,
    cluster: clusterOf[parent] as number,
  };
}

/** `1,290 nodes`, the same in every country. */
export function counted(count: number, what: string): string {
  const digits = String(count).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${digits} ${what}${count === 1 ? "" : "s"}`;
}
