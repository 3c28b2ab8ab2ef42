export type { Dataset } from "../data/index.ts";
export {
  type ProgressBar,
  type ProgressBarOptions,
  type ProgressStream,
  progressBar,
  type ShownEpoch,
} from "./progressBar.ts";
export * from "./readers/index.ts";
