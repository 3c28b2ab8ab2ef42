export {
  type AttributeOptions,
  type Attribution,
  type AttributionMethod,
  attribute,
  type Excitation,
  type ExciteOptions,
  excite,
} from "./attribute.ts";
export {
  type Diagnosis,
  diagnose,
  type LayerDiagnosis,
  type ParameterDiagnosis,
} from "./diagnose.ts";
export { type Summary, type SummaryRow, summary } from "./summary.ts";
