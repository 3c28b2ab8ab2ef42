import { plotData } from "@chainrule/render";
import type { JSX } from "preact";
import { ChartView } from "../../chart/ChartView.tsx";
import { Announcer, Button, Formula, Panel } from "../../design/index.ts";
import { type DigitsChoice, printed } from "./printing.ts";
import { MOST_STEPS } from "./workedState.ts";

/** What the panel takes. */
export interface StepsProps {
  /** E before the first step and after each; the last is that after the step the pages work out. */
  readonly errors: readonly number[];
  readonly digits: DigitsChoice;
  readonly onSteps: (steps: number) => void;
}

/** Training by single steps: the error before and after, and how it went so far. */
export function StepsPanel({ errors, digits, onSteps }: StepsProps): JSX.Element {
  const steps = errors.length - 2;
  const [before = Number.NaN, after = Number.NaN] = errors.slice(-2);
  const go = (by: number): void => onSteps(Math.min(MOST_STEPS, Math.max(0, steps + by)));
  const full = steps >= MOST_STEPS;
  return (
    <Panel title="Training">
      <Announcer text={`Steps taken: ${steps}, E ${printed(before, digits)}`} />
      <dl class="errors">
        <div>
          <dt>
            <Formula latex="E" /> before the step
          </dt>
          <dd>{printed(before, digits)}</dd>
        </div>
        <div>
          <dt>
            <Formula latex="E" /> after it
          </dt>
          <dd class={after < before ? "lower" : "higher"}>{printed(after, digits)}</dd>
        </div>
        <div>
          <dt>Steps taken</dt>
          <dd>{steps}</dd>
        </div>
      </dl>
      <div class="row">
        <Button kind="primary" disabled={full} onClick={() => go(1)}>
          Take the step
        </Button>
        <Button disabled={full} onClick={() => go(10)}>
          10 steps
        </Button>
        <Button disabled={full} onClick={() => go(100)}>
          100 steps
        </Button>
        <Button idle={steps === 0} label="One step back" onClick={() => go(-1)}>
          ↶
        </Button>
        <Button idle={steps === 0} onClick={() => onSteps(0)}>
          Start
        </Button>
      </div>
      {steps === 0 ? undefined : (
        <ChartView
          height={180}
          legend={false}
          data={plotData({
            kind: "loss",
            series: [{ name: "E", values: errors.slice(0, -1) }],
            by: "steps",
            name: "E",
          })}
        />
      )}
    </Panel>
  );
}
