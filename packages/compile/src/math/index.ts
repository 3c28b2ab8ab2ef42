export type { MathFunction } from "./functions.ts";
export { mathFunctions } from "./functions.ts";
export {
  hostMath,
  hostMathModule,
  type MathLane,
  type MathLibrary,
  type MathNeed,
  mathLibrary,
} from "./library.ts";
