/** Whole numbers in ascending order, each once. */
export type IndexSet = Int32Array;

/** The set without elements. */
export const EMPTY: IndexSet = /* @__PURE__ */ new Int32Array(0);

/** `a ∪ b`; one of the two where it holds the other. */
export function union(a: IndexSet, b: IndexSet): IndexSet {
  if (a === b || b.length === 0) return a;
  if (a.length === 0) return b;
  const out = new Int32Array(a.length + b.length);
  let count = 0;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a[i] as number;
    const y = b[j] as number;
    out[count++] = Math.min(x, y);
    if (x <= y) i++;
    if (y <= x) j++;
  }
  while (i < a.length) out[count++] = a[i++] as number;
  while (j < b.length) out[count++] = b[j++] as number;
  if (count === a.length) return a;
  return count === b.length ? b : out.slice(0, count);
}

/** `⋃ sets`, by halves, so that many small sets cost little more than their total length. */
export function unionAll(sets: readonly IndexSet[]): IndexSet {
  let level: readonly IndexSet[] = [...new Set(sets)];
  while (level.length > 1) {
    const next: IndexSet[] = [];
    for (let i = 0; i < level.length; i += 2) {
      next.push(union(level[i] as IndexSet, level[i + 1] ?? EMPTY));
    }
    level = next;
  }
  return level[0] ?? EMPTY;
}
