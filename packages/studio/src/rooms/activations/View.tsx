import { activationPages, softmaxPage } from "@chainrule/render/classroom";
import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { ChartView } from "../../chart/ChartView.tsx";
import { Panel, Slider, Tabs } from "../../design/index.ts";
import { RoomHead } from "../../document/RoomHead.tsx";
import { comparison } from "./activations.ts";
import { type ActivationsState, type ShownId, STEEPEST } from "./activationsState.ts";
import { FunctionView } from "./FunctionView.tsx";
import { SoftmaxView } from "./SoftmaxView.tsx";
import "./activations.css";

const tabs: readonly (readonly [ShownId, string])[] = [
  ...activationPages.map(({ id, title }) => [id, title] as const),
  ["softmax", softmaxPage.title],
  ["all", "Side by side"],
];

/** The room's page. */
export function View({ state }: { readonly state: Signal<ActivationsState> }): JSX.Element {
  const { shown, x, alpha, layers, scores } = state.value;
  const change = (part: Partial<ActivationsState>): void => {
    state.value = { ...state.value, ...part };
  };
  return (
    <div class="activations">
      <RoomHead title="Activations">
        What a neuron makes of its sum. Its slope is a factor of every gradient that passes: drag
        the point along the curve, or move it by the arrow keys.
      </RoomHead>
      <Tabs label="Functions" value={shown} tabs={tabs} onChange={(id) => change({ shown: id })}>
        {shown === "softmax" ? (
          <SoftmaxView scores={scores} onScores={(next) => change({ scores: next })} />
        ) : shown === "all" ? (
          <Comparison alpha={alpha} onAlpha={(next) => change({ alpha: next })} />
        ) : (
          <FunctionView
            id={shown}
            x={x}
            alpha={alpha}
            layers={layers}
            onX={(next) => change({ x: next })}
            onAlpha={(next) => change({ alpha: next })}
            onLayers={(next) => change({ layers: next })}
          />
        )}
      </Tabs>
    </div>
  );
}

/** All functions, and all derivatives, in a picture each. */
function Comparison(props: {
  readonly alpha: number;
  readonly onAlpha: (alpha: number) => void;
}): JSX.Element {
  const { alpha, onAlpha } = props;
  const functions = useMemo(() => comparison("functions", alpha), [alpha]);
  const derivatives = useMemo(() => comparison("derivatives", alpha), [alpha]);
  return (
    <div class="comparison">
      <Panel title="Functions">
        <ChartView data={functions} />
      </Panel>
      <Panel title="Derivatives">
        <ChartView data={derivatives} />
      </Panel>
      <Panel title="Leaky ReLU">
        <Slider
          label="α, its slope left of 0"
          value={alpha}
          min={0}
          max={STEEPEST}
          step={0.01}
          onChange={onAlpha}
        />
      </Panel>
    </div>
  );
}
