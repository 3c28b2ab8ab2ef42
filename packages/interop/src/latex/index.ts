export { fromLatex, type LatexOptions, programOf } from "./fromLatex.ts";
export { type LatexStatement, type ReadOptions, type ReadText, readLatex } from "./readLatex.ts";
export { type Gradient, type Ratio, ratioText } from "./readRatio.ts";
