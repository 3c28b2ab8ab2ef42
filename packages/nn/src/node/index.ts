export type { Dataset } from "../data/index.ts";
