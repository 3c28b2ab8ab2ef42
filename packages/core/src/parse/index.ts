export { ex } from "./ex.ts";
export { NESTING_LIMIT } from "./frames.ts";
export type { FunctionName } from "./functionNames.ts";
export { type NamedFunction, textFunctions } from "./functions.ts";
export { type ParseOptions, parse } from "./parse.ts";
export { ParseError, type Place } from "./parseError.ts";
export { nearest } from "./suggest.ts";
export type { Parsed } from "./textTypes.ts";
