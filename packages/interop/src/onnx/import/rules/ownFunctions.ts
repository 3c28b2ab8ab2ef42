import type { DType } from "@chainrule/core";
import { randomBits, randomUniform, threefry } from "@chainrule/core/random";
import type { ImportRule, ImportRules } from "../nodeReading.ts";

const uniform =
  (dtype: DType & ("f32" | "f64")): ImportRule =>
  (n) =>
    n.graph.floats(randomUniform(n.x(0), n.sizes(1), { dtype }));

/** Functions that files of ours bring along, as the ops they stand for. */
export const ownFunctions: ImportRules = {
  randomBits: (n) => randomBits(n.x(0), n.sizes(1)),
  randomUniformF32: uniform("f32"),
  randomUniformF64: uniform("f64"),
  threefry: (n) => threefry(n.x(0), n.x(1)),
};
