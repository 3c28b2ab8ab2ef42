export type { Loss, LossOptions, Reduction } from "./loss.ts";
