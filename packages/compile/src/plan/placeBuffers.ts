import type { Layout } from "./layout.ts";
import { lengthOf } from "./size.ts";

/** Addresses are multiples of this, so that vectors lie within a line of cache. */
const ALIGNMENT = 64;

/** Memory below this stays unused, so that no buffer has address 0. */
const START = 64;

/** Where each buffer lies, and the bytes of memory all together need. */
export interface Placement {
  readonly addresses: readonly number[];
  readonly bytes: number;
}

interface Gap {
  at: number;
  size: number;
}

/**
 * Places buffers in one arena: those that live always first, then each in the smallest gap that those before
 * it left when their last step was over. What lives always and depends on no named size comes before
 * all else, so that it stays where it is whatever the sizes are.
 *
 * Deterministic; linear in buffers times gaps.
 */
export function placeBuffers(
  { buffers, reuse }: Pick<Layout, "buffers" | "reuse">,
  sizes: ReadonlyMap<string, number>,
): Placement {
  const lengths = buffers.map(({ bytes }) => {
    const exact = lengthOf(bytes, sizes);
    return Math.ceil(Math.max(exact, 1) / ALIGNMENT) * ALIGNMENT;
  });
  const addresses: number[] = new Array(buffers.length).fill(0);
  let top = START;
  const order = buffers.map((_, i) => i);
  const lasting = order.filter((i) => !Number.isFinite(buffers[i]?.to));
  const isFixed = (i: number): boolean => buffers[i]?.bytes.names.length === 0;
  for (const i of [...lasting.filter(isFixed), ...lasting.filter((i) => !isFixed(i))]) {
    addresses[i] = top;
    top += lengths[i] as number;
  }
  const rest = order
    .filter((i) => Number.isFinite(buffers[i]?.to))
    .sort((a, b) => (buffers[a]?.from as number) - (buffers[b]?.from as number) || a - b);
  const gaps: Gap[] = [];
  const ending = rest.toSorted((a, b) => (buffers[a]?.to as number) - (buffers[b]?.to as number));
  let ended = 0;
  for (const i of rest) {
    const { from } = buffers[i] as { from: number };
    while (reuse && ended < ending.length) {
      const last = ending[ended] as number;
      if ((buffers[last]?.to as number) >= from) break;
      free(gaps, addresses[last] as number, lengths[last] as number);
      ended++;
    }
    const need = lengths[i] as number;
    const gap = smallest(gaps, need);
    if (gap !== undefined) {
      addresses[i] = gap.at;
      gap.at += need;
      gap.size -= need;
      if (gap.size === 0) gaps.splice(gaps.indexOf(gap), 1);
      continue;
    }
    addresses[i] = top;
    top += need;
  }
  return { addresses, bytes: top };
}

function smallest(gaps: readonly Gap[], need: number): Gap | undefined {
  let best: Gap | undefined;
  for (const gap of gaps) {
    if (gap.size >= need && (best === undefined || gap.size < best.size)) best = gap;
  }
  return best;
}

/** Gives memory back, joined with gaps beside it; gaps are kept by address. */
function free(gaps: Gap[], at: number, size: number): void {
  let place = 0;
  while (place < gaps.length && (gaps[place] as Gap).at < at) place++;
  const before = gaps[place - 1];
  const after = gaps[place];
  if (before !== undefined && before.at + before.size === at) {
    before.size += size;
    if (after !== undefined && before.at + before.size === after.at) {
      before.size += after.size;
      gaps.splice(place, 1);
    }
  } else if (after !== undefined && at + size === after.at) {
    after.at = at;
    after.size += size;
  } else gaps.splice(place, 0, { at, size });
}
