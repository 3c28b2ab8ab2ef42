import type { JSX } from "preact";
import { NumberField, Panel, Select, Slider } from "../../design/index.ts";
import { activations, initialisers, optimizers } from "../../training/network.ts";
import {
  activationIds,
  initialiserIds,
  limits,
  optimizerIds,
  type PenaltyId,
  penaltyIds,
} from "../../training/trainingSettings.ts";
import type { PlaygroundState } from "./playgroundState.ts";

const penalties: Readonly<Record<PenaltyId, string>> = {
  none: "None",
  l1: "L1",
  l2: "L2",
  decay: "Weight decay",
};

const rates = [0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const strengths = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];

/** What the panel takes. */
export interface LearningProps {
  readonly state: PlaygroundState;
  readonly onChange: (part: Partial<PlaygroundState>) => void;
}

/** How the network learns. */
export function LearningPanel({ state, onChange }: LearningProps): JSX.Element {
  const { penalty, members, problem } = state;
  return (
    <Panel title="Learning" class="learning">
      <div class="fields">
        <Select
          label="Activation"
          value={state.activation}
          options={activationIds.map((id) => [id, activations[id].title] as const)}
          onChange={(activation) => onChange({ activation })}
        />
        <Select
          label="First weights"
          value={state.initialiser}
          options={initialiserIds.map((id) => [id, initialisers[id].title] as const)}
          onChange={(initialiser) => onChange({ initialiser })}
        />
        <Select
          label="Optimizer"
          value={state.optimizer}
          options={optimizerIds.map((id) => [id, optimizers[id].title] as const)}
          onChange={(optimizer) => onChange({ optimizer })}
        />
        <Select
          label="Learning rate"
          value={String(state.rate)}
          options={choices(rates, state.rate)}
          onChange={(rate) => onChange({ rate: Number(rate) })}
        />
        <Select
          label="Regularisation"
          value={penalty}
          options={penaltyIds.map((id) => [id, penalties[id]] as const)}
          onChange={(next) => onChange({ penalty: next })}
        />
        {penalty === "none" ? undefined : (
          <Select
            label="Its strength"
            value={String(state.strength)}
            options={choices(strengths, state.strength)}
            onChange={(strength) => onChange({ strength: Number(strength) })}
          />
        )}
        <Slider
          label="Dropout"
          value={state.dropout}
          min={limits.dropout[0]}
          max={limits.dropout[1]}
          step={0.1}
          onChange={(dropout) => onChange({ dropout })}
        />
        <NumberField
          label="Stop after epochs without gain (0: never)"
          value={state.patience}
          min={limits.patience[0]}
          max={limits.patience[1]}
          onChange={(patience) => onChange({ patience: Math.round(patience) })}
        />
        {problem === "regression" ? undefined : (
          <Slider
            label="Committee"
            shown={members === 1 ? "one network" : `${members} networks`}
            value={members}
            min={limits.members[0]}
            max={limits.members[1]}
            step={1}
            onChange={(next) => onChange({ members: next })}
          />
        )}
      </div>
    </Panel>
  );
}

/** Numbers to choose from, the present one among them. */
function choices(
  known: readonly number[],
  present: number,
): readonly (readonly [string, string])[] {
  const all = known.includes(present) ? known : [...known, present].sort((a, b) => a - b);
  return all.map((value) => [String(value), String(value)] as const);
}
