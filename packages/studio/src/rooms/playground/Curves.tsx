import type { JSX } from "preact";
import type { Moment } from "../../training/Recorder.ts";
import { percent, short } from "./text.ts";
import type { Training } from "./useTraining.ts";

/** What the curves take. */
export interface CurvesProps {
  readonly training: Training;
  /** Whether there are accuracies. */
  readonly accuracy: boolean;
}

/** Loss, and accuracy where there is one, in training and on points held out. */
export function Curves({ training, accuracy }: CurvesProps): JSX.Element {
  const moments = training.detail.value?.moments ?? [];
  const largest = moments.reduce((most, { loss, heldLoss }) => Math.max(most, loss, heldLoss), 0);
  return (
    <div class="curves">
      <Curve
        title="Loss"
        moments={moments}
        top={largest || 1}
        text={short}
        of={({ loss }) => loss}
        held={({ heldLoss }) => heldLoss}
      />
      {accuracy ? (
        <Curve
          title="Right"
          moments={moments}
          top={1}
          text={percent}
          of={(moment) => moment.accuracy}
          held={({ heldAccuracy }) => heldAccuracy}
        />
      ) : undefined}
      <p class="key">
        <span class="trained">training</span>
        <span class="held">held out</span>
      </p>
    </div>
  );
}

/** The picture's own units; it is stretched to the room there is. */
const WIDE = 300;
const HIGH = 90;

function Curve(props: {
  readonly title: string;
  readonly moments: readonly Moment[];
  readonly top: number;
  readonly text: (value: number) => string;
  readonly of: (moment: Moment) => number;
  readonly held: (moment: Moment) => number;
}): JSX.Element {
  const { title, moments, top, text, of, held } = props;
  const last = moments.at(-1);
  const end = last?.epoch ?? 1;
  const path = (value: (moment: Moment) => number): string => {
    const points = moments
      .filter((moment) => Number.isFinite(value(moment)))
      .map((moment) => {
        const x = (WIDE * moment.epoch) / end;
        return `${x.toFixed(1)} ${(HIGH * (1 - value(moment) / top)).toFixed(1)}`;
      });
    return points.length === 0 ? "" : `M${points.join("L")}`;
  };
  const told =
    last === undefined
      ? `${title}: nothing yet`
      : `${title} after ${end} epochs: ${text(of(last))} in training, ${text(held(last))} held out`;
  return (
    <figure class="curve-figure">
      <figcaption>
        <span>{title}</span>
        <span class="top">{last === undefined ? "" : `0 … ${text(top)}`}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDE} ${HIGH}`} preserveAspectRatio="none" role="img" aria-label={told}>
        <path class="ground" d={`M0 ${HIGH}H${WIDE}M0 ${HIGH / 2}H${WIDE}M0 0H${WIDE}`} />
        <path class="held" d={path(held)} />
        <path class="trained" d={path(of)} />
      </svg>
    </figure>
  );
}
