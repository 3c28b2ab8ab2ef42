export { type TextOptions, toText } from "@chainrule/core";
export { type DotOptions, toDot } from "./dot/toDot.ts";
export { escapeLatex } from "./latex/escapeLatex.ts";
export { nameLatex } from "./latex/nameLatex.ts";
export { numberLatex } from "./latex/numberLatex.ts";
export { type LatexOptions, type LatexParts, latexParts, toLatex } from "./latex/toLatex.ts";
export {
  type Digits,
  type NumberFormat,
  type RoundedNumber,
  type Rounding,
  roundNumber,
} from "./number/roundNumber.ts";
