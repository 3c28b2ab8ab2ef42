import type { ElementwiseCode, ElementwiseContext } from "../elementwise/index.ts";
import { type Body, f64, v128 } from "../wasm/index.ts";
import type { Codes } from "./codes.ts";
import { DOUBLE } from "./memory.ts";
import { type PairedGraph, PairValues } from "./pairValues.ts";

/** What functions are written from. */
export interface PairWriterParts extends PairedGraph {
  /** Codes on one double and on two. */
  readonly one: Codes;
  readonly two: Codes;
}

/** Writes the functions of a scalar graph over doubles in memory, pairs of operations on two lanes. */
export class PairWriter {
  readonly #parts: PairWriterParts;
  readonly #values: PairValues;

  constructor(parts: PairWriterParts) {
    this.#parts = parts;
    this.#values = new PairValues(parts);
  }

  /** Writes one part as straight-line code. */
  write(context: ElementwiseContext, part: number): void {
    const { tape, parts, pairs, one, two } = this.#parts;
    const { starts, kinds } = tape;
    const values = this.#values;
    const { order, bounds } = parts;
    const { body } = context;
    let start = 0;
    let other = 0;
    let time = bounds[part] as number;
    const pushOne = (argument: number): void =>
      values.pushAlone(context, tape.args[start + argument] as number, time);
    const pushTwo = (argument: number): void =>
      values.pushTwo(context, start, other, argument, time);
    const end = bounds[part + 1] as number;
    while (time < end) {
      const node = order[time] as number;
      const mate = pairs.mates[node] as number;
      const kind = kinds[node] as number;
      start = starts[node] as number;
      if (mate < 0) {
        this.#single(body, node, time, () =>
          (one.list[kind] as ElementwiseCode).emit(context, pushOne),
        );
        values.release(body, node, time);
        time++;
        continue;
      }
      other = starts[mate] as number;
      time++;
      (two.list[kind] as ElementwiseCode).emit(context, pushTwo);
      values.forget(body);
      values.release(body, node, time);
      values.release(body, mate, time);
      this.#keepPair(body, node, mate, time);
      time++;
    }
    values.end();
  }

  /** Writes an operation whose value goes to memory, or to a local. */
  #single(body: Body, node: number, time: number, emit: () => void): void {
    const { parts } = this.#parts;
    const kept = (parts.last[node] as number) > time;
    const stores = this.#storesOf(node);
    // One store takes the value from the stack.
    const direct = !kept && stores.length === 1;
    if (direct) body.i32(0);
    emit();
    if (direct) {
      body.memory(f64.store, stores[0] as number);
      return;
    }
    if (!kept && stores.length === 0) {
      body.drop();
      return;
    }
    const local = body.local("f64");
    body.set(local);
    for (const address of stores) {
      body.i32(0);
      body.get(local);
      body.memory(f64.store, address);
    }
    if (kept) this.#values.holdAlone(node, local);
    else body.release(local);
  }

  /** Takes a vector from the stack to where both of a pair are read. */
  #keepPair(body: Body, node: number, mate: number, time: number): void {
    const { last } = this.#parts.parts;
    const local = body.local("v128");
    body.set(local);
    const first = this.#storesOf(node);
    const second = this.#storesOf(mate);
    if (first.length + second.length > 0) storePair(body, local, first, second);
    if (Math.max(last[node] as number, last[mate] as number) > time) {
      this.#values.holdPair(node, local);
    } else body.release(local);
  }

  /** Pushes the value of a node that no function computes: an input or a literal. */
  pushStored(context: ElementwiseContext, node: number): void {
    this.#values.pushStored(context, node);
  }

  /** Addresses that a node is written to: results, and its slot. */
  #storesOf(node: number): readonly number[] {
    const { parts, memory } = this.#parts;
    const slot = parts.slots[node] as number;
    const result = memory.result[node] as number;
    const several = result === -2 ? (memory.several.get(node) as readonly number[]) : undefined;
    if (slot < 0 && several === undefined) return result < 0 ? none : [result];
    const results = several ?? (result < 0 ? none : [result]);
    return slot < 0 ? results : [...results, memory.slots + slot * DOUBLE];
  }
}

const none: readonly number[] = [];

/** Writes both lanes of a vector to their addresses, together where they lie side by side. */
function storePair(
  body: Body,
  local: number,
  first: readonly number[],
  second: readonly number[],
): void {
  const joint = new Set(first.filter((address) => second.includes(address + DOUBLE)));
  for (const address of joint) {
    body.i32(0);
    body.get(local);
    body.memory(v128.store, address);
  }
  const lane = (which: 0 | 1, addresses: readonly number[], skip: number): void => {
    for (const address of addresses) {
      if (joint.has(address - skip)) continue;
      body.i32(0);
      body.get(local);
      body.memoryLane(v128.store64_lane, which, address);
    }
  };
  lane(0, first, 0);
  lane(1, second, DOUBLE);
}
