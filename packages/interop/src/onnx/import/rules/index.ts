import type { ImportRules } from "../nodeReading.ts";
import { contraction } from "./contraction.ts";
import { control } from "./control.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import { movement } from "./movement.ts";
import { normalisation } from "./normalisation.ts";
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
