/** A place in a row of things of which some may be left out. */
export type Slot =
  | { readonly kind: "shown"; readonly index: number }
  | { readonly kind: "folded"; readonly count: number };

/** The first and the last of many, with the number of those between; at most `most` places. */
export function fold(count: number, most: number): readonly Slot[] {
  const shown = (index: number): Slot => ({ kind: "shown", index });
  if (count <= most) return Array.from({ length: count }, (_, i) => shown(i));
  const kept = Math.max(2, most - 1);
  const first = Math.ceil(kept / 2);
  const last = kept - first;
  return [
    ...Array.from({ length: first }, (_, i) => shown(i)),
    { kind: "folded", count: count - kept },
    ...Array.from({ length: last }, (_, i) => shown(count - last + i)),
  ];
}
