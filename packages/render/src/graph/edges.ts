import type { Contribution, Expr } from "@chainrule/core";
import { cleanText, shorten } from "../text/cleanText.ts";
import { type ChainStep, chainStep } from "./chains.ts";
import type { Shown } from "./draw.ts";
import type { Edge } from "./drawing.ts";
import type { Highlight } from "./highlight.ts";
import { mathText, type Writing } from "./mathText.ts";
import { type Numbers, valueText } from "./numbers.ts";

/** What edges are made from. */
export interface EdgeParts {
  readonly shown: Shown;
  readonly boxOf: Int32Array;
  readonly numbers: Numbers;
  readonly derivatives: boolean;
  readonly highlight: Highlight | undefined;
  readonly writing: Writing;
  readonly nameOf: (node: Expr) => string | undefined;
}

/** One edge a pair of boxes, however many arguments it stands for. */
export function makeEdges(parts: EdgeParts): Edge[] {
  const { shown, boxOf, highlight } = parts;
  const { nodes, starts, sources, owners } = shown.graph;
  const { hosts } = shown.inline;
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
    const made: Growing = {
      from,
      to,
      count: 1,
      highlighted: lit,
      steps: NONE,
      local: undefined,
      back: undefined,
    };
    if (!once) known.set(key, edges.length);
    edges.push(made);
    return made;
  };
  const { entered, entries } = openLoops(shown);
  for (let i = 0; i < nodes.length; i++) {
    const steps = byUser.get(nodes[i] as Expr);
    const start = starts[i] as number;
    const end = starts[i + 1] as number;
    const scope = shown.foldedInto[shown.homes[i] as number] as number;
    for (let at = start; at < end; at++) {
      const source = sources[at] as number;
      // The one edge of a node with one argument needs no look-up.
      const alone = scope < 0 && end - start === 1 && hosts[i] === -1 && !folded(shown, source);
      if (entered.has(i) && entries.has(source * nodes.length + i)) continue;
      const edge = add(source, i, alone);
      if (edge === undefined || owners[i] !== -1 || scope >= 0) continue;
      const step = steps?.find(({ index }) => index === at - start);
      if (step === undefined) continue;
      const chain = [step, ...chainToHost(shown, byUser, i)];
      edge.steps = [...edge.steps, chainStep(chain, (node) => parts.nameOf(node) !== undefined)];
    }
  }
  for (const { from, to } of shown.graph.passages) add(from, to, false);
  if (parts.derivatives) for (const edge of edges) writeLabels(parts, edge);
  return edges;
}

type Growing = { -readonly [K in keyof Edge]: Edge[K] };

const NONE: readonly ChainStep[] = [];

/** Loops whose bodies are drawn: what enters the body needs no arrow to the loop beside it. */
function openLoops({ graph, bodies, clusterOf }: Shown): {
  entered: ReadonlySet<number>;
  entries: ReadonlySet<number>;
} {
  const entered = new Set<number>();
  const entries = new Set<number>();
  for (const { from, to } of graph.passages) {
    const loop = graph.owners[to] as number;
    const body = bodies.get(loop);
    if (body === undefined || clusterOf[body] === -1) continue;
    entered.add(loop);
    entries.add(from * graph.nodes.length + loop);
  }
  return { entered, entries };
}

/** The steps from a merged node up to the node whose box holds it. */
function chainToHost(
  { graph, inline }: Shown,
  byUser: ReadonlyMap<Expr, readonly Contribution[]>,
  merged: number,
): Contribution[] {
  const out: Contribution[] = [];
  for (let at = merged; (inline.hosts[at] as number) >= 0; at = inline.users[at] as number) {
    const node = graph.nodes[at] as Expr;
    const user = graph.nodes[inline.users[at] as number] as Expr;
    const step = byUser.get(user)?.find(({ index }) => user.args[index] === node);
    if (step !== undefined) out.push(step);
  }
  return out;
}

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

function writeLabels(parts: EdgeParts, edge: Growing): void {
  const locals = edge.steps.flatMap((step) => localText(parts, step) ?? []);
  if (locals.length > 0) edge.local = [...new Set(locals)].join("; ");
  if (!parts.numbers.valued) return;
  const backs = edge.steps.flatMap((step) => valueText(step.back, parts.writing, true) ?? []);
  if (backs.length > 0) edge.back = backs.join("; ");
}

/** A longer formula of a local derivative is cut. */
const LONGEST_LOCAL = 36;

/** The local derivative as symbol and number: `c = −2`. */
function localText(
  { nameOf, writing, numbers }: EdgeParts,
  { local, value }: ChainStep,
): string | undefined {
  if (local === undefined) return undefined;
  const symbol = shorten(cleanText(mathText(local, nameOf, writing)), LONGEST_LOCAL);
  if (!numbers.valued || value === undefined) return symbol;
  const number = valueText(value, writing);
  return symbol === number ? symbol : `${symbol} = ${number}`;
}
