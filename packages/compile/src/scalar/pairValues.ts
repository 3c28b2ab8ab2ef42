import type { Expr } from "@chainrule/core";
import type { ElementwiseContext } from "../elementwise/index.ts";
import { Lane } from "../math/index.ts";
import { type Body, f64, f64x2, v128 } from "../wasm/index.ts";
import { DOUBLE, type ScalarMemory } from "./memory.ts";
import type { Pairs } from "./pairs.ts";
import type { Parts } from "./parts.ts";
import { isLiteral, type Tape } from "./tape.ts";

/** A scheduled graph over doubles in memory. */
export interface PairedGraph {
  readonly tape: Tape;
  readonly parts: Parts;
  readonly pairs: Pairs;
  readonly memory: ScalarMemory;
}

const splats = [
  [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7],
  [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15],
] as const;

/** Elementwise ops have fewer arguments. */
const MOST_ARGUMENTS = 8;

/**
 * Where the values of a scalar graph are while a function is written: in locals alone, as a lane of a pair, or in both lanes of a
 * vector; else in memory.
 */
export class PairValues {
  readonly #parts: PairedGraph;
  /** Locals of each node in the function at hand, −1 for none: the number, it in both lanes, and the pair it is the first of. */
  readonly #alone: Int32Array;
  readonly #twice: Int32Array;
  readonly #pair: Int32Array;
  /** Nodes that have locals. */
  readonly #touched: number[] = [];
  /** Locals of gathered arguments of the operation at hand. */
  readonly #gathered = new Int32Array(MOST_ARGUMENTS).fill(-1);

  constructor(parts: PairedGraph) {
    this.#parts = parts;
    const { length } = parts.tape.nodes;
    this.#alone = new Int32Array(length).fill(-1);
    this.#twice = new Int32Array(length).fill(-1);
    this.#pair = new Int32Array(length).fill(-1);
  }

  /** Pushes the value of a node that is not computed in the function at hand. */
  pushStored({ body }: Pick<ElementwiseContext, "body">, node: number): void {
    const address = this.#addressOf(node);
    if (address < 0) body.f64(this.#literal(node));
    else {
      body.i32(0);
      body.memory(f64.load, address);
    }
  }

  /** Gives back the locals of arguments that are read no more. */
  release(body: Body, node: number, time: number): void {
    const { tape, parts, pairs } = this.#parts;
    for (let k = tape.starts[node] as number; k < (tape.starts[node + 1] as number); k++) {
      const arg = tape.args[k] as number;
      if ((parts.last[arg] as number) > time) continue;
      this.#drop(body, this.#alone, arg);
      this.#drop(body, this.#twice, arg);
      const mate = pairs.mates[arg] as number;
      if (mate < 0 || (parts.last[mate] as number) > time) continue;
      this.#drop(body, this.#pair, pairs.lanes[arg] === 1 ? mate : arg);
    }
  }

  #drop(body: Body, locals: Int32Array, node: number): void {
    const local = locals[node] as number;
    if (local < 0) return;
    body.release(local);
    locals[node] = -1;
  }

  /** Keeps a local that holds the value of a node. */
  holdAlone(node: number, local: number): void {
    this.#hold(this.#alone, node, local);
  }

  /** Keeps a local that holds a pair, by its first node. */
  holdPair(node: number, local: number): void {
    this.#hold(this.#pair, node, local);
  }

  /** Forgets all locals: a function is over. */
  end(): void {
    for (const node of this.#touched.splice(0)) {
      this.#alone[node] = -1;
      this.#twice[node] = -1;
      this.#pair[node] = -1;
    }
  }

  #hold(locals: Int32Array, node: number, local: number): void {
    locals[node] = local;
    this.#touched.push(node);
  }

  /** Pushes the value of a node. */
  pushAlone(context: ElementwiseContext, node: number, time: number): void {
    const { pairs, parts } = this.#parts;
    const { body } = context;
    const known = this.#alone[node] as number;
    if (known >= 0) {
      body.get(known);
      return;
    }
    const lane = pairs.lanes[node] as 0 | 1;
    const mate = pairs.mates[node] as number;
    const pair = mate < 0 ? -1 : (this.#pair[lane === 1 ? mate : node] as number);
    if (pair < 0) {
      this.pushStored(context, node);
      return;
    }
    body.get(pair);
    body.extract(lane);
    if ((parts.last[node] as number) > time) {
      const local = body.local("f64");
      body.tee(local);
      this.#hold(this.#alone, node, local);
    }
  }

  /** Pushes an argument of a pair as a vector. */
  pushTwo(
    context: ElementwiseContext,
    start: number,
    other: number,
    argument: number,
    time: number,
  ): void {
    const { tape, pairs } = this.#parts;
    const { body } = context;
    const x = tape.args[start + argument] as number;
    const y = tape.args[other + argument] as number;
    const known = this.#gathered[argument] as number;
    if (known >= 0) body.get(known);
    else if (x === y) this.#pushTwice(context, x, time);
    else if (pairs.mates[x] === y && pairs.lanes[x] === 0 && (this.#pair[x] as number) >= 0) {
      body.get(this.#pair[x] as number);
    } else {
      this.#gather(context, x, y, time);
      const local = body.local("v128");
      body.tee(local);
      this.#gathered[argument] = local;
    }
  }

  /** Gives back what was gathered for the operation at hand. */
  forget(body: Body): void {
    for (let i = 0; i < MOST_ARGUMENTS; i++) {
      const local = this.#gathered[i] as number;
      if (local >= 0) body.release(local);
      this.#gathered[i] = -1;
    }
  }

  /** Pushes two values side by side. */
  #gather(context: ElementwiseContext, x: number, y: number, time: number): void {
    const { body } = context;
    const [from, next] = [this.#loadable(x), this.#loadable(y)];
    if (from >= 0 && next === from + DOUBLE) {
      body.i32(0);
      body.memory(v128.load, from);
      return;
    }
    if (next >= 0) body.i32(0);
    if (from >= 0) {
      body.i32(0);
      body.memory(v128.load64_zero, from);
    } else {
      this.pushAlone(context, x, time);
      body.op(f64x2.splat);
    }
    if (next >= 0) {
      body.memoryLane(v128.load64_lane, 1, next);
      return;
    }
    this.pushAlone(context, y, time);
    body.lane(f64x2.replace_lane, 1);
  }

  /** Pushes a value in both lanes. */
  #pushTwice(context: ElementwiseContext, node: number, time: number): void {
    const { tape, parts, pairs } = this.#parts;
    const { body, vectors } = context;
    const known = this.#twice[node] as number;
    if (known >= 0) {
      body.get(known);
      return;
    }
    if (isLiteral(tape.nodes[node] as Expr)) {
      new Lane(body, "f64x2", vectors).constant(this.#literal(node)).push();
      return;
    }
    const lane = pairs.lanes[node] as 0 | 1;
    const mate = pairs.mates[node] as number;
    const pair = mate < 0 ? -1 : (this.#pair[lane === 1 ? mate : node] as number);
    const address = this.#loadable(node);
    if (pair >= 0) {
      body.get(pair);
      body.get(pair);
      body.shuffle(splats[lane]);
    } else if (address >= 0) {
      body.i32(0);
      body.memory(v128.load64_splat, address);
    } else {
      this.pushAlone(context, node, time);
      body.op(f64x2.splat);
    }
    if ((parts.last[node] as number) <= time) return;
    const local = body.local("v128");
    body.tee(local);
    this.#hold(this.#twice, node, local);
  }

  /** Address of a value that is in memory and in no local; −1 for none. */
  #loadable(node: number): number {
    const { pairs } = this.#parts;
    if ((this.#alone[node] as number) >= 0) return -1;
    const mate = pairs.mates[node] as number;
    const first = pairs.lanes[node] === 1 ? mate : node;
    if (mate >= 0 && (this.#pair[first] as number) >= 0) return -1;
    return this.#addressOf(node);
  }

  /** Address of an input or of the slot of a node; −1 for literals. */
  #addressOf(node: number): number {
    const { parts, memory } = this.#parts;
    const slot = parts.slots[node] as number;
    return slot >= 0 ? memory.slots + slot * DOUBLE : (memory.inputs[node] as number);
  }

  #literal(node: number): number {
    const { attributes } = this.#parts.tape.nodes[node] as Expr;
    return attributes["value"] as number;
  }
}
