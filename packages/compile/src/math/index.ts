export {
  Arithmetic,
  instructionOf,
  type Mask,
  type MathLane,
  type Operation,
  type Real,
  real,
  type Vectors,
} from "./arithmetic.ts";
export { type Definition, type MathFunction, mathFunctions } from "./functions.ts";
export { type Bits, bitsOf, Lane, type LaneType } from "./lane.ts";
export {
  hostMath,
  hostMathModule,
  type MathLibrary,
  type MathNeed,
  mathLibrary,
} from "./library.ts";
export { SingleLane } from "./singleLane.ts";
