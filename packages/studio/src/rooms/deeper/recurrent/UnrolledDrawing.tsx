import type { JSX } from "preact";
import { shortNumber } from "../../../document/numbers.ts";
import { Scroller } from "../../../document/Scroller.tsx";
import type { TimeStep } from "./unrolled.ts";

/** Room for a step, and the heights of what is drawn. */
const [STEP, LEFT, HEIGHT] = [104, 270, 206];
const [GRADIENT, CELL, INPUT] = [16, 84, 178];
/** Where the folded neuron stands, and the names of the rows. */
const [FOLDED, NAMES] = [58, 196];

/** The neuron once for each step in time, values forward, gradients back above them. */
export function UnrolledDrawing({ steps }: { readonly steps: readonly TimeStep[] }): JSX.Element {
  const width = LEFT + STEP * steps.length + 16;
  const said = steps.map(
    ({ input, output, gradient }, t) =>
      `step ${t + 1}: input ${shortNumber(input)}, output ${shortNumber(output)}, gradient ${shortNumber(gradient)}`,
  );
  return (
    <Scroller label="The unrolled network">
      <svg
        class="unrolled"
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label={`The network unrolled over ${steps.length} steps. ${said.join("; ")}.`}
      >
        <Folded />
        <text class="row-name gradient" x={NAMES} y={GRADIENT + 5}>
          gradient
        </text>
        <text class="row-name" x={NAMES} y={CELL + 5}>
          neuron
        </text>
        <text class="row-name" x={NAMES} y={INPUT + 5}>
          input
        </text>
        {steps.map((step, t) => (
          <Step key={t} step={step} t={t} next={steps[t + 1]} />
        ))}
      </svg>
    </Scroller>
  );
}

/** The neuron as it is built: its output comes back by a unit delay. */
function Folded(): JSX.Element {
  return (
    <g transform={`translate(${FOLDED} 0)`}>
      <path class="forward" d={`M0 ${INPUT - 19}V${CELL + 29}`} />
      <path class="tip" d={`M-4 ${CELL + 35}l4 -8l4 8Z`} />
      <path class="forward" d={`M38 ${CELL}H78V${CELL - 52}H0V${CELL - 31}M78 ${CELL}H108`} />
      <path class="tip" d={`M-4 ${CELL - 34}l4 8l4 -8Z`} />
      <path class="tip" d={`M106 ${CELL - 4}l8 4l-8 4Z`} />
      <rect class="delay" x={60} y={CELL - 40} width={36} height={26} rx={4} />
      <text x={78} y={CELL - 22} text-anchor="middle">
        z⁻¹
      </text>
      <text class="weight" x={26} y={CELL - 57}>
        u
      </text>
      <text class="weight" x={8} y={(INPUT + CELL) / 2 + 10}>
        w
      </text>
      <rect class="cell" x={-38} y={CELL - 26} width={76} height={52} rx={26} />
      <text class="name" y={CELL + 6} text-anchor="middle">
        <tspan>h</tspan>
        <tspan class="index" dy={3}>
          t
        </tspan>
      </text>
      <rect class="given" x={-30} y={INPUT - 18} width={60} height={36} rx={18} />
      <text class="name" y={INPUT + 5} text-anchor="middle">
        <tspan>x</tspan>
        <tspan class="index" dy={3}>
          t
        </tspan>
      </text>
    </g>
  );
}

interface StepProps {
  readonly step: TimeStep;
  readonly t: number;
  readonly next: TimeStep | undefined;
}

function Step({ step, t, next }: StepProps): JSX.Element {
  const x = LEFT + STEP * t + 38;
  return (
    <g transform={`translate(${x} 0)`}>
      <path class="forward" d={`M0 ${INPUT - 19}V${CELL + 29}`} />
      <path class="tip" d={`M-4 ${CELL + 35}l4 -8l4 8Z`} />
      <text class="weight" x={8} y={(INPUT + CELL) / 2 + 10}>
        w
      </text>
      {next === undefined ? undefined : (
        <>
          <path class="forward" d={`M38 ${CELL}H${STEP - 45}`} />
          <path class="tip" d={`M${STEP - 46} ${CELL - 4}l8 4l-8 4Z`} />
          <text class="weight" x={STEP / 2 - 4} y={CELL - 8}>
            u
          </text>
          <path
            class="backward"
            stroke-width={0.75 + 3 * Math.min(1.5, Math.abs(step.gradient))}
            d={`M${STEP - 14} ${CELL - 27}C${STEP - 24} ${CELL - 46} 24 ${CELL - 46} 16 ${CELL - 29}`}
          />
        </>
      )}
      <rect class="cell" x={-38} y={CELL - 26} width={76} height={52} rx={26} />
      <text class="name" y={CELL - 5} text-anchor="middle">
        <tspan>h</tspan>
        <tspan class="index" dy={3}>
          {t + 1}
        </tspan>
      </text>
      <text class="number" y={CELL + 15} text-anchor="middle">
        {shortNumber(step.output)}
      </text>
      <rect class="given" x={-30} y={INPUT - 18} width={60} height={36} rx={18} />
      <text class="number" y={INPUT + 5} text-anchor="middle">
        {shortNumber(step.input)}
      </text>
      <text class="number gradient" y={GRADIENT + 5} text-anchor="middle">
        {shortNumber(step.gradient)}
      </text>
    </g>
  );
}
