import type { DType } from "@chainrule/core";

/** Bytes of an element in memory. */
export const elementBytes: Readonly<Record<DType, number>> = { f64: 8, f32: 4, i32: 4, bool: 1 };
