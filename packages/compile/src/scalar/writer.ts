import type { Expr } from "@chainrule/core";
import type { ElementwiseCode, ElementwiseContext } from "../elementwise/index.ts";
import { Lane, type MathLane, SingleLane } from "../math/index.ts";
import type { Body } from "../wasm/index.ts";
import type { Codes } from "./codes.ts";
import type { Parts } from "./parts.ts";
import { isLiteral, type Tape } from "./tape.ts";

/** Where the values of a scalar graph lie outside of the function at hand. Addresses go before values on the stack. */
export interface Places {
  /** Pushes the value of an input, or of a node that is computed elsewhere. */
  pushInput(body: Body, node: number): void;
  pushSlot(body: Body, slot: number): void;
  /** Whether what is loaded is kept in a local for later readers in the same function: where loads cost more. */
  readonly keepsInputs: boolean;
  /** Pushes what a store to the slot needs below the value. */
  beginSlot(body: Body, slot: number): void;
  storeSlot(body: Body, slot: number): void;
  /** Places of the results that a node is, and how one is stored, as for slots. */
  resultsOf(node: number): readonly number[];
  beginResult(body: Body, place: number): void;
  storeResult(body: Body, place: number): void;
}

/** What parts are written from. */
export interface WriterParts {
  readonly tape: Tape;
  readonly parts: Parts;
  readonly codes: Codes;
  readonly places: Places;
}

/** Writes the functions of a scalar graph on one lane; values live in locals while their function reads them. */
export class Writer {
  readonly #parts: WriterParts;
  /** Local of each node in the function at hand; −1 for none. */
  readonly #locals: Int32Array;
  /** Loaded nodes that have a local. */
  readonly #loaded: number[] = [];

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.#locals = new Int32Array(parts.tape.nodes.length).fill(-1);
  }

  /** Writes one part as straight-line code. */
  write(context: ElementwiseContext, part: number): void {
    const { tape, parts, codes, places } = this.#parts;
    const { starts, args, kinds } = tape;
    const { list } = codes;
    const { order, last, slots, bounds } = parts;
    const { body } = context;
    const valueType = valueTypeOf(codes.lane);
    const locals = this.#locals;
    let start = 0;
    const push = (argument: number): void => this.#push(context, args[start + argument] as number);
    const end = bounds[part + 1] as number;
    for (let time = bounds[part] as number; time < end; time++) {
      const index = order[time] as number;
      start = starts[index] as number;
      const code = list[kinds[index] as number] as ElementwiseCode;
      const results = places.resultsOf(index);
      const slot = slots[index] as number;
      const kept = (last[index] as number) > time;
      const stores = results.length + (slot >= 0 ? 1 : 0);
      // One store takes the value from the stack.
      if (!kept && stores === 1) {
        if (slot >= 0) places.beginSlot(body, slot);
        else places.beginResult(body, results[0] as number);
      }
      code.emit(context, push);
      for (let k = start; k < (starts[index + 1] as number); k++) {
        const arg = args[k] as number;
        const local = locals[arg] as number;
        if (local >= 0 && last[arg] === time) {
          body.release(local);
          locals[arg] = -1;
        }
      }
      if (!kept && stores === 1) {
        if (slot >= 0) places.storeSlot(body, slot);
        else places.storeResult(body, results[0] as number);
        continue;
      }
      if (!kept && stores === 0) {
        body.drop();
        continue;
      }
      const local = body.local(valueType);
      body.set(local);
      if (slot >= 0) {
        places.beginSlot(body, slot);
        body.get(local);
        places.storeSlot(body, slot);
      }
      for (const place of results) {
        places.beginResult(body, place);
        body.get(local);
        places.storeResult(body, place);
      }
      if (kept) locals[index] = local;
      else body.release(local);
    }
    // What later parts read lies in slots.
    for (let time = bounds[part] as number; time < end; time++) locals[order[time] as number] = -1;
    for (const index of this.#loaded.splice(0)) locals[index] = -1;
  }

  /** Pushes the value of a node from its local, or from elsewhere. */
  #push(context: ElementwiseContext, index: number): void {
    const { body } = context;
    const known = this.#locals[index] as number;
    if (known >= 0) {
      body.get(known);
      return;
    }
    this.pushAlone(context, index);
    const { tape, codes, places } = this.#parts;
    if (!places.keepsInputs || isLiteral(tape.nodes[index] as Expr)) return;
    const local = body.local(valueTypeOf(codes.lane));
    body.tee(local);
    this.#locals[index] = local;
    this.#loaded.push(index);
  }

  /** Pushes the value of a node that is not computed in the function at hand. */
  pushAlone({ body, vectors }: ElementwiseContext, index: number): void {
    const { tape, parts, codes, places } = this.#parts;
    const node = tape.nodes[index] as Expr;
    const slot = parts.slots[index] as number;
    if (slot >= 0) places.pushSlot(body, slot);
    else if (!isLiteral(node)) places.pushInput(body, index);
    else {
      const value = node.attributes["value"] as number;
      if (codes.lane === "f64") body.f64(value);
      else if (codes.lane === "f64x2") new Lane(body, codes.lane, vectors).constant(value).push();
      else new SingleLane(body, codes.lane, vectors).constant(value).push();
    }
  }
}

function valueTypeOf(lane: MathLane): "f64" | "f32" | "v128" {
  return lane === "f64" || lane === "f32" ? lane : "v128";
}
