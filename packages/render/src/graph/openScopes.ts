import { ArgumentError } from "@chainrule/core";
import type { Scope, ScopeTree } from "./scopeTree.ts";

/** A picture of more boxes than these is folded by itself. */
export const LARGE = 200;

/** Scopes are opened by themselves while there are at most so many boxes: what fills a slide. */
const FILLED = 60;

/** A picture of fewer boxes says too little of a large graph. */
const EMPTY = 20;

/** Which scopes stand open. */
export function openScopes(
  { scopes }: ScopeTree,
  folded: boolean,
  unfold: readonly string[],
  fills: boolean,
): readonly boolean[] {
  if (!folded) return scopes.map(() => true);
  const open: boolean[] = scopes.map((_, at) => at === 0);
  const children: number[][] = scopes.map(() => []);
  for (let at = 1; at < scopes.length; at++) {
    if ((scopes[at] as Scope).nodes > 0) children[(scopes[at] as Scope).parent]?.push(at);
  }
  let boxes = (scopes[0] as Scope).boxes;
  let level = fills ? (children[0] ?? []) : [];
  while (level.length > 0) {
    const more = level.reduce((sum, at) => sum + (scopes[at] as Scope).boxes - 1, 0);
    // A level opens as a whole, so that equal layers look alike; else as far as a picture asks for.
    if (boxes + more > FILLED && boxes >= EMPTY) break;
    for (const at of level) {
      const own = (scopes[at] as Scope).boxes - 1;
      if (boxes + own > FILLED || (boxes + more > FILLED && boxes >= EMPTY)) continue;
      open[at] = true;
      boxes += own;
    }
    level = level.flatMap((at) => (open[at] === true ? (children[at] ?? []) : []));
  }
  const find = scopeFinder(scopes);
  for (const wanted of unfold) {
    let at = find(wanted);
    while (at > 0) {
      open[at] = true;
      at = (scopes[at] as Scope).parent;
    }
  }
  return open;
}

/** Scopes by their path, or by its last part where only one scope has it. */
function scopeFinder(scopes: readonly Scope[]): (wanted: string) => number {
  const paths = new Map<string, number>();
  const labels = new Map<string, number>();
  for (let at = scopes.length - 1; at > 0; at--) {
    const { id, label } = scopes[at] as Scope;
    paths.set(id, at);
    labels.set(label, labels.has(label) ? -1 : at);
  }
  return (wanted) => {
    const found = paths.get(wanted) ?? labels.get(wanted) ?? -1;
    if (found > 0) return found;
    const some = scopes
      .slice(1, 6)
      .map(({ id }) => JSON.stringify(id))
      .join(", ");
    const known = some === "" ? "there is none" : `such as ${some}`;
    throw new ArgumentError(
      `unfold: a scope of the drawing must be named (${known}), got ${JSON.stringify(wanted)}`,
    );
  };
}
