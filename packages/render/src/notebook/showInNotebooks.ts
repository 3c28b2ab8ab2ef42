import { Expr, Program } from "@chainrule/core";
import type { SvgOptions } from "../svg/toSvg.ts";
import { notebookDisplay } from "./notebookDisplay.ts";

/** By this symbol notebooks on Deno's kernel ask a value how it is shown. */
const DISPLAY = Symbol.for("Jupyter.display");

/**
 * From now on expressions show themselves as mathematics and programs as drawings, wherever a cell of a notebook on
 * Deno's kernel ends with one.
 *
 * Source: Deno's manual, "Jupyter kernel", `Symbol.for("Jupyter.display")`.
 */
export function showInNotebooks(options: SvgOptions = {}): void {
  for (const { prototype } of [Expr, Program]) {
    Object.defineProperty(prototype, DISPLAY, {
      configurable: true,
      value(this: Expr | Program) {
        return notebookDisplay(this, options);
      },
    });
  }
}
