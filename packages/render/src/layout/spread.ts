/**
 * Positions nearest to those wished for, in the order given and at least `gaps[i]` behind the one
 * before: least squares by pooling adjacent violators. Linear.
 *
 * Source: Ayer et al., "An empirical distribution function for sampling with incomplete information",
 * 1955, on the positions less the sum of the gaps.
 */
export function spread(wished: ArrayLike<number>, gaps: ArrayLike<number>): Float64Array {
  const count = wished.length;
  const sums = new Float64Array(count);
  const sizes = new Int32Array(count);
  let pools = 0;
  let offset = 0;
  const offsets = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    if (i > 0) offset += gaps[i] as number;
    offsets[i] = offset;
    sums[pools] = (wished[i] as number) - offset;
    sizes[pools] = 1;
    pools++;
    while (pools > 1 && mean(pools - 2) > mean(pools - 1)) {
      sums[pools - 2] = (sums[pools - 2] as number) + (sums[pools - 1] as number);
      sizes[pools - 2] = (sizes[pools - 2] as number) + (sizes[pools - 1] as number);
      pools--;
    }
  }
  const out = new Float64Array(count);
  let at = 0;
  for (let pool = 0; pool < pools; pool++) {
    const level = mean(pool);
    for (let k = 0; k < (sizes[pool] as number); k++, at++)
      out[at] = level + (offsets[at] as number);
  }
  return out;

  function mean(pool: number): number {
    return (sums[pool] as number) / (sizes[pool] as number);
  }
}
