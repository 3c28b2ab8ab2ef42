export { type FromMathjsOptions, fromMathjs } from "./fromMathjs.ts";
export type { MathjsClasses } from "./mathjsClasses.ts";
export { type ToMathjsOptions, toMathjs } from "./toMathjs.ts";
