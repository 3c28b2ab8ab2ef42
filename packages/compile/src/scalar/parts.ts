import type { Pairs } from "./pairs.ts";
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
  { mates, lanes }: Pairs = single(tape),
): Parts {
  const last = lastReaders(tape, order);
  const bounds: number[] = [];
  for (let start = 0; start < order.length; start += PART_SIZE) {
    // Both of a pair stay together.
    bounds.push(start + (lanes[order[start] as number] as number));
  }
  bounds.push(order.length);
  return { order, last, bounds, ...slotsOf({ order, last, bounds }, { mates, lanes }) };
}

function single({ nodes }: Tape): Pairs {
  return { mates: new Int32Array(nodes.length).fill(-1), lanes: new Uint8Array(nodes.length) };
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

/** Slots of pairs are two, side by side. */
function slotsOf(
  { order, last, bounds }: Pick<Parts, "order" | "last" | "bounds">,
  { mates, lanes }: Pairs,
): Pick<Parts, "slots" | "slotCount"> {
  const slots = new Int32Array(last.length).fill(-1);
  const free: number[] = [];
  const freePairs: number[] = [];
  /** Nodes with slots, by the part that reads them last. */
  const ending: number[][] = bounds.map(() => []);
  let slotCount = 0;
  for (let part = 0; part + 1 < bounds.length; part++) {
    const end = bounds[part + 1] as number;
    for (let time = bounds[part] as number; time < end; time++) {
      const node = order[time] as number;
      const mate = mates[node] as number;
      if (lanes[node] === 1) continue;
      const reader =
        mate < 0 ? (last[node] as number) : Math.max(last[node] as number, last[mate] as number);
      if (reader < end) continue;
      if (mate < 0) slots[node] = free.pop() ?? slotCount++;
      else {
        const slot = freePairs.pop() ?? slotCount;
        if (slot === slotCount) slotCount += 2;
        slots[node] = slot;
        slots[mate] = slot + 1;
      }
      (ending[partAt(bounds, reader)] as number[]).push(node);
    }
    for (const node of ending[part] as number[]) {
      ((mates[node] as number) < 0 ? free : freePairs).push(slots[node] as number);
    }
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
