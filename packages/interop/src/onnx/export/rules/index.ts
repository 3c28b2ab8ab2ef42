import type { Rules } from "../graphWriter.ts";
import { contractionRules } from "./contraction.ts";
import { controlRules } from "./control.ts";
import { elementwiseRules } from "./elementwise.ts";
import { indexingRules } from "./indexing.ts";
import { movementRules } from "./movement.ts";
import { randomRules } from "./random.ts";
import { reductionRules } from "./reduction.ts";
import { windowRules } from "./windows.ts";

/** How each op is written as nodes of ONNX, by its name. */
export const rules: Rules = {
  ...contractionRules,
  ...controlRules,
  ...elementwiseRules,
  ...indexingRules,
  ...movementRules,
  ...randomRules,
  ...reductionRules,
  ...windowRules,
};

/** Ops that are no nodes: inputs, constants, and one of several results. */
export const leafOps: ReadonlySet<string> = new Set([
  "argument",
  "constant",
  "item",
  "namedConstant",
  "parameter",
  "variable",
]);
