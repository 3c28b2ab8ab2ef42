import type { Elements } from "@chainrule/core";
import type { ScalarProgram } from "./scalarProgram.ts";

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
  /** Address of the result that a computed node is, by node; −1 for none, −2 for several. */
  readonly result: Int32Array;
  /** Addresses of nodes that are several results. */
  readonly several: ReadonlyMap<number, readonly number[]>;
  /** Results that are inputs or literals: node and address. */
  readonly direct: readonly (readonly [number, number])[];
}

/** Inputs, outputs and new values of state side by side, each element a double; slots, where there are some, behind them. */
export function planMemory({
  inputs: given,
  outputs: wanted,
  updates: next,
  order,
  tape,
}: ScalarProgram): ScalarMemory {
  let top = 0;
  const reserve = (count: number): number => {
    const at = top;
    top += count * DOUBLE;
    return at;
  };
  const addresses = new Int32Array(tape.nodes.length).fill(-1);
  const inputs = given.map(({ elements }) => {
    const at = reserve(elements.items.length);
    elements.items.forEach((item, i) => {
      const node = order.indexOf(item);
      // Inputs that nothing reads are no nodes of the program.
      if (node >= 0) addresses[node] = at + i * DOUBLE;
    });
    return at;
  });
  const result = new Int32Array(tape.nodes.length).fill(-1);
  const several = new Map<number, number[]>();
  const direct: [number, number][] = [];
  const place = ({ items }: Elements): number => {
    const at = reserve(items.length);
    items.forEach((item, i) => {
      const node = order.indexOf(item);
      const address = at + i * DOUBLE;
      const known = result[node] as number;
      if ((tape.kinds[node] as number) < 0) direct.push([node, address]);
      else if (known === -1) result[node] = address;
      else if (known === -2) several.get(node)?.push(address);
      else {
        several.set(node, [known, address]);
        result[node] = -2;
      }
    });
    return at;
  };
  const outputs = wanted.map(({ elements }) => place(elements));
  const updates = new Map<number, number>();
  for (const [input, elements] of next) updates.set(input, place(elements));
  const plan = { inputs, outputs, updates, slots: 0, bytes: top };
  return { plan, inputs: addresses, slots: Math.ceil(top / 16) * 16, result, several, direct };
}

/** The plan with so many slots. */
export function withSlots({ plan, slots }: ScalarMemory, count: number): MemoryPlan {
  return { ...plan, slots: count, bytes: slots + count * DOUBLE };
}
