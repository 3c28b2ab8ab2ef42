import {
  ArgumentError,
  allocate,
  type Bindable,
  type Expr,
  evaluate,
  Tensor,
  type TypedArray,
  type Value,
} from "@chainrule/core";
import type { CheckedParts, Named } from "../parts.ts";
import type { Layout, Slot } from "../plan/layout.ts";
import { countOf, fixed, lengthOf } from "../plan/size.ts";
import { type Executable, makeExecutable } from "./executable.ts";
import type { Explained } from "./explain.ts";
import { Slots } from "./slots.ts";
import type { Store } from "./store.ts";

/** A program run by core's interpreter behind the interface of a compiled one. */
export function interpreted(
  parts: CheckedParts,
  sizes: Readonly<Record<string, number>> = {},
): Executable {
  const layout = layoutOf(parts);
  const store = new Arrays(layout);
  const slots = new Slots(layout, store, sizes);
  const explain = (): Explained => explainArrays(parts, store);
  const wat = (): never => {
    throw new ArgumentError("wat: a program must be compiled to have a text, got the interpreter");
  };
  return makeExecutable(
    { slots, run: () => runOnce(parts, layout, store), explain, wat },
    undefined,
  );
}

/** One array for each input and output, inputs that are one node in one. */
function layoutOf({ lists, updates, order }: CheckedParts): Layout {
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

/** Evaluates all, then replaces outputs and state. */
function runOnce({ lists, updates }: CheckedParts, layout: Layout, store: Arrays): void {
  const values = new Map<Expr, Bindable>();
  lists.inputs.forEach(([, node], i) => {
    // Results may be what was given, so that is a copy.
    const data = store.view(layout.inputs[i] as Slot).slice();
    const lengths = store.lengthsOf(node.shape);
    const isScalar = lengths.length === 0;
    values.set(node, isScalar ? (data[0] as number) : new Tensor(lengths, data, node.dtype));
  });
  const roots = [...lists.outputs.map(([, node]) => node), ...updates.values()];
  const results = evaluate(roots, values, { sizes: Object.fromEntries(store.sizes) });
  layout.outputs.forEach((slot, i) => {
    write(store.view(slot), results[i] as Value);
  });
  const places = new Map(lists.inputs.map(([, node], i) => [node, layout.inputs[i] as Slot]));
  [...updates.keys()].forEach((state, i) => {
    const value = results[layout.outputs.length + i] as Value;
    write(store.view(places.get(state) as Slot), value);
  });
}

function write(target: TypedArray, value: Value): void {
  if (typeof value === "number") target[0] = value;
  else target.set(value.data);
}

/** An array for each buffer of a layout. */
class Arrays implements Store {
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

  lengthsOf(shape: Slot["shape"]): number[] {
    return shape.map((dim) => (typeof dim === "number" ? dim : (this.sizes.get(dim) as number)));
  }
}

function explainArrays({ order }: CheckedParts, store: Arrays): Explained {
  const operations = order.nodes.filter(({ args }) => args.length > 0).length;
  return {
    engine: "interpreter",
    steps: [{ text: "interpreter", depth: 0, operations, bytes: undefined }],
    native: 0,
    library: 0,
    host: operations,
    functions: 0,
    moduleBytes: 0,
    memoryBytes: store.bytes,
    slots: 0,
    sizes: Object.fromEntries(store.sizes),
    memory: [],
    text: `interpreter: ${operations} nodes, ${store.bytes} bytes of inputs and outputs`,
  };
}
