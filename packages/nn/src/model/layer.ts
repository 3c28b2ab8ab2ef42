import { ArgumentError, describe, type Expr } from "@chainrule/core";
import type { Scope } from "./scope.ts";

/** What a layer takes and gives: one expression, a list, or several by name. */
export type Flow = Expr | readonly Expr[] | { readonly [name: string]: Expr };

/** A recipe: a name, and a function that builds its output under a scope. */
export interface Layer<I extends Flow = Expr, O extends Flow = Expr> {
  readonly name: string;
  readonly build: (input: I, scope: Scope) => O;
  /** What it was made with, for summaries. */
  readonly settings: Settings;
  /** Made of a plain function, which is no module of its own in a drawing. */
  readonly plain?: true;
}

/** Numbers and words a layer was made with. */
export type Settings = Readonly<Record<string, number | string | boolean>>;

/** A layer, or a plain function such as `tanh`. */
export type LayerLike<I extends Flow = Expr, O extends Flow = Expr> =
  | Layer<I, O>
  | ((input: I) => O);

/**
 * One's own layer: a name and a function of the input and a scope.
 *
 * A layer is a recipe: each `scope.use` of it makes parameters of its own. The function runs once for every
 * graph that is built of it, for training and for prediction.
 */
export function layer<I extends Flow = Expr, O extends Flow = Expr>(
  name: string,
  build: (input: I, scope: Scope) => O,
  settings: Settings = {},
): Layer<I, O> {
  if (!/^\p{L}[\p{L}\p{N}_-]*$/u.test(name)) {
    throw new ArgumentError(
      `layer: a name must begin with a letter and hold letters, digits, - and _, got ${describe(name)}`,
    );
  }
  if (typeof build !== "function") {
    throw new ArgumentError(
      `layer: ${name} must be given a function (x, scope) => output, got ${describe(build)}`,
    );
  }
  return { name, build, settings };
}

/** The same layer under a name of its own, by which its parameters are found. */
export function named<I extends Flow, O extends Flow>(
  name: string,
  recipe: LayerLike<I, O>,
): Layer<I, O> {
  const { build, settings } = asLayer("named", recipe);
  return layer(name, build, settings);
}

/** A layer as it is; a function as a layer that bears the function's name. */
export function asLayer<I extends Flow, O extends Flow>(
  where: string,
  recipe: LayerLike<I, O>,
): Layer<I, O> {
  if (typeof recipe === "function") {
    return {
      name: functionName(recipe),
      build: (input) => recipe(input),
      settings: {},
      plain: true,
    };
  }
  const isObject = typeof recipe === "object" && recipe !== null;
  if (!isObject || typeof recipe.build !== "function" || "states" in recipe) {
    const got = isObject && "states" in recipe ? "a cell; write recurrent(cell)" : describe(recipe);
    throw new ArgumentError(
      `${where}: a layer must come from layer() or be a function (x) => output, got ${got}`,
    );
  }
  return recipe;
}

function functionName(recipe: unknown): string {
  const { op, name } = recipe as { readonly op?: { readonly name: string }; readonly name: string };
  const found = op?.name ?? name;
  return /^\p{L}[\p{L}\p{N}_-]*$/u.test(found) ? found : "function";
}
