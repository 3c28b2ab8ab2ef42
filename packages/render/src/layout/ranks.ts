import type { LayoutInput } from "./layout.ts";

/** Edges by the boxes at their ends, as lists in one array each. */
interface Neighbours {
  readonly starts: Int32Array;
  readonly edges: Int32Array;
}

function neighbours(count: number, ends: readonly number[]): Neighbours {
  const starts = new Int32Array(count + 1);
  for (const end of ends) starts[end + 1] = (starts[end + 1] as number) + 1;
  for (let i = 0; i < count; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
  const next = starts.slice();
  const edges = new Int32Array(ends.length);
  ends.forEach((end, i) => {
    edges[next[end] as number] = i;
    next[end] = (next[end] as number) + 1;
  });
  return { starts, edges };
}

/**
 * The rank of every box: one more than the highest of those it depends on, inputs just before their
 * first user. Edges that close a circle, as folding makes them, are turned around.
 *
 * Linear, without recursion.
 */
export function rankBoxes({ sizes, edges }: Pick<LayoutInput, "sizes" | "edges">): {
  ranks: Int32Array;
  turned: Uint8Array;
} {
  const count = sizes.length;
  const out = neighbours(
    count,
    edges.map(({ from }) => from),
  );
  const turned = new Uint8Array(edges.length);
  const order = depthFirst(count, out, edges, turned);
  const ranks = new Int32Array(count);
  for (const box of order) {
    for (let at = out.starts[box] as number; at < (out.starts[box + 1] as number); at++) {
      const edge = out.edges[at] as number;
      const to = (edges[edge] as LayoutInput["edges"][number]).to;
      if (turned[edge] === 0) ranks[to] = Math.max(ranks[to] as number, (ranks[box] as number) + 1);
    }
  }
  const into = new Uint8Array(count);
  edges.forEach(({ from, to }, i) => {
    into[turned[i] === 1 ? from : to] = 1;
  });
  // Turned edges do not decide about ranks, but no two boxes of one may share a rank.
  for (let box = 0; box < count; box++) {
    if (into[box] === 1) continue;
    let first = Infinity;
    for (let at = out.starts[box] as number; at < (out.starts[box + 1] as number); at++) {
      const { to } = edges[out.edges[at] as number] as LayoutInput["edges"][number];
      first = Math.min(first, ranks[to] as number);
    }
    if (first !== Infinity) ranks[box] = Math.max(0, first - 1);
  }
  return { ranks, turned };
}

/** Boxes in an order in which all edges that are not turned lead forward. */
function depthFirst(
  count: number,
  out: Neighbours,
  edges: LayoutInput["edges"],
  turned: Uint8Array,
): number[] {
  const state = new Uint8Array(count);
  const next = out.starts.slice();
  const finished: number[] = [];
  for (let root = 0; root < count; root++) {
    if (state[root] !== 0) continue;
    const path = [root];
    state[root] = 1;
    while (path.length > 0) {
      const box = path.at(-1) as number;
      const at = next[box] as number;
      if (at === out.starts[box + 1]) {
        state[box] = 2;
        finished.push(box);
        path.pop();
        continue;
      }
      next[box] = at + 1;
      const edge = out.edges[at] as number;
      const { to } = edges[edge] as LayoutInput["edges"][number];
      if (state[to] === 1) turned[edge] = 1;
      else if (state[to] === 0) {
        state[to] = 1;
        path.push(to);
      }
    }
  }
  return finished.reverse();
}
