import {
  ArgumentError,
  type Bindable,
  type Expr,
  evaluate,
  Tensor,
  type TypedArray,
  type Value,
} from "@chainrule/core";
import type { CheckedParts } from "../parts.ts";
import type { Layout, Slot } from "../plan/layout.ts";
import { Arrays, layoutOf } from "./arrays.ts";
import { type Executable, makeExecutable } from "./executable.ts";
import type { Explained } from "./explain.ts";
import { Slots } from "./slots.ts";

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
