import {
  ArgumentError,
  describe,
  Expr,
  isInput,
  nameOf,
  type Order,
  Program,
  topological,
} from "@chainrule/core";
import { type Tape, tapeOf } from "./scalar/tape.ts";

/** What is compiled: named inputs and outputs, and inputs that each run replaces. */
export interface CompileParts {
  /** Inputs by name; those of a program, or found in the outputs, when not given. */
  readonly inputs?: Readonly<Record<string, Expr>>;
  readonly outputs: Readonly<Record<string, Expr>>;
  /** State: inputs that are replaced by an expression after every run. */
  readonly updates?: ReadonlyMap<Expr, Expr>;
}

/** The parts of a program; the result is one of the outputs. */
function partsOf({ variables, definitions, result, updates }: Program): CompileParts {
  const named = Object.values(definitions).includes(result) ? {} : { result };
  return { inputs: variables, outputs: { ...definitions, ...named }, updates };
}

/** A program with all its parts. */
export interface CheckedParts {
  readonly inputs: Readonly<Record<string, Expr>>;
  readonly outputs: Readonly<Record<string, Expr>>;
  readonly updates: ReadonlyMap<Expr, Expr>;
  /** Inputs and outputs as lists: objects of many names are slow to list, so it is done once. */
  readonly lists: { readonly inputs: readonly Named[]; readonly outputs: readonly Named[] };
  /** All nodes that outputs and new values of state depend on, and then unread inputs. */
  readonly order: Order;
  /** The same as arrays, where all are scalars and elementwise. */
  readonly tape: Tape | undefined;
  /** Whether all nodes are scalars. */
  readonly areScalars: boolean;
  /** Elements of all other nodes; ∞ if some have a named size. */
  readonly elements: number;
}

/** A name and what it stands for. */
export type Named = readonly [name: string, node: Expr];

/**
 * What is to be compiled, with the inputs found where they are not given.
 *
 * Throws ArgumentError if an output needs an input that is not named, an input is none, or an update does not
 * belong to an input.
 */
export function checkParts(target: CompileParts | Program): CheckedParts {
  const parts = target instanceof Program ? partsOf(target) : target;
  if (!isRecord(parts) || !isRecord(parts.outputs)) {
    throw new ArgumentError(
      `compile: what is compiled must be a program, or { outputs: { y } } with expressions by name, got ${describe(target)}`,
    );
  }
  const { inputs, outputs, updates = new Map() } = parts;
  const wanted = listed(outputs);
  for (const [name, node] of wanted) {
    if (!(node instanceof Expr)) {
      throw new ArgumentError(
        `compile: output ${name} must be an expression, got ${describe(node)}`,
      );
    }
  }
  const named = inputs ?? new Program({ definitions: outputs, updates }).variables;
  const given = listed(named);
  for (const [name, node] of given) {
    if (!(node instanceof Expr) || !isInput(node)) {
      throw new ArgumentError(`compile: inputs must be variables or parameters, got ${name}`);
    }
  }
  const known = new Set(given.map(([, node]) => node));
  const roots = [...wanted.map(([, node]) => node), ...updates.values()];
  const order = topological([...roots, ...known]);
  checkKnown(order, known);
  const tape = tapeOf(order);
  const facts = tape === undefined ? survey(order) : { areScalars: true, elements: 0 };
  for (const state of updates.keys()) {
    if (!known.has(state)) {
      throw new ArgumentError(`compile: state must be an input, got ${state.toString()}`);
    }
  }
  const lists = { inputs: given, outputs: wanted };
  return { inputs: named, outputs, updates, lists, order, tape, ...facts };
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !(value instanceof Expr);
}

/** Throws ArgumentError for an input that is not among those known. */
function checkKnown({ nodes }: Order, known: ReadonlySet<Expr>): void {
  const missing = nodes.filter(
    (node) => node.args.length === 0 && isInput(node) && !known.has(node),
  );
  if (missing.length > 0) {
    const names = missing.slice(0, 5).map(nameOf).join(", ");
    throw new ArgumentError(
      `compile: every input of the outputs must be named, got none for ${names}`,
    );
  }
}

function survey({ nodes }: Order): Pick<CheckedParts, "areScalars" | "elements"> {
  let areScalars = true;
  let elements = 0;
  for (const { shape, op } of nodes) {
    if (shape.length === 0) {
      areScalars &&= op.items === undefined;
      continue;
    }
    areScalars = false;
    elements += shape.reduce<number>(
      (count, dim) => (typeof dim === "number" ? count * dim : Number.POSITIVE_INFINITY),
      1,
    );
  }
  return { areScalars, elements };
}

/** As `Object.entries`, which takes twice the time for objects of many names. */
function listed(named: Readonly<Record<string, Expr>>): Named[] {
  return Object.keys(named).map((name) => [name, named[name] as Expr]);
}
