import { evaluate } from "@chainrule/core";
import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Announcer, Panel, Select } from "../../design/index.ts";
import { Blocks } from "../../document/Blocks.tsx";
import { RoomHead } from "../../document/RoomHead.tsx";
import { GraphView } from "../../graph/GraphView.tsx";
import { Drawing } from "./Drawing.tsx";
import { graphMarks } from "./graphMarks.ts";
import { NumbersPanel } from "./NumbersPanel.tsx";
import { type Numbers, network } from "./network.ts";
import { Pager } from "./Pager.tsx";
import { pageIds, pageOf } from "./pages.ts";
import type { DigitsChoice } from "./printing.ts";
import { StepsPanel } from "./StepsPanel.tsx";
import { train } from "./training.ts";
import { initial, type WorkedState } from "./workedState.ts";
import "./worked.css";

const digitsOptions: readonly (readonly [DigitsChoice, string])[] = [
  ["lecture", "5 decimals, cut off as in the lecture"],
  ["ten", "10 digits"],
  ["all", "all digits"],
];

/** The room's page. */
export function View({ state }: { readonly state: Signal<WorkedState> }): JSX.Element {
  const { start, rate, steps, biases, digits, page } = state.value;
  const change = (part: Partial<WorkedState>): void => {
    state.value = { ...state.value, ...part };
  };
  // One step more than taken: the pages work out the next one.
  const { errors, numbers, next } = useMemo(() => {
    const so = train(start, rate, steps, biases);
    const on = train(so.numbers, rate, 1, biases);
    const errors = [...so.errors, on.errors[1] ?? Number.NaN];
    return { errors, numbers: so.numbers, next: on.numbers };
  }, [start, rate, steps, biases]);
  const shown = useMemo(
    () => pageOf(page, { numbers, next, rate, biases, digits }),
    [page, numbers, next, rate, biases, digits],
  );
  const drawn = page === "after" ? next : numbers;
  const all = useMemo((): Numbers => {
    return { ...drawn, ...(evaluate(network.definitions, drawn) as Numbers) };
  }, [drawn]);
  const marks = useMemo(() => graphMarks(page), [page]);
  const place = `Page ${pageIds.indexOf(page) + 1} of ${pageIds.length}: ${shown.title}`;
  return (
    <div class="worked">
      <RoomHead title="The worked network">
        One example through the lecture’s 2-2-2 network and back: every derivative as a product of
        named parts, with its numbers.
      </RoomHead>
      <Pager page={page} onPage={(id) => change({ page: id })} />
      <Announcer text={place} />
      <Panel
        class="page"
        title={shown.title}
        actions={
          <Select
            label="Numbers with"
            value={digits}
            options={digitsOptions}
            onChange={(choice) => change({ digits: choice })}
          />
        }
      >
        <p>{shown.text}</p>
        <Blocks blocks={shown.blocks} />
      </Panel>
      <div class="side">
        <Panel title={page === "after" ? "With the new weights" : "Network"}>
          <Drawing numbers={all} page={page} digits={digits} />
        </Panel>
        <StepsPanel errors={errors} digits={digits} onSteps={(count) => change({ steps: count })} />
        <NumbersPanel
          numbers={numbers}
          rate={rate}
          biases={biases}
          // Whoever changes a number goes on from there.
          onNumber={(name, value) => change({ start: { ...numbers, [name]: value }, steps: 0 })}
          onRate={(value) => change({ rate: value })}
          onBiases={(on) => change({ biases: on })}
          onReset={() => change({ start: initial.start, rate: initial.rate, steps: 0 })}
        />
      </div>
      <Panel class="whole" title="The same as a computational graph">
        <GraphView program={network} values={drawn} options={DRAWN} marks={marks} />
      </Panel>
    </div>
  );
}

/** A box for every name: the sums, outputs and errors of the lecture. */
const DRAWN = { detail: "definitions", digits: 5 } as const;
