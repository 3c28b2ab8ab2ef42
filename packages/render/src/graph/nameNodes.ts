import { argument, type Expr, namedConstant } from "@chainrule/core";
import { cleanText, shorten } from "../text/cleanText.ts";
import type { FlatGraph } from "./flatGraph.ts";

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

/** Names of all nodes, each found once; hidden nodes are written as formulas and have none. */
export function nameNodes(
  { nodes }: FlatGraph,
  given: readonly (string | undefined)[],
  hidden: Uint8Array,
): NodeNames {
  const shown: string[] = new Array(nodes.length);
  const taken = new Set<string>();
  for (let i = 0; i < nodes.length; i++) {
    const name = given[i];
    if (name === undefined) continue;
    shown[i] = shorten(cleanText(name), LONGEST_NAME);
    // v1 and v_1 are two names, but one formula.
    taken.add(shown[i] as string).add(name.replace("_", ""));
  }
  let count = 0;
  for (let i = 0; i < nodes.length; i++) {
    if (given[i] !== undefined) continue;
    if (hidden[i] === 1) {
      shown[i] = "";
      continue;
    }
    do count++;
    while (taken.has(`v${count}`));
    shown[i] = `v${count}`;
  }
  return { shown, ids: unique(shown, hidden), given: given.map((name) => name !== undefined) };
}

/** The names that somebody gave: the caller, the program, or who made the variable. */
export function givenNames(
  { nodes, owners }: FlatGraph,
  names: ReadonlyMap<Expr, string>,
): (string | undefined)[] {
  return nodes.map((node, i) => {
    const name = owners[i] === -1 ? names.get(node) : undefined;
    if (name !== undefined || node.args.length > 0) return name;
    if (node.op === argument.op) return `x${node.attributes["index"]}`;
    const own = node.attributes["name"];
    return typeof own === "string" && node.op !== namedConstant.op ? own : undefined;
  });
}

/** A second `w` is `w#2`. */
function unique(shown: readonly string[], hidden: Uint8Array): string[] {
  const counts = new Map<string, number>();
  return shown.map((name, i) => {
    if (hidden[i] === 1) return `#${i}`;
    const before = counts.get(name) ?? 0;
    counts.set(name, before + 1);
    return before === 0 ? name : `${name}#${before + 1}`;
  });
}
