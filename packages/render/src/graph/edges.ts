import type { Contribution, Expr } from "@chainrule/core";
import { cleanText, shorten } from "../text/cleanText.ts";
import type { Shown } from "./draw.ts";
import type { Edge } from "./drawing.ts";
import type { Highlight } from "./highlight.ts";
import { mathText } from "./mathText.ts";
import { type Numbers, valueText } from "./numbers.ts";

/** What edges are made from. */
export interface EdgeParts {
  readonly shown: Shown;
  readonly boxOf: Int32Array;
  readonly numbers: Numbers;
  readonly derivatives: boolean;
  readonly highlight: Highlight | undefined;
  readonly digits: number | undefined;
  readonly nameOf: (node: Expr) => string | undefined;
}

/** One edge a pair of boxes, however many arguments it stands for. */
export function makeEdges(parts: EdgeParts): Edge[] {
  const { shown, boxOf, highlight } = parts;
  const { nodes, starts, sources, owners, passages } = shown.graph;
  const edges: Growing[] = [];
  const known = new Map<number, number>();
  const count = boxOf.length;
  const byUser = stepsByUser(parts);
  const add = (source: number, target: number, once: boolean): Growing | undefined => {
    const from = boxOf[source] as number;
    const to = boxOf[target] as number;
    if (from < 0 || to < 0 || from === to) return undefined;
    const key = from * count + to;
    const at = once ? undefined : known.get(key);
    const lit = highlight === undefined || highlight.step(source, target);
    const before = at === undefined ? undefined : edges[at];
    if (before !== undefined) {
      before.count++;
      before.highlighted ||= lit;
      return before;
    }
    const made = { from, to, count: 1, highlighted: lit, steps: NONE };
    if (!once) known.set(key, edges.length);
    edges.push(made);
    return made;
  };
  for (let i = 0; i < nodes.length; i++) {
    const steps = byUser.get(nodes[i] as Expr);
    const start = starts[i] as number;
    const end = starts[i + 1] as number;
    const scope = shown.foldedInto[shown.homes[i] as number] as number;
    for (let at = start; at < end; at++) {
      const source = sources[at] as number;
      // The one edge of a node with one argument needs no look-up.
      const alone = scope < 0 && end - start === 1 && !folded(shown, source);
      const edge = add(source, i, alone);
      if (edge === undefined || owners[i] !== -1 || scope >= 0) continue;
      const step = steps?.find(({ index }) => index === at - start);
      if (step !== undefined) edge.steps = [...edge.steps, step];
    }
  }
  for (const { from, to } of passages) add(from, to, false);
  return edges.map((edge) => finish(parts, edge));
}

interface Growing {
  readonly from: number;
  readonly to: number;
  count: number;
  highlighted: boolean;
  steps: readonly Contribution[];
}

const NONE: readonly Contribution[] = [];

function folded({ foldedInto, homes }: Shown, at: number): boolean {
  return (foldedInto[homes[at] as number] as number) >= 0;
}

/** The steps of the chain rule by the node that they lead back from. */
function stepsByUser({ numbers, derivatives }: EdgeParts): ReadonlyMap<Expr, Contribution[]> {
  const table = new Map<Expr, Contribution[]>();
  if (!derivatives) return table;
  for (const { contributions } of numbers.trace?.nodes ?? []) {
    for (const step of contributions) {
      const before = table.get(step.user);
      if (before === undefined) table.set(step.user, [step]);
      else before.push(step);
    }
  }
  return table;
}

function finish(parts: EdgeParts, { steps, ...edge }: Growing): Edge {
  const locals = steps.flatMap((step) => localText(parts, step) ?? []);
  const backs = steps.flatMap((step) =>
    parts.numbers.valued ? (valueText(step.value, parts.digits, true) ?? []) : [],
  );
  return {
    ...edge,
    local: locals.length === 0 ? undefined : [...new Set(locals)].join("; "),
    back: backs.length === 0 ? undefined : backs.join("; "),
    contributions: steps,
  };
}

/** A longer formula of a local derivative is cut. */
const LONGEST_LOCAL = 36;

/** The local derivative as symbol and number: `c = −2`. */
function localText(
  { nameOf, digits, numbers }: EdgeParts,
  { partial }: Contribution,
): string | undefined {
  if (partial === undefined) return undefined;
  const symbol = shorten(cleanText(mathText(partial.shown, nameOf, digits)), LONGEST_LOCAL);
  if (!numbers.valued || typeof partial.value !== "number") return symbol;
  const number = valueText(partial.value, digits);
  return symbol === number ? symbol : `${symbol} = ${number}`;
}
