import type { NodeNames } from "./nameNodes.ts";
import { makeScope, type Scope, type ScopeTree } from "./scopeTree.ts";

/** A scope that shows more boxes than these is cut into runs … */
const MOST_BOXES = 40;

/** … of which there are about so many. */
const RUNS = 24;

/** What a scope shows when it is open: a node by its position, or a scope. */
interface Item {
  readonly node: number;
  readonly scope: number;
  /** Its first node. */
  readonly first: number;
  readonly label: string;
  /** Like items follow each other in a run: all nodes are alike, `block1` and `block2` are. */
  readonly like: string;
}

interface Cutting {
  readonly scopes: Scope[];
  readonly homes: number[];
}

/**
 * Scopes that would show too many boxes are cut into runs of neighbours in forward order, and those
 * again: `block1 … block4`. Paths of modules stay what they were.
 */
export function cutRuns(
  hidden: Uint8Array,
  { ids }: NodeNames,
  { scopes, homes, bodies }: ScopeTree,
): ScopeTree {
  const cutting: Cutting = { scopes: [...scopes], homes: [...homes] };
  const waiting = itemsOf(hidden, ids, cutting).map((items, scope) => ({ scope, items }));
  for (let at = 0; at < waiting.length; at++) {
    const { scope, items } = waiting[at] as (typeof waiting)[number];
    if (items.length <= MOST_BOXES) continue;
    for (const run of runsOf(items))
      waiting.push({ scope: addRun(cutting, scope, run), items: run });
  }
  return parentsFirst({ ...cutting, bodies });
}

/** What each scope shows, in forward order. */
function itemsOf(hidden: Uint8Array, ids: readonly string[], { scopes, homes }: Cutting): Item[][] {
  const items: Item[][] = scopes.map(() => []);
  const firsts: number[] = new Array(scopes.length).fill(Infinity);
  for (let i = 0; i < hidden.length; i++) {
    if (hidden[i] === 1) continue;
    const home = homes[i] as number;
    firsts[home] = Math.min(firsts[home] as number, i);
    items[home]?.push({ node: i, scope: -1, first: i, label: ids[i] as string, like: "" });
  }
  // Children stand behind their parents.
  for (let at = scopes.length - 1; at > 0; at--) {
    const { parent, label } = scopes[at] as Scope;
    const first = firsts[at] as number;
    if (first === Infinity) continue;
    firsts[parent] = Math.min(firsts[parent] as number, first);
    items[parent]?.push({
      node: -1,
      scope: at,
      first,
      label,
      like: `${label.replace(/\d+$/, "")}#`,
    });
  }
  for (const list of items) list.sort((a, b) => a.first - b.first);
  return items;
}

/** Runs of about equal length: within long stretches of like items, else of whatever follows. */
function runsOf(items: readonly Item[]): Item[][] {
  const size = Math.max(Math.ceil(items.length / RUNS), 2);
  const runs: Item[][] = [];
  const cut = (from: number, to: number): void => {
    for (let start = from; start < to; start += size) {
      const run = items.slice(start, Math.min(to, start + size));
      if (run.length > 1) runs.push(run);
    }
  };
  const short: (readonly [number, number])[] = [];
  let from = 0;
  for (let to = 1; to <= items.length; to++) {
    if (to < items.length && items[to]?.like === items[from]?.like) continue;
    if (to - from > size) cut(from, to);
    else if (short.at(-1)?.[1] === from) short.push([(short.pop() as [number, number])[0], to]);
    else short.push([from, to]);
    from = to;
  }
  // A few that are like no others, such as the input and the loss, stay to be seen.
  const few = short.reduce((sum, [start, end]) => sum + end - start, 0) + runs.length <= MOST_BOXES;
  if (!few) for (const [start, end] of short) cut(start, end);
  return runs;
}

function addRun({ scopes, homes }: Cutting, parent: number, items: readonly Item[]): number {
  const { id: above } = scopes[parent] as Scope;
  const label = `${items[0]?.label} … ${items.at(-1)?.label}`;
  const run = scopes.length;
  scopes.push(makeScope(above === "" ? label : `${above}/${label}`, label, parent, "run"));
  for (const { node, scope } of items) {
    if (node >= 0) homes[node] = run;
    else scopes[scope] = { ...(scopes[scope] as Scope), parent: run };
  }
  return run;
}

/** The same tree, with parents before children again. */
function parentsFirst({ scopes, homes, bodies }: ScopeTree): ScopeTree {
  const children: number[][] = scopes.map(() => []);
  for (let at = 1; at < scopes.length; at++) children[(scopes[at] as Scope).parent]?.push(at);
  const order = [0];
  for (let at = 0; at < order.length; at++) {
    for (const child of children[order[at] as number] ?? []) order.push(child);
  }
  const places: number[] = new Array(scopes.length);
  order.forEach((old, at) => {
    places[old] = at;
  });
  return {
    scopes: order.map((old) => {
      const scope = scopes[old] as Scope;
      return old === 0 ? scope : { ...scope, parent: places[scope.parent] as number };
    }),
    homes: homes.map((home) => places[home] as number),
    bodies: new Map([...bodies].map(([loop, body]) => [loop, places[body] as number])),
  };
}
