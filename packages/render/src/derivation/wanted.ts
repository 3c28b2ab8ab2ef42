import { ArgumentError, type Expr, type Program } from "@chainrule/core";
import { inputName } from "./steps.ts";

/** What a derivation is asked to differentiate by, of inputs and steps. */
interface Named {
  readonly node: Expr;
  readonly name: string;
}

/**
 * Finds what derivatives are asked by. An input that the output does not contain is none of `all`;
 * it is made by `unused`, since its derivative is known: no path leads there.
 *
 * Throws ArgumentError for what is no input and no step.
 */
export function wanted<Q extends Named>(
  wrt: readonly (Expr | string)[],
  all: readonly Q[],
  program: Program | undefined,
  unused: (node: Expr, name: string) => Q,
): readonly Q[] {
  return wrt.map((one) => {
    const found = all.find(({ node, name }) => node === one || name === one);
    if (found !== undefined) return found;
    const node = typeof one === "string" ? program?.variables[one] : one;
    const name = node && inputName(node);
    if (node !== undefined && name !== undefined) {
      return unused(node, typeof one === "string" ? one : name);
    }
    const names = all.map((quantity) => quantity.name).slice(0, 10);
    throw new ArgumentError(
      `derivation: wrt must be inputs or steps (${names.join(", ")}), got ${typeof one === "string" ? `"${one}"` : one.toString()}`,
    );
  });
}
