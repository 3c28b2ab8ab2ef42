import { plotData } from "@chainrule/render";
import { activationPages } from "@chainrule/render/classroom";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { ChartView } from "../../chart/ChartView.tsx";
import { Announcer, Formula, NumberField, Panel, Slider } from "../../design/index.ts";
import { Blocks, Words } from "../../document/Blocks.tsx";
import { shortNumber } from "../../document/numbers.ts";
import { type ActivationId, chartOf, throughLayers, touchAt } from "./activations.ts";
import { MOST_LAYERS, REACH, STEEPEST } from "./activationsState.ts";
import { formulasOf } from "./formulas.ts";

/** What the view of a function takes. */
export interface FunctionProps {
  readonly id: ActivationId;
  readonly x: number;
  readonly alpha: number;
  readonly layers: number;
  readonly onX: (x: number) => void;
  readonly onAlpha: (alpha: number) => void;
  readonly onLayers: (layers: number) => void;
}

/** A function of one number: graph, tangent, formulas, what speaks for it and against it. */
export function FunctionView(props: FunctionProps): JSX.Element {
  const { id, x, alpha, layers, onX, onAlpha, onLayers } = props;
  const page = activationPages.find((one) => one.id === id);
  const touch = useMemo(() => touchAt(id, alpha, x), [id, alpha, x]);
  const data = useMemo(() => chartOf(id, alpha, x), [id, alpha, x]);
  const lines = useMemo(() => formulasOf(id, alpha), [id, alpha]);
  const told = `x ${shortNumber(x)}, f ${shortNumber(touch.y)}, slope ${shortNumber(touch.slope)}`;
  return (
    <div class="function">
      <Panel title={page?.title ?? id} class="picture">
        <ChartView
          data={data}
          height={360}
          handle={{
            label: "Point where the tangent touches",
            x,
            y: touch.y,
            min: -REACH,
            max: REACH,
            step: 0.1,
            text: told,
            onMove: onX,
          }}
        />
        <div class="touch">
          <NumberField label="x" value={x} min={-REACH} max={REACH} onChange={onX} />
          <p>
            <Formula latex="f(x)" />
            <b class="value">{shortNumber(touch.y)}</b>
          </p>
          <p>
            <Formula latex="f'(x)" />
            <b class="slope">{shortNumber(touch.slope)}</b>
          </p>
          {id === "leakyRelu" ? (
            <Slider label="α" value={alpha} min={0} max={STEEPEST} step={0.01} onChange={onAlpha} />
          ) : undefined}
        </div>
        <Announcer text={told} />
      </Panel>
      <div class="words">
        <Panel title="Formulas">
          <Blocks blocks={[{ kind: "equations", lines }]} />
          <dl class="facts">
            <dt>Range</dt>
            <dd>
              <Words content={page === undefined ? [] : [page.range]} />
            </dd>
            <dt>Slopes</dt>
            <dd>
              <Words content={page === undefined ? [] : [page.slopes]} />
            </dd>
          </dl>
        </Panel>
        <Verdict advantages={page?.advantages ?? ""} disadvantages={page?.disadvantages ?? ""} />
      </div>
      <Layers id={id} x={x} alpha={alpha} layers={layers} onLayers={onLayers} />
    </div>
  );
}

/** What speaks for a function, and what against it. */
export function Verdict(props: {
  readonly advantages: string;
  readonly disadvantages: string;
}): JSX.Element {
  return (
    <Panel title="For and against">
      <dl class="verdict">
        <dt class="for">Advantages</dt>
        <dd>{props.advantages}</dd>
        <dt class="against">Disadvantages</dt>
        <dd>{props.disadvantages}</dd>
      </dl>
    </Panel>
  );
}

type LayersProps = Pick<FunctionProps, "id" | "x" | "alpha" | "layers" | "onLayers">;

/** What is left of a gradient that passes layer after layer. */
function Layers({ id, x, alpha, layers, onLayers }: LayersProps): JSX.Element {
  const left = useMemo(() => throughLayers(id, alpha, x, layers), [id, alpha, x, layers]);
  const last = left.at(-1) ?? 1;
  const data = useMemo(
    () =>
      plotData({
        kind: "loss",
        series: [{ name: "what is left of a gradient of 1", values: left }],
        by: "layers",
        name: "gradient",
        logarithmic: true,
      }),
    [left],
  );
  return (
    <Panel title="Through many layers" class="layers">
      <p>
        A chain of neurons of one input with weight 1, each with this function: the gradient at the
        input is the product of all slopes on the way.
      </p>
      <div class="depth">
        <Slider
          label="Layers"
          value={layers}
          min={1}
          max={MOST_LAYERS}
          step={1}
          onChange={onLayers}
        />
        <p>
          After {layers} {layers === 1 ? "layer" : "layers"} a gradient of 1 is{" "}
          <b>{shortNumber(last)}</b>
          {last === 0 ? ": nothing learns here." : "."}
        </p>
      </div>
      <ChartView data={data} height={200} />
    </Panel>
  );
}
