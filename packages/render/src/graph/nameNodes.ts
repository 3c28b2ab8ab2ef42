import { argument, type Expr } from "@chainrule/core";
import { cleanText, shorten } from "../text/cleanText.ts";
import { type FlatGraph, isInline } from "./flatGraph.ts";

/** What the nodes of a drawing are called. */
export interface NodeNames {
  /** As shown: the name given, the variable's own, or v1, v2, … in forward order. */
  readonly shown: readonly string[];
  /** The same, no two alike. */
  readonly ids: readonly string[];
  /** Whether somebody gave the name, so that a formula may follow it. */
  readonly given: readonly boolean[];
}

/** A longer name would hide the graph. */
const LONGEST_NAME = 32;

/** Names of all nodes, each found once. */
export function nameNodes(graph: FlatGraph, names: ReadonlyMap<Expr, string>): NodeNames {
  const { nodes, owners } = graph;
  const shown: string[] = new Array(nodes.length);
  const given: boolean[] = new Array(nodes.length);
  const taken = new Set<string>();
  for (let i = 0; i < nodes.length; i++) {
    const name = ownName(nodes[i] as Expr, owners[i] as number, names);
    given[i] = name !== undefined;
    if (name === undefined) continue;
    shown[i] = shorten(cleanText(name), LONGEST_NAME);
    taken.add(shown[i] as string);
  }
  let count = 0;
  for (let i = 0; i < nodes.length; i++) {
    if (given[i] === true) continue;
    const node = nodes[i] as Expr;
    if (isInline(node)) {
      shown[i] = String(node.attributes["value"]);
      continue;
    }
    do count++;
    while (taken.has(`v${count}`));
    shown[i] = `v${count}`;
  }
  return { shown, ids: unique(nodes, shown), given };
}

function ownName(node: Expr, owner: number, names: ReadonlyMap<Expr, string>): string | undefined {
  const name = owner < 0 ? names.get(node) : undefined;
  if (name !== undefined || node.args.length > 0 || isInline(node)) return name;
  const own = node.attributes["name"];
  if (typeof own === "string") return own;
  return node.op === argument.op ? `x${node.attributes["index"]}` : undefined;
}

/** A second `w` is `w#2`; numbers of formulas have no box and need no name. */
function unique(nodes: readonly Expr[], shown: readonly string[]): string[] {
  const counts = new Map<string, number>();
  const out: string[] = new Array(shown.length);
  for (let i = 0; i < shown.length; i++) {
    const name = shown[i] as string;
    if (isInline(nodes[i] as Expr)) {
      out[i] = `#${i}`;
      continue;
    }
    const before = counts.get(name) ?? 0;
    counts.set(name, before + 1);
    out[i] = before === 0 ? name : `${name}#${before + 1}`;
  }
  return out;
}
