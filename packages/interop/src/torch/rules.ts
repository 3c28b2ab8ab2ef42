import { controlRules } from "./ops/control.ts";
import { elementwiseRules } from "./ops/elementwise.ts";
import { randomRules } from "./ops/random.ts";
import { tensorRules } from "./ops/tensor.ts";
import { windowRules } from "./ops/windows.ts";
import type { Rule } from "./translate.ts";

/** How each op is written, by its name; leaves are the writer's own business. */
export const rules: Readonly<Record<string, Rule>> = {
  ...elementwiseRules,
  ...tensorRules,
  ...windowRules,
  ...randomRules,
  ...controlRules,
};

/** Ops that are no lines of their own. */
export const leafOps: ReadonlySet<string> = new Set([
  "argument",
  "constant",
  "dimension",
  "namedConstant",
  "parameter",
  "variable",
]);
