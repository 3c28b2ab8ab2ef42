/** Formulas as LaTeX and as MathML, without what drawings need. */
export { escapeLatex } from "../latex/escapeLatex.ts";
export { nameLatex } from "../latex/nameLatex.ts";
export { decimalLatex, numberLatex } from "../latex/numberLatex.ts";
export { type LatexOptions, type LatexParts, latexParts, toLatex } from "../latex/toLatex.ts";
export { latexToMathml, type MathmlOptions } from "../mathml/latexToMathml.ts";
export { toMathml } from "../mathml/toMathml.ts";
