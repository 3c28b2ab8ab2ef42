import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { Tabs } from "../../design/index.ts";
import { RoomHead } from "../../document/RoomHead.tsx";
import { AttentionView } from "./attention/AttentionView.tsx";
import { ConvolutionView } from "./convolution/ConvolutionView.tsx";
import type { DeeperState, PartId } from "./deeperState.ts";
import { GanPart } from "./gan/GanPart.tsx";
import { RecurrentView } from "./recurrent/RecurrentView.tsx";
import "./deeper.css";

const tabs: readonly (readonly [PartId, string])[] = [
  ["convolution", "Convolution"],
  ["recurrent", "Recurrent"],
  ["attention", "Attention"],
  ["gan", "Adversarial"],
];

/** The room's page. */
export function View({ state }: { readonly state: Signal<DeeperState> }): JSX.Element {
  const { part } = state.value;
  return (
    <div class="deeper">
      <RoomHead title="Deeper networks">
        Layers that know something of what they look at: neighbours in an image, what came before,
        words that belong together, an opponent.
      </RoomHead>
      <Tabs
        label="Networks"
        value={part}
        tabs={tabs}
        onChange={(id) => {
          state.value = { ...state.value, part: id };
        }}
      >
        {partView(state)}
      </Tabs>
    </div>
  );
}

function partView(state: Signal<DeeperState>): JSX.Element {
  /** Changes what one part shows. */
  const changer =
    <K extends Exclude<keyof DeeperState, "part">>(key: K) =>
    (part: Partial<DeeperState[K]>): void => {
      const { value } = state;
      state.value = { ...value, [key]: { ...value[key], ...part } };
    };
  const { part, convolution, recurrent, attention, gan } = state.value;
  switch (part) {
    case "convolution":
      return <ConvolutionView state={convolution} onChange={changer("convolution")} />;
    case "recurrent":
      return <RecurrentView state={recurrent} onChange={changer("recurrent")} />;
    case "attention":
      return <AttentionView state={attention} onChange={changer("attention")} />;
    case "gan":
      return <GanPart state={gan} onChange={changer("gan")} />;
  }
}
