/** Names beyond this length are not compared: a slip of the pen is short. */
const LONGEST = 40;

/**
 * The candidate nearest to a name, if near enough to be meant: at most one slip in three letters.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > LONGEST) return undefined;
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > least) continue;
    const slips = distance(name.toLowerCase(), candidate.toLowerCase());
    const closer = slips === least && best !== undefined && begins(name, candidate, best);
    if (slips < least || closer) {
      best = candidate;
      least = slips;
    }
  }
  return best;
}

/** Whether the first candidate shares more letters at the beginning than the second. */
function begins(name: string, first: string, second: string): boolean {
  let at = 0;
  while (at < name.length && name[at] === first[at] && name[at] === second[at]) at++;
  return at < name.length && name[at] === first[at];
}

/**
 * Letters to insert, drop, replace or exchange with their neighbour until `a` is `b`.
 *
 * Source: Damerau, "A technique for computer detection and correction of spelling errors" (1964).
 */
export function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (beforeLast[j - 2] as number) + 1);
      }
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] as number;
}
