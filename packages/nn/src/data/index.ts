export type { Batches, Dataset } from "./dataset.ts";
