import { type Dataset, diagnose, type LayerDiagnosis, type Trainer } from "@chainrule/nn";
import { fieldPoints, UNIT_FIELD } from "./fieldPoints.ts";
import type { Ailment, FrameDetail } from "./frame.ts";
import { hiddenName } from "./network.ts";
import type { TrainingSettings } from "./trainingSettings.ts";

const places = fieldPoints(UNIT_FIELD);

/** A unit counts as saturated where it is flat for more than half of the examples. */
const MOSTLY = 0.5;

/** What units see, the gradients through the layers, and what is wrong. */
export function look(
  t: Trainer,
  { layers }: TrainingSettings,
  training: Dataset,
): Omit<FrameDetail, "weights" | "moments"> {
  const inspected = t.inspect(places);
  const { layers: found, parameters, sentences } = diagnose(t, training);
  const hidden = layers.map((_, i) => hiddenName(i));
  return {
    seen: ["features", ...hidden].map((name) => new Float32Array(inspected[name]?.data ?? [])),
    gradients: parameters
      .filter(({ path }) => path.endsWith(".weight"))
      .map(({ path, size, gradient }) => ({ path: path.replace(/\.weight$/, ""), size, gradient })),
    ailments: hidden.map((name, i) =>
      ailmentsOf(
        found.find(({ path, flat }) => flat !== undefined && path.startsWith(`${name}.`)),
        layers[i] ?? 0,
      ),
    ),
    sentences,
  };
}

function ailmentsOf(
  layer: LayerDiagnosis | undefined,
  units: number,
): readonly (Ailment | undefined)[] {
  return Array.from({ length: units }, (_, unit) => {
    const share = layer?.flat?.[unit] ?? 0;
    if (layer?.dead !== undefined) return share === 1 ? "dead" : undefined;
    return share > MOSTLY ? "saturated" : undefined;
  });
}
