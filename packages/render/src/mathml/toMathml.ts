import type { Expr } from "@chainrule/core";
import { type LatexOptions, toLatex } from "../latex/toLatex.ts";
import { latexToMathml, type MathmlOptions } from "./latexToMathml.ts";

/** An expression as MathML, with the options of `toLatex`. */
export function toMathml(expr: Expr, options: LatexOptions & MathmlOptions = {}): string {
  return latexToMathml(toLatex(expr, options), options);
}
