import type { Expr } from "@chainrule/core";

/** The learning rate of a step, as a graph. `step` is an f64 scalar: the number of updates made before. */
export type Schedule = (step: Expr) => Expr;
