export type { Optimizer, Slot, Update, UpdateParts } from "./optimizer.ts";
