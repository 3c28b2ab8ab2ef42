import type { JSX } from "preact";
import { Button, NumberField, Select } from "../../design/index.ts";
import { limits } from "../../training/trainingSettings.ts";
import { type PlaygroundState, paceIds } from "./playgroundState.ts";
import { rough } from "./text.ts";
import type { Training } from "./useTraining.ts";

const paces = {
  full: "as fast as it goes",
  "30": "30 epochs a second",
  "5": "5 epochs a second",
  "1": "1 epoch a second",
};

/** What the bar takes. */
export interface ControlBarProps {
  readonly training: Training;
  readonly state: PlaygroundState;
  readonly onChange: (part: Partial<PlaygroundState>) => void;
}

/** Play, step, restart; how far it is; pace and seed. */
export function ControlBar({ training, state, onChange }: ControlBarProps): JSX.Element {
  const running = training.running.value;
  const frame = training.frame.value;
  const ready = training.facts.value !== undefined;
  const ended = frame?.stopped !== undefined;
  return (
    <section class="bar" aria-label="Training">
      <div class="row">
        <Button
          kind="primary"
          disabled={!ready || (ended && !running)}
          onClick={() => training.toggle()}
        >
          {running ? "Pause" : "Train"}
        </Button>
        <Button disabled={!ready || running || ended} onClick={() => training.step()}>
          One epoch
        </Button>
        <Button
          disabled={!ready && training.problem.value === undefined}
          onClick={() => training.restart()}
        >
          Restart
        </Button>
      </div>
      <dl class="far">
        <div>
          <dt>Epoch</dt>
          <dd class="epoch">{(frame?.epoch ?? 0).toLocaleString("en")}</dd>
        </div>
        <div>
          <dt>Examples a second</dt>
          <dd class="speed">{running ? rough(training.speed.value) : "–"}</dd>
        </div>
      </dl>
      <Select
        label="Pace"
        value={state.pace}
        options={paceIds.map((id) => [id, paces[id]] as const)}
        onChange={(pace) => {
          onChange({ pace, weights: state.weights, epoch: state.epoch });
          training.repace();
        }}
      />
      <NumberField
        label="Seed"
        value={state.seed}
        min={limits.seed[0]}
        max={limits.seed[1]}
        onChange={(seed) => onChange({ seed: Math.round(seed) })}
      />
    </section>
  );
}
