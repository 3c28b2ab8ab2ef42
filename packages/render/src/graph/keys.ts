import type { Attribute, Expr } from "@chainrule/core";
import type { FlatGraph } from "./flatGraph.ts";
import type { NodeNames } from "./nameNodes.ts";

/** Any mixing serves that spreads neighbours: a product by an odd constant (Knuth, 6.4). */
const GOLDEN = 0x9e3779b1;

/** Second hash beside the first, so that two nodes of a drawing hardly ever share both. */
const SECOND = 0x85ebca6b;

/**
 * A word for each node that edits elsewhere leave as it is: its name where it has one, else what it
 * is made of down to the next names.
 */
export function nodeKeys({ nodes, starts, sources }: FlatGraph, names: NodeNames): string[] {
  const a = new Int32Array(nodes.length);
  const b = new Int32Array(nodes.length);
  const keys: string[] = new Array(nodes.length);
  const counts = new Map<string, number>();
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as Expr;
    const named = names.given[i] === true;
    const words = named ? (names.ids[i] as string) : node.op.name + describe(node);
    let [h, k] = [words.length, words.length];
    for (let at = 0; at < words.length; at++) {
      h = Math.imul(h ^ words.charCodeAt(at), GOLDEN) ^ (h >>> 15);
      k = Math.imul(k ^ words.charCodeAt(at), SECOND) ^ (k >>> 13);
    }
    if (!named) {
      for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) {
        const source = sources[at] as number;
        h = Math.imul(h ^ (a[source] as number), GOLDEN) ^ (h >>> 15);
        k = Math.imul(k ^ (b[source] as number), SECOND) ^ (k >>> 13);
      }
    }
    a[i] = h;
    b[i] = k;
    const word = named
      ? words
      : `${node.op.name}~${(h >>> 0).toString(36)}${(k >>> 0).toString(36)}`;
    const before = counts.get(word) ?? 0;
    counts.set(word, before + 1);
    keys[i] = before === 0 ? word : `${word}~${before}`;
  }
  return keys;
}

/** The attributes that are numbers and words; bodies and functions are known by their places. */
function describe({ attributes }: Expr): string {
  let out = "";
  for (const name in attributes) {
    const value: Attribute = attributes[name];
    if (typeof value === "number" || typeof value === "string") out += ` ${name} ${value}`;
    else if (Array.isArray(value))
      out += ` ${name} ${value.filter((one) => typeof one !== "object")}`;
  }
  return out;
}

/** The same for a folded scope. */
export function scopeKey(id: string): string {
  return `scope ${id}`;
}
