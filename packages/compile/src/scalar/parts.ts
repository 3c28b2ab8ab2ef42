import type { Tape } from "./tape.ts";

/** When values are computed, in which function, and where they wait for other functions. */
export interface Parts {
  /** Computed nodes in the order of computation; position in it is a node's time. */
  readonly order: Int32Array;
  /** Time of a node's last reader; −1 for none. */
  readonly last: Int32Array;
  /** Part i computes the times `bounds[i] … bounds[i + 1])`. */
  readonly bounds: readonly number[];
  /** Slot of a node that later parts read; −1 for none. Slots are used again after the part of the last reader. */
  readonly slots: Int32Array;
  readonly slotCount: number;
}

/**
 * Operations of one function. V8 compiles bounded functions well and refuses very large ones (50,000
 * locals); between 2000 and 8000 the speed did not change.
 */
const PART_SIZE = 4000;

/** Cuts the computation of some nodes, by default of all, into functions of bounded size. */
export function partsOf(
  tape: Tape,
  order: Int32Array = computedOrder(tape),
  size: number = PART_SIZE,
): Parts {
  const last = lastReaders(tape, order);
  const bounds: number[] = [];
  for (let start = 0; start < order.length; start += size) bounds.push(start);
  bounds.push(order.length);
  return { order, last, bounds, ...slotsOf(order, last, bounds) };
}

/** The computed nodes that suit, arguments before users. */
export function computedOrder(
  { kinds }: Tape,
  suits: (node: number) => boolean = () => true,
): Int32Array {
  let count = 0;
  const order = new Int32Array(kinds.length);
  for (let i = 0; i < kinds.length; i++) {
    if ((kinds[i] as number) >= 0 && suits(i)) order[count++] = i;
  }
  return order.subarray(0, count);
}

function lastReaders({ starts, args, nodes }: Tape, order: Int32Array): Int32Array {
  const last = new Int32Array(nodes.length).fill(-1);
  for (let time = 0; time < order.length; time++) {
    const node = order[time] as number;
    for (let k = starts[node] as number; k < (starts[node + 1] as number); k++) {
      last[args[k] as number] = time;
    }
  }
  return last;
}

function slotsOf(
  order: Int32Array,
  last: Int32Array,
  bounds: readonly number[],
): Pick<Parts, "slots" | "slotCount"> {
  const slots = new Int32Array(last.length).fill(-1);
  const free: number[] = [];
  /** Slots by the part that reads them last. */
  const ending: number[][] = bounds.map(() => []);
  let slotCount = 0;
  for (let part = 0; part + 1 < bounds.length; part++) {
    const end = bounds[part + 1] as number;
    for (let time = bounds[part] as number; time < end; time++) {
      const node = order[time] as number;
      const reader = last[node] as number;
      if (reader < end) continue;
      const slot = free.pop() ?? slotCount++;
      slots[node] = slot;
      (ending[partAt(bounds, reader)] as number[]).push(slot);
    }
    free.push(...(ending[part] as number[]));
  }
  return { slots, slotCount };
}

/** The part that a time belongs to, by bisection. */
function partAt(bounds: readonly number[], time: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] as number) <= time) low = middle;
    else high = middle;
  }
  return low;
}
