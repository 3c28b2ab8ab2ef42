export { ex } from "./ex.ts";
export { NESTING_LIMIT } from "./frames.ts";
export { type FromMathjsOptions, fromMathjs } from "./fromMathjs.ts";
export type { FunctionName } from "./functionNames.ts";
export type { MathjsClasses } from "./mathjsClasses.ts";
export { type ParseOptions, parse } from "./parse.ts";
export { ParseError, type Place } from "./parseError.ts";
export type { Parsed } from "./textTypes.ts";
export { type ToMathjsOptions, toMathjs } from "./toMathjs.ts";
