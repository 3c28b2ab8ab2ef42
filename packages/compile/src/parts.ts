import {
  ArgumentError,
  describe,
  Expr,
  isInput,
  nameOf,
  Program,
  topological,
} from "@chainrule/core";
import type { CompileParts } from "./scalar/scalarProgram.ts";

/** A program with all its parts. */
export interface CheckedParts {
  readonly inputs: Readonly<Record<string, Expr>>;
  readonly outputs: Readonly<Record<string, Expr>>;
  readonly updates: ReadonlyMap<Expr, Expr>;
}

/**
 * What is to be compiled, with the inputs found where they are not given.
 *
 * Throws ArgumentError if an output needs an input that is not named, an input is none, or an update does not
 * belong to an input.
 */
export function checkParts({ inputs, outputs, updates = new Map() }: CompileParts): CheckedParts {
  for (const [name, node] of Object.entries(outputs)) {
    if (!(node instanceof Expr)) {
      throw new ArgumentError(
        `compile: output ${name} must be an expression, got ${describe(node)}`,
      );
    }
  }
  const named = inputs ?? new Program({ definitions: outputs, updates }).variables;
  for (const [name, node] of Object.entries(named)) {
    if (!(node instanceof Expr) || !isInput(node)) {
      throw new ArgumentError(`compile: inputs must be variables or parameters, got ${name}`);
    }
  }
  const known = new Set(Object.values(named));
  const roots = [...Object.values(outputs), ...updates.values()];
  const missing = topological(roots).nodes.filter((node) => isInput(node) && !known.has(node));
  if (missing.length > 0) {
    const names = missing.slice(0, 5).map(nameOf).join(", ");
    throw new ArgumentError(
      `compile: every input of the outputs must be named, got none for ${names}`,
    );
  }
  for (const state of updates.keys()) {
    if (!known.has(state)) {
      throw new ArgumentError(`compile: state must be an input, got ${state.toString()}`);
    }
  }
  return { inputs: named, outputs, updates };
}
