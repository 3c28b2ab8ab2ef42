import { plotData } from "@chainrule/render";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { ChartView } from "../../../chart/ChartView.tsx";
import { Announcer, Button, NumberField, Panel, Slider } from "../../../design/index.ts";
import { shortNumber, withIndices } from "../../../document/numbers.ts";
import { Formulas } from "../Formulas.tsx";
import {
  LARGEST_INPUT,
  LARGEST_WEIGHT,
  MOST_STEPS,
  type RecurrentState,
} from "./recurrentState.ts";
import { UnrolledDrawing } from "./UnrolledDrawing.tsx";
import { unroll } from "./unrolled.ts";
import "./recurrent.css";

/** What the view takes. */
export interface RecurrentProps {
  readonly state: RecurrentState;
  readonly onChange: (part: Partial<RecurrentState>) => void;
}

const presets: readonly (readonly [title: string, part: Partial<RecurrentState>])[] = [
  ["Forgets", { w: 1, u: 0.5, b: 0 }],
  ["Remembers", { w: 1, u: 1.2, b: 0 }],
  ["Alternates", { w: 1, u: -0.9, b: 0 }],
  ["Explodes", { w: 0.01, u: 1.8, b: 0 }],
];

/** A neuron that hears itself a step later, unrolled in time. */
export function RecurrentView({ state, onChange }: RecurrentProps): JSX.Element {
  const { w, u, b, inputs, steps: count } = state;
  const { steps, byU } = useMemo(
    () => unroll({ w, u, b, inputs: inputs.slice(0, count) }),
    [w, u, b, inputs, count],
  );
  const first = steps[0]?.gradient ?? 1;
  const data = useMemo(
    () =>
      plotData({
        kind: "loss",
        series: [
          {
            name: "size of the gradient that reaches a step",
            values: steps.map(({ gradient }) => Math.abs(gradient)).toReversed(),
          },
        ],
        by: "steps back",
        name: "gradient",
        logarithmic: true,
      }),
    [steps],
  );
  const verdict =
    count === 1
      ? "With one step there is no way back yet."
      : `Of a gradient of 1 at step ${count}, ${shortNumber(first)} reaches step 1${wordOf(Math.abs(first))}.`;
  return (
    <div class="part recurrent">
      <Panel
        title="Unrolled in time"
        actions={
          <fieldset class="group row" aria-label="Examples">
            {presets.map(([title, part]) => (
              <Button key={title} kind="quiet" onClick={() => onChange(part)}>
                {title}
              </Button>
            ))}
          </fieldset>
        }
      >
        <p>
          One neuron hears the input and, by a unit delay, its own output of the step before.
          Unrolled, it is a deep network whose layers share their weights; the gradient goes back
          through all of them.
        </p>
        <Formulas all={["h_{t} = \\tanh(w\\,x_{t} + u\\,h_{t-1} + b)", "h_{0} = 0"]} />
        <div class="weights">
          <Slider
            label="Steps"
            value={count}
            min={1}
            max={MOST_STEPS}
            step={1}
            onChange={(to) => onChange({ steps: to })}
          />
          {(["w", "u", "b"] as const).map((name) => (
            <Slider
              key={name}
              label={name}
              value={state[name]}
              min={-LARGEST_WEIGHT}
              max={LARGEST_WEIGHT}
              step={0.01}
              shown={shortNumber(state[name])}
              onChange={(to) => onChange({ [name]: to })}
            />
          ))}
        </div>
        <UnrolledDrawing steps={steps} />
        <fieldset class="inputs">
          <legend>Inputs</legend>
          {inputs.slice(0, count).map((input, t) => (
            <NumberField
              key={t}
              label={withIndices(`x${t + 1}`)}
              value={input}
              min={-LARGEST_INPUT}
              max={LARGEST_INPUT}
              onChange={(value) => onChange({ inputs: inputs.with(t, value) })}
            />
          ))}
        </fieldset>
      </Panel>
      <Panel title="How far back it learns">
        <p>
          <b>{verdict}</b>
        </p>
        <Formulas
          all={[
            "\\frac{\\partial h_{T}}{\\partial h_{t}} = \\prod_{s=t+1}^{T} u\\,(1 - h_{s}^{2})",
            "\\frac{\\partial h_{T}}{\\partial u} = \\sum_{t=2}^{T} \\frac{\\partial h_{T}}{\\partial h_{t}}\\,(1 - h_{t}^{2})\\,h_{t-1}",
          ]}
        />
        <p>
          All steps share the weight u, so its derivative is the sum over the steps:{" "}
          <b>{shortNumber(byU)}</b>.
        </p>
        {count === 1 ? undefined : <ChartView data={data} height={220} />}
        <Announcer text={verdict} />
      </Panel>
    </div>
  );
}

/** Ten times less, or more, in all is what one calls by these names. */
function wordOf(size: number): string {
  if (size < 0.1) return ": it vanishes";
  return size > 10 ? ": it explodes" : "";
}
