import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useCallback, useState } from "preact/hooks";
import { Announcer, Panel } from "../../design/index.ts";
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
import { UnitPanel } from "./UnitPanel.tsx";
import { useTraining } from "./useTraining.ts";
import "./playground.css";

/** The room's page. */
export function View({ state }: { readonly state: Signal<PlaygroundState> }): JSX.Element {
  const training = useTraining(state);
  const [held, setHeld] = useState(false);
  const [brush, setBrush] = useState(0);
  const [chosen, setChosen] = useState<Chosen | undefined>(undefined);
  const value = state.value;
  const facts = training.facts.value;
  const detail = training.detail.value;
  const problem = training.problem.value;
  const { data, features, layers, points } = value;
  const own = data === "own";
  const change = useCallback(
    (part: Partial<PlaygroundState>): void => {
      state.value = { ...state.value, weights: [], epoch: 0, ...part };
    },
    [state],
  );
  const shape = (part: Partial<PlaygroundState>): void => {
    setChosen(undefined);
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
        <p class="note" role="alert">
          {problem}
        </p>
      )}
      <div class="arena">
        <DataPanel state={value} held={held} onHeld={setHeld} onChange={shape} />
        <div class="middle">
          <Panel
            title="Network"
            class="net"
            actions={<LayerButtons layers={layers} onLayers={(next) => shape({ layers: next })} />}
          >
            <NetworkView
              chosenFeatures={features}
              layers={layers}
              facts={facts}
              detail={detail}
              chosen={chosen}
              onChoose={setChosen}
              onFeatures={(next) => shape({ features: next })}
              onLayers={(next) => shape({ layers: next })}
            />
          </Panel>
          {chosen === undefined || facts === undefined || detail === undefined ? undefined : (
            <UnitPanel
              chosen={chosen}
              chosenFeatures={features}
              layers={layers}
              facts={facts}
              detail={detail}
              onWeight={(index, weight) => training.setWeight(index, weight)}
              onClose={() => setChosen(undefined)}
            />
          )}
          <Panel title="Gradients through the layers" class="through">
            <Gradients bars={detail?.gradients ?? []} />
            {(detail?.sentences ?? []).map((sentence) => (
              <p key={sentence} class="note">
                {sentence}
              </p>
            ))}
          </Panel>
          {own ? (
            <OwnPanel state={value} brush={brush} onBrush={setBrush} onAdd={add} onChange={shape} />
          ) : undefined}
          <LearningPanel state={value} onChange={change} />
          <ExportPanel
            state={value}
            facts={facts}
            detail={detail}
            frame={training.frame}
            member={training.member.value}
          />
        </div>
        <div class="results">
          <Panel title="Output" class="result">
            <OutputView
              frame={training.frame}
              facts={facts ?? undecided(value)}
              held={held}
              onPlace={own ? add : undefined}
            />
            <Standing training={training} members={value.members} labels={value.labels} />
            <Curves moments={detail?.moments ?? []} accuracy={value.problem === "classification"} />
          </Panel>
        </div>
      </div>
      <Announcer text={training.running.value ? "" : (training.frame.value?.stopped ?? "")} />
    </div>
  );
}

/** Own points that cannot be trained yet, so that they are seen all the same. */
function undecided({ data, points, problem }: PlaygroundState) {
  if (data !== "own") return undefined;
  const classes = problem === "regression" ? 0 : 2;
  return { training: points, validation: [], classes, depth: 1, places: [] };
}
