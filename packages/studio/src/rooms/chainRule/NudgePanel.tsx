import { numberLatex } from "@chainrule/render";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { ChartView } from "../../chart/ChartView.tsx";
import { Formula, NumberField, Slider } from "../../design/index.ts";
import { LARGEST_DELTA } from "./chainRuleState.ts";
import type { PanelProps } from "./DerivationPanel.tsx";
import { nudgeOf, nudgePlot, nudgePoints } from "./nudge.ts";

/** A small change of one variable: what the derivative predicts, and what happens. */
export function NudgePanel({
  lesson,
  by,
  delta,
  onDelta,
}: Omit<PanelProps, "lit"> & {
  readonly delta: number;
  readonly onDelta: (delta: number) => void;
}): JSX.Element {
  const nudge = useMemo(() => nudgeOf(lesson, by, delta), [lesson, by, delta]);
  const reach = Math.max(1, Math.abs(delta));
  const plot = useMemo(() => nudgePlot(lesson, by, reach), [lesson, by, reach]);
  if (nudge === undefined) return <p class="quiet-text">There is nothing to nudge.</p>;
  const { before, derivative } = nudge;
  if (![before, derivative].every(Number.isFinite)) {
    return <p class="quiet-text">Here there is no finite value with a slope to begin from.</p>;
  }
  const x = lesson.latexOf(lesson.program.variables[by]);
  const y = lesson.latexOf(lesson.program.result);
  return (
    <div class="nudge">
      <div class="nudge-words">
        <div class="nudge-input">
          <Slider
            label={`Change of ${by}`}
            value={delta}
            min={-LARGEST_DELTA}
            max={LARGEST_DELTA}
            step={0.01}
            onChange={onDelta}
          />
          <NumberField
            bare
            label={`Change of ${by}, as a number`}
            value={delta}
            min={-LARGEST_DELTA}
            max={LARGEST_DELTA}
            onChange={onDelta}
          />
        </div>
        <dl class="facts">
          <dt class="predicted">predicted</dt>
          <dd>
            <Formula
              latex={`\\displaystyle\\frac{\\partial ${y}}{\\partial ${x}}\\,\\Delta ${x} = ${number(nudge.derivative)} \\cdot ${inside(nudge.delta)}`}
            />{" "}
            <Formula latex={`= ${number(nudge.predicted)}`} />
          </dd>
          <dt class="true">true</dt>
          <dd>
            <Formula latex={`\\Delta ${y} = ${number(nudge.after)} - ${inside(nudge.before)}`} />{" "}
            <Formula latex={`= ${number(nudge.changed)}`} />
          </dd>
          <dt>missed</dt>
          <dd>
            <Formula latex={number(nudge.missed)} />
          </dd>
        </dl>
        <p class="quiet-text">
          The derivative is the slope of the tangent: half the change, and what is missed falls to
          about a quarter.
        </p>
      </div>
      {plot === undefined ? undefined : (
        <ChartView
          data={{
            ...plot,
            points: [...plot.points, ...nudgePoints(nudge, lesson.values[by] ?? 0)],
          }}
          height={260}
        />
      )}
    </div>
  );
}

function number(value: number): string {
  return numberLatex(value, { digits: 6 });
}

/** A number after a sign. */
function inside(value: number): string {
  return value < 0 ? `(${number(value)})` : number(value);
}
