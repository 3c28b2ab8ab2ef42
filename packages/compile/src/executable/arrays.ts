import { allocate, type Expr, type TypedArray } from "@chainrule/core";
import type { CheckedParts, Named } from "../parts.ts";
import type { Layout, Slot } from "../plan/layout.ts";
import { countOf, fixed, lengthOf } from "../plan/size.ts";
import type { Store } from "./store.ts";

/** One array for each input and output, inputs that are one node in one. */
export function layoutOf({ lists, updates, order }: CheckedParts): Layout {
  const places = new Map<Expr, number>();
  let count = 0;
  const slot = ([name, { dtype, shape }]: Named, buffer: number): Slot => {
    return { name, dtype, shape, storage: dtype, buffer };
  };
  const inputs = lists.inputs.map((one) => {
    const known = places.get(one[1]) ?? count++;
    places.set(one[1], known);
    return slot(one, known);
  });
  const outputs = lists.outputs.map((one) => slot(one, count++));
  const names = order.nodes.flatMap(({ shape }) => shape.filter((dim) => typeof dim === "string"));
  return {
    sizes: [...new Set(names)] as string[],
    buffers: Array.from({ length: count }, () => ({
      bytes: fixed(0),
      from: 0,
      to: Number.POSITIVE_INFINITY,
    })),
    inputs,
    outputs,
    state: lists.inputs.flatMap(([, node], i) => (updates.has(node) ? [i] : [])),
    reuse: false,
  };
}

/** An array for each buffer of a layout. */
export class Arrays implements Store {
  readonly sizes: Map<string, number> = new Map();
  readonly buffer: undefined = undefined;
  readonly #layout: Layout;
  readonly #arrays = new Map<number, TypedArray>();
  #isPlaced: boolean;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#isPlaced = layout.sizes.length === 0;
  }

  get bytes(): number {
    return [...this.#arrays.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  get isPlaced(): boolean {
    return this.#isPlaced;
  }

  isChangedBy(sizes: ReadonlyMap<string, number>): boolean {
    const names = this.#layout.sizes;
    if (!names.every((name) => sizes.has(name))) return false;
    return !this.#isPlaced || names.some((name) => sizes.get(name) !== this.sizes.get(name));
  }

  owns({ buffer }: TypedArray): boolean {
    for (const own of this.#arrays.values()) if (own.buffer === buffer) return true;
    return false;
  }

  resize(sizes: ReadonlyMap<string, number>): void {
    for (const name of this.#layout.sizes) this.sizes.set(name, sizes.get(name) as number);
    this.#isPlaced = true;
  }

  has({ shape }: Slot): boolean {
    return this.#isPlaced || shape.every((dim) => typeof dim === "number");
  }

  /** Arrays whose length stays are kept. */
  view({ dtype, shape, buffer }: Slot): TypedArray {
    const length = lengthOf(countOf(shape), this.sizes);
    const known = this.#arrays.get(buffer);
    if (known !== undefined && known.length === length) return known;
    const made = allocate(dtype, length);
    this.#arrays.set(buffer, made);
    return made;
  }

  /** Puts another array in the place of a slot's, of the same type and length. */
  replace({ buffer }: Slot, array: TypedArray): void {
    this.#arrays.set(buffer, array);
  }

  /** A shape with its named sizes as they are. */
  lengthsOf(shape: Slot["shape"]): number[] {
    return shape.map((dim) => (typeof dim === "number" ? dim : (this.sizes.get(dim) as number)));
  }
}
