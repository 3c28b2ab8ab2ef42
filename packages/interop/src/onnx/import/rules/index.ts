import { DOMAIN } from "../../model.ts";
import { plainDomain } from "../importState.ts";
import type { ImportRule, ImportRules } from "../nodeReading.ts";
import { contraction } from "./contraction.ts";
import { control } from "./control.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import { movement } from "./movement.ts";
import { normalisation } from "./normalisation.ts";
import { ownFunctions } from "./ownFunctions.ts";
import { recurrents } from "./recurrent.ts";
import { reductions } from "./reduction.ts";
import { resizing } from "./resize.ts";
import { shapes } from "./shapes.ts";
import { windows } from "./windows.ts";

/** Every operator of ONNX that is read, by name. */
export const importRules: ImportRules = {
  ...contraction,
  ...control,
  ...elementwise,
  ...indexing,
  ...movement,
  ...normalisation,
  ...recurrents,
  ...reductions,
  ...resizing,
  ...shapes,
  ...windows,
};

/** The rule of an operator, if it has one. */
export function ruleOf(domain: string, opType: string): ImportRule | undefined {
  const own = plainDomain(domain);
  const rules = own === "" ? importRules : own === DOMAIN ? ownFunctions : {};
  return Object.hasOwn(rules, opType) ? rules[opType] : undefined;
}
