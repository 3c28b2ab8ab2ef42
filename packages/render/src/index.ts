export { type TextOptions, toText } from "@chainrule/core";
export { type DotOptions, toDot } from "./dot/toDot.ts";
export { escapeLatex } from "./latex/escapeLatex.ts";
export { nameLatex } from "./latex/nameLatex.ts";
export { type NumberLatex, numberLatex } from "./latex/numberLatex.ts";
export { type LatexOptions, toLatex } from "./latex/toLatex.ts";
