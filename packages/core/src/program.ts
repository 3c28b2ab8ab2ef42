import type { Bindable } from "./bind.ts";
import { isInput, nameOf } from "./bind.ts";
import { ArgumentError, describe } from "./errors.ts";
import { Expr } from "./expr.ts";
import { sameShape } from "./shape.ts";
import { topological } from "./traverse.ts";

/** Expressions by name. */
export type Named = Readonly<Record<string, Expr>>;

/** What a program is made of. */
export interface ProgramParts<V extends Named = Named, D extends Named = Named> {
  /** Named inputs; found in the outputs when not given. */
  readonly variables?: V;
  /** Named results, in the order they were defined. */
  readonly definitions: D;
  /** The expression the program is about; the last definition when not given. */
  readonly result?: Expr;
  /** Further names of nodes, for printing. The definitions name their nodes already. */
  readonly names?: ReadonlyMap<Expr, string>;
  /** The modules a node was built under, outermost first, for clusters and folding. */
  readonly scopes?: ReadonlyMap<Expr, readonly string[]>;
  /** Values that belong to inputs, such as `a = 3` in a text. */
  readonly values?: Readonly<Record<string, Bindable>>;
  /** State: inputs that are replaced by an expression after every run. */
  readonly updates?: ReadonlyMap<Expr, Expr>;
  /** Things a reader should know, such as a name that hides Euler's number. */
  readonly warnings?: readonly string[];
}

/**
 * A graph with names: inputs, definitions, a result, the scopes its nodes were built under, and state.
 *
 * Names belong to the program, never to nodes: two programs that share a node do not disturb each other.
 * Throws ArgumentError if two inputs bear one name, or an update does not fit its input.
 */
export class Program<V extends Named = Named, D extends Named = Named> {
  readonly variables: V;
  readonly definitions: D;
  readonly result: Expr;
  readonly names: ReadonlyMap<Expr, string>;
  readonly scopes: ReadonlyMap<Expr, readonly string[]>;
  readonly values: Readonly<Record<string, Bindable>>;
  readonly updates: ReadonlyMap<Expr, Expr>;
  readonly warnings: readonly string[];

  constructor(parts: ProgramParts<V, D>) {
    const outputs = Object.values(parts.definitions);
    for (const output of outputs) checkExpr("a definition", output);
    const result = parts.result ?? outputs.at(-1);
    if (result === undefined) {
      throw new ArgumentError("Program: there must be a definition or a result, got none");
    }
    checkExpr("the result", result);
    this.result = result;
    this.updates = parts.updates ?? new Map();
    const roots = [...outputs, result, ...this.updates.keys(), ...this.updates.values()];
    this.variables = (parts.variables ?? inputsByName(roots)) as V;
    this.definitions = parts.definitions;
    this.names = allNames(this.variables, this.definitions, parts.names);
    this.scopes = parts.scopes ?? new Map();
    this.values = parts.values ?? {};
    this.warnings = parts.warnings ?? [];
    for (const [state, next] of this.updates) checkUpdate(state, next);
  }

  /** The name of a node in this program, if it has one. */
  nameOf(node: Expr): string | undefined {
    return this.names.get(node) ?? nameOf(node);
  }
}

function checkExpr(what: string, value: unknown): void {
  if (!(value instanceof Expr)) {
    throw new ArgumentError(`Program: ${what} must be an expression, got ${describe(value)}`);
  }
}

function checkUpdate(state: Expr, next: Expr): void {
  const fits = isInput(state) && state.dtype === next.dtype && sameShape(state.shape, next.shape);
  if (!fits) {
    throw new ArgumentError(
      `Program: an update must have the shape and type of its input ${nameOf(state) ?? state.toString()} (${state.toString()}), got ${next.dtype} ${next.toString()}`,
    );
  }
}

function inputsByName(roots: readonly Expr[]): Named {
  const out: Record<string, Expr> = Object.create(null);
  for (const node of topological(roots).nodes) {
    if (!isInput(node)) continue;
    const name = nameOf(node) as string;
    if (out[name] !== undefined) {
      throw new ArgumentError(
        `Program: a name must stand for one input, got "${name}" for two; give variables by name`,
      );
    }
    out[name] = node;
  }
  return out;
}

/** The first name wins: a later definition `h_2 = h_1` is another name for the same node. */
function allNames(
  variables: Named,
  definitions: Named,
  extra: ReadonlyMap<Expr, string> | undefined,
): ReadonlyMap<Expr, string> {
  const names = new Map<Expr, string>(extra ?? []);
  for (const table of [variables, definitions]) {
    for (const [name, node] of Object.entries(table)) if (!names.has(node)) names.set(node, name);
  }
  return names;
}
