import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Announcer, Button, Panel } from "../../design/index.ts";
import { copyText, download } from "../../export/deliver.ts";
import type { PlaygroundState } from "./playgroundState.ts";
import { settingsOf } from "./playgroundState.ts";
import { type SavedNetwork, toJson, toTypeScript } from "./savedNetwork.ts";
import { toSafetensors } from "./toSafetensors.ts";
import type { Training } from "./useTraining.ts";

/** What the panel takes. */
export interface ExportProps {
  readonly state: PlaygroundState;
  readonly training: Training;
}

/** Browsers that knew the type of a file might show it. */
const BYTES = "application/octet-stream";

/** The network to take away. */
export function ExportPanel({ state, training }: ExportProps): JSX.Element {
  const [said, setSaid] = useState("");
  const facts = training.facts.value;
  const saved = (): SavedNetwork | undefined => {
    const detail = training.detail.peek();
    if (facts === undefined || detail === undefined) return undefined;
    const { labels, axes, scales } =
      state.data === "own" ? state : { labels: [], axes: [], scales: [] };
    const { classes, places } = facts;
    const epoch = training.frame.peek()?.epoch ?? 0;
    const member = training.member.peek();
    const { weights } = detail;
    return {
      settings: settingsOf(state),
      classes,
      member,
      epoch,
      places,
      weights,
      labels,
      axes,
      scales,
    };
  };
  const write = (
    name: string,
    make: (network: SavedNetwork) => string | Uint8Array<ArrayBuffer>,
  ): void => {
    const network = saved();
    if (network === undefined) return;
    const made = make(network);
    download(name, typeof made === "string" ? made : new Blob([made]), BYTES);
    setSaid(`${name} is written`);
  };
  const copy = async (): Promise<void> => {
    const network = saved();
    if (network === undefined) return;
    const done = await copyText(toTypeScript(network));
    setSaid(done ? "The program is copied" : "The program could not be copied: download it");
  };
  const nothing = facts === undefined;
  return (
    <Panel title="Take the network away" class="away">
      <div class="row">
        <Button disabled={nothing} onClick={() => write("network.ts", toTypeScript)}>
          TypeScript
        </Button>
        <Button disabled={nothing} onClick={() => write("network.json", toJson)}>
          JSON
        </Button>
        <Button disabled={nothing} onClick={() => write("network.safetensors", toSafetensors)}>
          safetensors
        </Button>
        <Button kind="quiet" disabled={nothing} onClick={copy}>
          Copy the program
        </Button>
      </div>
      <p class="quiet">The program runs with @chainrule/nn and gives the numbers of this page.</p>
      {said === "" ? undefined : <p class="said">{said}.</p>}
      <Announcer text={said} />
    </Panel>
  );
}
