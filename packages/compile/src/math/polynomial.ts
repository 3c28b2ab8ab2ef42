import type { Arithmetic, Real } from "./arithmetic.ts";

/**
 * `Σ terms[i] xⁱ` by Estrin's scheme: neighbours are joined first, so that the chain of dependent
 * operations is as long as the logarithm of the degree.
 */
export function polynomial(lane: Arithmetic, x: Real, terms: readonly number[]): Real {
  let level = terms.map((term) => lane.constant(term));
  let power = x;
  while (level.length > 1) {
    const next: Real[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const low = level[i];
      const high = level[i + 1];
      if (low === undefined) continue;
      next.push(high === undefined ? low : lane.keep(lane.add(low, lane.mul(high, power))));
    }
    level = next;
    if (level.length > 1) power = lane.keep(lane.mul(power, power));
  }
  return level[0] ?? lane.constant(0);
}
