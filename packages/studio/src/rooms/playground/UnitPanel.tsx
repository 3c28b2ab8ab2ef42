import type { JSX } from "preact";
import { Button, NumberField, Panel } from "../../design/index.ts";
import type { FeatureId } from "../../training/features.ts";
import type { Ailment } from "../../training/frame.ts";
import { type Chosen, nameOf } from "./NetworkView.tsx";
import { startOf, weightsInto } from "./networkLayout.ts";
import type { Training } from "./useTraining.ts";

/** What the panel takes. */
export interface UnitPanelProps {
  readonly chosen: Chosen;
  readonly chosenFeatures: readonly FeatureId[];
  readonly layers: readonly number[];
  readonly training: Training;
  readonly onClose: () => void;
}

const why: Readonly<Record<Ailment, string>> = {
  dead: "It is dead: for every example its sum lies where the activation is flat, so its output is 0 and no gradient reaches its weights. They cannot learn any more; another bias may wake it.",
  saturated:
    "It is saturated: for most examples its sum is so large that the activation is nearly flat, so little gradient passes. Smaller weights make it learn again.",
};

/** The weights that lead into a unit, to be read and changed, and what it suffers from. */
export function UnitPanel(props: UnitPanelProps): JSX.Element | null {
  const { chosen, chosenFeatures, layers, training, onClose } = props;
  const facts = training.facts.value;
  const detail = training.detail.value;
  if (facts === undefined || detail === undefined) return null;
  const { column, unit } = chosen;
  const sizes = [chosenFeatures.length, ...layers, facts.depth];
  const last = layers.length + 1;
  const layer = weightsInto(column - 1, layers.length);
  const start = startOf(facts, layer);
  const bias = startOf(facts, layer, "bias") + unit;
  const ailment = detail.ailments[column - 1]?.[unit];
  const title = nameOf(chosen, chosenFeatures, last);
  return (
    <Panel
      title={title.charAt(0).toUpperCase() + title.slice(1)}
      class="unit-panel"
      actions={
        <Button kind="quiet" label="Close the unit" onClick={onClose}>
          ✕
        </Button>
      }
    >
      {ailment === undefined ? undefined : <p class="note">{why[ailment]}</p>}
      <div class="weights-list">
        {Array.from({ length: sizes[column - 1] ?? 0 }, (_, from) => {
          const index = start + from * (sizes[column] ?? 1) + unit;
          const name = nameOf({ column: column - 1, unit: from }, chosenFeatures, last);
          return (
            <NumberField
              key={index}
              label={`Weight of ${name}`}
              value={rounded(detail.weights[index])}
              onChange={(value) => training.setWeight(index, value)}
            />
          );
        })}
        <NumberField
          key={bias}
          label="Bias"
          value={rounded(detail.weights[bias])}
          onChange={(value) => training.setWeight(bias, value)}
        />
      </div>
    </Panel>
  );
}

/** As many digits as a field shows; the weight itself keeps all until it is changed. */
function rounded(weight = 0): number {
  return Number(weight.toPrecision(5));
}
