export { fromLatex, type LatexOptions, programOf } from "./fromLatex.ts";
export type { Ratio } from "./protectNames.ts";
export { type LatexStatement, type ReadOptions, type ReadText, readLatex } from "./readLatex.ts";
