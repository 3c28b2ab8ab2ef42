export { type Definition, type MathFunction, mathFunctions } from "./functions.ts";
export { type Bits, Lane, type LaneType, type Mask, type Real } from "./lane.ts";
export {
  hostMath,
  hostMathModule,
  type MathLane,
  type MathLibrary,
  type MathNeed,
  mathLibrary,
} from "./library.ts";
