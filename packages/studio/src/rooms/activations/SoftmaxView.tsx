import { softmaxPage } from "@chainrule/render/classroom";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Bar } from "../../chart/Bar.tsx";
import { Formula, Panel, Slider } from "../../design/index.ts";
import { Blocks } from "../../document/Blocks.tsx";
import { shortNumber, withIndices } from "../../document/numbers.ts";
import { Scroller } from "../../document/Scroller.tsx";
import { sharesOf } from "./activations.ts";
import { LARGEST_SCORE } from "./activationsState.ts";
import { Verdict } from "./FunctionView.tsx";
import { softmaxFormulas } from "./formulas.ts";

/** What the view of softmax takes. */
export interface SoftmaxProps {
  readonly scores: readonly number[];
  readonly onScores: (scores: readonly number[]) => void;
}

/** Softmax of three scores: shares as bars, and how each share answers to each score. */
export function SoftmaxView({ scores, onScores }: SoftmaxProps): JSX.Element {
  const { shares, slopes } = useMemo(() => sharesOf(scores), [scores]);
  const largest = Math.max(...slopes.flat().map(Math.abs));
  return (
    <div class="function">
      <Panel title={softmaxPage.title} class="picture">
        <p>Three classes: move a score and see all shares move, since they add up to 1.</p>
        <div class="scores">
          {scores.map((score, i) => (
            <div class="score" key={i}>
              <Slider
                label={withIndices(`Score x${i + 1}`)}
                value={score}
                min={-LARGEST_SCORE}
                max={LARGEST_SCORE}
                step={0.1}
                shown={shortNumber(score)}
                onChange={(value) => onScores(scores.with(i, value))}
              />
              <Bar
                share={shares[i] ?? 0}
                label={`${withIndices(`Share s${i + 1}`)}: ${shortNumber(shares[i] ?? 0)}`}
              />
              <b>{shortNumber(shares[i] ?? 0)}</b>
            </div>
          ))}
        </div>
      </Panel>
      <div class="words">
        <Panel title="Formulas">
          <Blocks blocks={[{ kind: "equations", lines: softmaxFormulas }]} />
          <dl class="facts">
            <dt>Range</dt>
            <dd>{softmaxPage.range}</dd>
          </dl>
        </Panel>
        <Verdict advantages={softmaxPage.advantages} disadvantages={softmaxPage.disadvantages} />
      </div>
      <Panel title="Slopes" class="layers">
        <p>
          How each share answers to each score; the largest of them is now{" "}
          <b>{shortNumber(largest)}</b>
          {largest < SATURATED ? ": softmax is saturated, and hardly anything learns." : "."}
        </p>
        <Scroller label="Slopes of softmax">
          <table class="number-table">
            <thead>
              <tr>
                <th>
                  <Formula latex="\partial s_{i} / \partial x_{j}" />
                </th>
                {scores.map((_, j) => (
                  <th key={j} scope="col">
                    <Formula latex={`x_{${j + 1}}`} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {slopes.map((row, i) => (
                <tr key={i}>
                  <th scope="row">
                    <Formula latex={`s_{${i + 1}}`} />
                  </th>
                  {row.map((slope, j) => (
                    <td key={j}>{shortNumber(slope)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroller>
      </Panel>
    </div>
  );
}

/** A hundredth of the steepest slope there can be, ¼. */
const SATURATED = 0.0025;
