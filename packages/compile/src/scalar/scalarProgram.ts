import {
  ArgumentError,
  type Elements,
  Expr,
  isInput,
  type Order,
  Program,
  type ScalarizeOptions,
  scalarize,
  topological,
} from "@chainrule/core";
import { type Tape, tapeOf } from "./tape.ts";

/** What is compiled: named inputs and outputs, and inputs that each run replaces. */
export interface CompileParts {
  /** Inputs by name; those of a program, or found in the outputs, when not given. */
  readonly inputs?: Readonly<Record<string, Expr>>;
  readonly outputs: Readonly<Record<string, Expr>>;
  /** State: inputs that are replaced by an expression after every run. */
  readonly updates?: ReadonlyMap<Expr, Expr>;
}

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

/**
 * A program as scalars. Throws ArgumentError if an output needs an input that is not named, or an op
 * has no scalar form.
 */
export function scalarProgram(
  target: CompileParts | Program,
  options: ScalarOptions,
): ScalarProgram {
  const parts = target instanceof Program ? partsOf(target) : target;
  const updates = [...(parts.updates ?? new Map<Expr, Expr>())];
  const roots = [...Object.values(parts.outputs), ...updates.map(([, next]) => next)];
  const named = parts.inputs ?? new Program({ definitions: parts.outputs }).variables;
  const { all, order, tape } = elementsOf([...roots, ...Object.values(named)], options);
  const outputs = Object.entries(parts.outputs).map(([name, node], i) => ({
    name,
    node,
    elements: all[i] as Elements,
  }));
  const inputs = Object.entries(named).map(([name, node], i) => ({
    name,
    node,
    elements: all[roots.length + i] as Elements,
  }));
  checkInputs(inputs, tape);
  const places = new Map(inputs.map(({ node }, i) => [node, i]));
  const next = new Map<number, Elements>();
  updates.forEach(([state], i) => {
    const place = places.get(state);
    if (place === undefined) {
      throw new ArgumentError(`compile: state must be an input, got ${state.toString()}`);
    }
    next.set(place, all[outputs.length + i] as Elements);
  });
  return { inputs, outputs, updates: next, order, tape };
}

/** The elements of all nodes, and what they are computed by; graphs of scalar elementwise ops are their own. */
export function elementsOf(
  nodes: readonly Expr[],
  options: ScalarizeOptions,
): { readonly all: readonly Elements[]; readonly order: Order; readonly tape: Tape } {
  const own = topological(nodes);
  const ownTape = tapeOf(own);
  if (ownTape.plain) {
    const all = nodes.map((node) => ({ shape: [], items: [node] }));
    return { all, order: own, tape: ownTape };
  }
  const all = scalarize(nodes, options).outputs;
  const order = topological(all.flatMap(({ items }) => items));
  return { all, order, tape: tapeOf(order) };
}

/** The parts of a program; the result is one of the outputs. */
export function partsOf({ variables, definitions, result, updates }: Program): CompileParts {
  const named = Object.values(definitions).includes(result) ? {} : { result };
  return { inputs: variables, outputs: { ...definitions, ...named }, updates };
}

function checkInputs(inputs: readonly NamedElements[], { nodes, kinds }: Tape): void {
  const known = new Set(inputs.flatMap(({ elements }) => elements.items));
  const missing = nodes.filter((node, i) => kinds[i] === -1 && isInput(node) && !known.has(node));
  if (missing.length > 0) {
    const names = missing.slice(0, 5).map((node) => String(node.attributes["name"]));
    throw new ArgumentError(
      `compile: every input of the outputs must be named, got none for ${names.join(", ")}`,
    );
  }
  for (const { name, node } of inputs) {
    if (!(node instanceof Expr) || !isInput(node)) {
      throw new ArgumentError(`compile: inputs must be variables or parameters, got ${name}`);
    }
  }
}
