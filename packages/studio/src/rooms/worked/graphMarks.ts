import { type Path, paths } from "@chainrule/core";
import { edgeKey, type GraphMarks } from "../../graph/marks.ts";
import { input, network } from "./network.ts";
import { isWeight, type PageId, stepsOf } from "./pages.ts";

/** What of the graph a page shows: values as far as they are computed, then adjoints, then paths. */
export function graphMarks(page: PageId): GraphMarks {
  const nothing = new Set<string>();
  if (page === "network") return { values: nothing, adjoints: nothing };
  if (isWeight(page)) return { paths: [...paths(network.result, input(page))].map(edgesOf) };
  if (page === "update" || page === "after") return {};
  const current = new Set(stepsOf[page]);
  const inputs = Object.keys(network.variables);
  const steps = Object.keys(network.definitions);
  const last = Math.max(...stepsOf[page].map((name) => steps.indexOf(name)));
  const known = steps.slice(0, last + 1);
  return { current, values: new Set([...inputs, ...known]), adjoints: nothing };
}

const names: ReadonlyMap<unknown, string> = new Map(
  [...Object.entries(network.variables), ...Object.entries(network.definitions)].map(
    ([name, node]) => [node, name],
  ),
);

/** Arrows of a path between what has a name. */
function edgesOf({ nodes }: Path): ReadonlySet<string> {
  const named = nodes.flatMap((node) => names.get(node) ?? []);
  return new Set(named.slice(1).map((name, i) => edgeKey(named[i] ?? "", name)));
}
