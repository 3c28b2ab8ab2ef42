import { ArgumentError, describe, Expr, Program, toText } from "@chainrule/core";
import { toLatex } from "../latex/toLatex.ts";
import { type SvgOptions, toSvg } from "../svg/toSvg.ts";

/** What a notebook shows of a value: its forms by media type, of which it takes the richest it can. */
export type NotebookDisplay = Readonly<Record<string, string>>;

/**
 * An expression as mathematics (`text/latex`), a program as a drawing (`image/svg+xml`), both as text too.
 *
 * Source: Jupyter's messages, `display_data`.
 */
export function notebookDisplay(target: Expr | Program, options: SvgOptions = {}): NotebookDisplay {
  if (target instanceof Expr) {
    return { "text/latex": `$\\displaystyle ${toLatex(target)}$`, "text/plain": toText(target) };
  }
  if (!(target instanceof Program)) {
    throw new ArgumentError(
      `notebookDisplay: the target must be an expression or a program, got ${describe(target)}`,
    );
  }
  return { "image/svg+xml": toSvg(target, options), "text/plain": programText(target) };
}

/** A line for each definition, in which the others stand by their names. */
function programText({ definitions, result, names }: Program): string {
  const lines = Object.entries(definitions).map(
    // A name stands for a node inside of expressions, not for the expression itself.
    ([name, node]) => `${name} = ${toText(node, { names })}`,
  );
  return lines.length === 0 ? toText(result) : lines.join("\n");
}
