import {
  ArgumentError,
  type Elements,
  type Expr,
  type Order,
  type ScalarizeOptions,
  scalarize,
  topological,
} from "@chainrule/core";
import { isElementwise } from "../elementwise/index.ts";
import type { CheckedParts, Named } from "../parts.ts";
import { normalized, type ScalarForm } from "./normalized.ts";
import { type Tape, tapeOf } from "./tape.ts";

/** A named tensor and its elements as scalar nodes. */
export interface NamedElements {
  readonly name: string;
  readonly node: Expr;
  readonly elements: Elements;
}

/** A program as scalar nodes, in the order they are computed. */
export interface ScalarProgram {
  readonly inputs: readonly NamedElements[];
  readonly outputs: readonly NamedElements[];
  /** New elements of inputs, by position in `inputs`. */
  readonly updates: ReadonlyMap<number, Elements>;
  /** Arguments before users; inputs and constants included, if anything depends on them. */
  readonly order: Order;
  readonly tape: Tape;
}

/** Options of the scalar form. */
export interface ScalarOptions {
  /** Lengths of the named sizes. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** The most scalar nodes made. */
  readonly maxNodes?: number;
}

/** A program as scalars. Throws ArgumentError if an op has no scalar form. */
export function scalarProgram(parts: CheckedParts, options: ScalarOptions): ScalarProgram {
  const { lists, updates } = parts;
  const { all, order, tape } = elementsOfParts(parts, options);
  const named =
    (first: number) =>
    ([name, node]: Named, i: number): NamedElements => ({
      name,
      node,
      elements: all[first + i] as Elements,
    });
  const outputs = lists.outputs.map(named(0));
  const first = outputs.length + updates.size;
  const inputs = lists.inputs.map(named(first));
  const next = new Map<number, Elements>();
  if (updates.size > 0) {
    const places = new Map(inputs.map(({ node }, i) => [node, i]));
    [...updates.keys()].forEach((state, i) => {
      next.set(places.get(state) as number, all[outputs.length + i] as Elements);
    });
  }
  return { inputs, outputs, updates: next, order, tape };
}

/** The elements of outputs, new values of state and inputs, in this order. */
function elementsOfParts(
  { lists, updates, order, tape }: CheckedParts,
  options: ScalarOptions,
): ReturnType<typeof elementsOf> {
  const nodeOf = ([, node]: Named): Expr => node;
  const nodes = [...lists.outputs.map(nodeOf), ...updates.values(), ...lists.inputs.map(nodeOf)];
  return elementsOf(nodes, options, order, tape);
}

/** The elements of all nodes, and what they are computed by; graphs of scalar elementwise ops are their own. `own` are all nodes, arguments first. */
export function elementsOf(
  nodes: readonly Expr[],
  options: ScalarizeOptions,
  own: Order = topological(nodes),
  tape: Tape | undefined = tapeOf(own),
): ScalarForm {
  if (tape !== undefined) {
    const all = nodes.map((node) => ({ shape: [], items: [node] }));
    return normalized({ all, order: own, tape });
  }
  const all = scalarize(nodes, options).outputs;
  const order = topological(all.flatMap(({ items }) => items));
  const made = tapeOf(order);
  if (made === undefined) throw withoutForm(order);
  return normalized({ all, order, tape: made });
}

/** What is left where no scalars compute a node: functions without a body. */
function withoutForm({ nodes }: Order): ArgumentError {
  const names = nodes
    .filter((node) => node.args.length > 0 && !isElementwise(node))
    .map(({ op, attributes }) => String(attributes["name"] ?? op.name));
  const one = names[0] ?? "f";
  return new ArgumentError(
    `compile: every function must have a body, got none for ${[...new Set(names)].join(", ")}; give it with withFunctions(…, { ${one}: (x) => … })`,
  );
}
