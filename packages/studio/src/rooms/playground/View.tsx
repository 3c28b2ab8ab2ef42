import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useCallback, useState } from "preact/hooks";
import { Announcer, Panel, Toggle } from "../../design/index.ts";
import { RoomHead } from "../../document/RoomHead.tsx";
import { limits } from "../../training/trainingSettings.ts";
import { ControlBar } from "./ControlBar.tsx";
import { Curves } from "./Curves.tsx";
import { DataPanel } from "./DataPanel.tsx";
import { ExportPanel } from "./ExportPanel.tsx";
import { Gradients } from "./Gradients.tsx";
import { LayerButtons } from "./LayerButtons.tsx";
import { LearningPanel } from "./LearningPanel.tsx";
import { type Chosen, NetworkView } from "./NetworkView.tsx";
import { OutputView } from "./OutputView.tsx";
import { OwnPanel } from "./OwnPanel.tsx";
import type { PlaygroundState } from "./playgroundState.ts";
import { Standing } from "./Standing.tsx";
import type { Sight } from "./sight.ts";
import { short } from "./text.ts";
import { UnitPanel } from "./UnitPanel.tsx";
import { type Training, useTraining } from "./useTraining.ts";
import "./playground.css";

/** The room's page. */
export function View({ state }: { readonly state: Signal<PlaygroundState> }): JSX.Element {
  const training = useTraining(state);
  const [brush, setBrush] = useState(0);
  const [chosen, setChosen] = useState<Chosen | undefined>(undefined);
  const sight = useSignal<Sight | undefined>(undefined);
  const value = state.value;
  const facts = training.facts.value;
  const problem = training.problem.value;
  const { data, features, layers, points, held, sharp } = value;
  const own = data === "own";
  const change = useCallback(
    (part: Partial<PlaygroundState>): void => {
      state.value = { ...state.value, weights: [], epoch: 0, ...part };
    },
    [state],
  );
  // How it is looked at changes nothing in the network.
  const look = (part: Pick<PlaygroundState, "held"> | Pick<PlaygroundState, "sharp">): void => {
    state.value = { ...state.value, ...part };
  };
  const shape = (part: Partial<PlaygroundState>): void => {
    setChosen(undefined);
    // The unit in sight may be gone; features stay.
    if (sight.value !== undefined && "column" in sight.value) sight.value = undefined;
    change(part);
  };
  const add = (x: number, y: number): void => {
    if (points.length >= limits.points) return;
    change({ points: [...points, [Number(x.toFixed(2)), Number(y.toFixed(2)), brush]] });
  };
  return (
    <div class="playground">
      <RoomHead title="Playground">
        A network learns to tell points apart, or a surface. Change the data, the units and the
        weights, and see what each unit sees and how much gradient reaches each layer.
      </RoomHead>
      <ControlBar training={training} state={value} onChange={change} />
      {problem === undefined ? undefined : (
        <p class={own ? "note hint" : "note"} role={own ? "status" : "alert"}>
          {problem}
        </p>
      )}
      <div class="arena">
        <DataPanel state={value} onHeld={(on) => look({ held: on })} onChange={shape} />
        <div class="middle">
          <Panel
            title="Network"
            class="net"
            actions={<LayerButtons layers={layers} onLayers={(next) => shape({ layers: next })} />}
          >
            <NetworkView
              chosenFeatures={features}
              layers={layers}
              training={training}
              chosen={chosen}
              sight={sight}
              onChoose={setChosen}
              onFeatures={(next) => shape({ features: next })}
              onLayers={(next) => shape({ layers: next })}
            />
          </Panel>
          {chosen === undefined ? undefined : (
            <UnitPanel
              chosen={chosen}
              chosenFeatures={features}
              layers={layers}
              training={training}
              onClose={() => setChosen(undefined)}
            />
          )}
          <Gradients training={training} />
          {own ? (
            <OwnPanel state={value} brush={brush} onBrush={setBrush} onAdd={add} onChange={shape} />
          ) : undefined}
          <LearningPanel state={value} onChange={change} />
          <ExportPanel state={value} training={training} />
        </div>
        <div class="results">
          <Panel title="Output" class="result">
            <OutputView
              frame={training.frame}
              facts={facts ?? undecided(value)}
              detail={training.detail}
              sight={sight}
              sharp={sharp}
              // Of one's own points none shall vanish.
              held={held || own}
              onPlace={own ? add : undefined}
            />
            <Toggle
              label="Discretize the output"
              on={sharp}
              onChange={(on) => look({ sharp: on })}
            />
            <Standing training={training} members={value.members} labels={value.labels} />
            <Curves training={training} accuracy={value.problem === "classification"} />
          </Panel>
        </div>
      </div>
      <Spoken training={training} />
    </div>
  );
}

/** Says how training stands whenever it rests. */
function Spoken({ training }: { readonly training: Training }): JSX.Element {
  if (training.running.value) return <Announcer text="Training" />;
  const { epoch = 0, training: measured, stopped } = training.frame.value ?? {};
  const ended = stopped === undefined ? "" : ` Training has ended: ${stopped}.`;
  return (
    <Announcer text={`Epoch ${epoch}, loss ${short(measured?.loss ?? Number.NaN)}.${ended}`} />
  );
}

/** Own points that cannot be trained yet, so that they are seen all the same. */
function undecided({ data, points, problem }: PlaygroundState) {
  if (data !== "own") return undefined;
  const classes = problem === "regression" ? 0 : 2;
  return { training: points, validation: [], classes, depth: 1, places: [] };
}
