export {
  type AskedPartial,
  type DiagnoseOptions,
  type Diagnosis,
  diagnoseAnswer,
} from "../diagnose/diagnose.ts";
export { type Misconception, misconceptions } from "../diagnose/misconceptions.ts";
export type { Mistake, MistakeKind, MistakeOptions } from "../diagnose/mistake.ts";
export { type Equivalence, type EquivalentOptions, equivalent } from "../equivalent.ts";
export { type NormalizeOptions, normalize } from "../rewrite/normalize.ts";
export { simplify } from "../rewrite/simplify.ts";
export { type Domain, type Random, type Sample, seededRandom } from "../samplePoints.ts";
