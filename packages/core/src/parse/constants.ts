import type { Expr } from "../expr.ts";
import { constant, namedConstant } from "../ops/index.ts";

/** Names that stand for numbers unless they are defined. */
export const constants: ReadonlyMap<string, () => Expr> = new Map([
  ["e", () => namedConstant("e")],
  ["pi", () => namedConstant("pi")],
  ["π", () => namedConstant("pi")],
  ["tau", () => namedConstant("tau")],
  ["Infinity", () => constant(Number.POSITIVE_INFINITY)],
  ["NaN", () => constant(Number.NaN)],
  ["true", () => constant(1, "bool")],
  ["false", () => constant(0, "bool")],
]);
