import type { Elements, Order } from "@chainrule/core";
import type { Parts } from "./parts.ts";
import type { ScalarProgram } from "./scalarProgram.ts";
import type { Tape } from "./tape.ts";

/** Bytes of a double. */
export const DOUBLE = 8;

/** Where the elements of inputs and outputs lie in memory. */
export interface MemoryPlan {
  /** Byte offset of the first element, by position. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Offset of the new values of inputs, by position. */
  readonly updates: ReadonlyMap<number, number>;
  /** Slots for values that cross functions. */
  readonly slots: number;
  readonly bytes: number;
}

/** Addresses of all values of a program that lie in memory. */
export interface ScalarMemory {
  readonly plan: MemoryPlan;
  /** Address of an input element, by node; −1 for other nodes. */
  readonly inputs: Int32Array;
  /** Address of the first slot. */
  readonly slots: number;
  /** Addresses of the results that a computed node is. */
  readonly results: ReadonlyMap<number, readonly number[]>;
  /** Results that are inputs or literals: node and address. */
  readonly direct: readonly (readonly [number, number])[];
}

/** Inputs, outputs, new values of state and slots side by side, each element a double. */
export function planMemory(
  program: ScalarProgram,
  { order, tape, parts }: { order: Order; tape: Tape; parts: Parts },
): ScalarMemory {
  let top = 0;
  const reserve = (count: number): number => {
    const at = top;
    top += count * DOUBLE;
    return at;
  };
  const addresses = new Int32Array(tape.nodes.length).fill(-1);
  const inputs = program.inputs.map(({ elements }) => {
    const at = reserve(elements.items.length);
    elements.items.forEach((item, i) => {
      addresses[order.indexOf(item)] = at + i * DOUBLE;
    });
    return at;
  });
  const results = new Map<number, number[]>();
  const direct: [number, number][] = [];
  const place = ({ items }: Elements): number => {
    const at = reserve(items.length);
    items.forEach((item, i) => {
      const node = order.indexOf(item);
      const address = at + i * DOUBLE;
      const known = results.get(node);
      if (tape.computed[node] === 0) direct.push([node, address]);
      else if (known === undefined) results.set(node, [address]);
      else known.push(address);
    });
    return at;
  };
  const outputs = program.outputs.map(({ elements }) => place(elements));
  const updates = new Map<number, number>();
  for (const [input, elements] of program.updates) updates.set(input, place(elements));
  const slots = reserve(parts.slotCount);
  const plan = { inputs, outputs, updates, slots: parts.slotCount, bytes: top };
  return { plan, inputs: addresses, slots, results, direct };
}
