import type { JSX } from "preact";
import { useCallback, useMemo } from "preact/hooks";
import { Button, Panel, Select, Slider, Toggle } from "../../design/index.ts";
import { dataKinds, pointSet } from "../../training/pointSet.ts";
import { type DataId, dataIds, limits, type ProblemId } from "../../training/trainingSettings.ts";
import { Picture } from "./Picture.tsx";
import { type Palette, paintPoints } from "./paint.ts";
import { initial, type PlaygroundState } from "./playgroundState.ts";

/** What the panel takes. */
export interface DataPanelProps {
  readonly state: PlaygroundState;
  readonly onHeld: (held: boolean) => void;
  readonly onChange: (part: Partial<PlaygroundState>) => void;
}

/** Where the points come from. */
export function DataPanel({ state, onHeld, onChange }: DataPanelProps): JSX.Element {
  const { problem, data, noise, share, batch, count, seed, held } = state;
  const kinds = dataIds.filter((id) => id === "own" || dataKinds[id].problem === problem);
  const solve = (next: ProblemId): void => {
    const first = next === "classification" ? "circles" : "plane";
    onChange({
      problem: next,
      data: data === "own" ? "own" : first,
      points: [],
      labels: [],
      axes: [],
      scales: [],
      ...(next === "regression" ? { members: 1 } : {}),
    });
  };
  return (
    <Panel title="Data" class="data">
      <Select
        label="Problem"
        value={problem}
        options={[
          ["classification", "Classification"],
          ["regression", "Regression"],
        ]}
        onChange={solve}
      />
      <fieldset class="kinds" aria-label="Data sets">
        {kinds.map((id) => (
          <button
            key={id}
            type="button"
            class="kind"
            aria-pressed={id === data}
            onClick={() => onChange({ data: id })}
          >
            {id === "own" && state.points.length === 0 ? (
              <span class="plus" aria-hidden="true">
                +
              </span>
            ) : (
              <Thumbnail id={id} state={state} />
            )}
            <span>{id === "own" ? "Own" : dataKinds[id].title}</span>
          </button>
        ))}
      </fieldset>
      {data === "own" ? undefined : (
        <>
          <Slider
            label="Points"
            value={count}
            min={limits.count[0]}
            max={limits.count[1]}
            step={20}
            onChange={(value) => onChange({ count: value })}
          />
          <Slider
            label="Noise"
            value={noise}
            min={limits.noise[0]}
            max={limits.noise[1]}
            step={0.05}
            onChange={(value) => onChange({ noise: value })}
          />
        </>
      )}
      <Slider
        label="Trained on"
        value={share}
        shown={`${Math.round(100 * share)} %`}
        min={limits.share[0]}
        max={limits.share[1]}
        step={0.1}
        onChange={(value) => onChange({ share: Number(value.toFixed(1)) })}
      />
      <Slider
        label="Batch"
        value={batch}
        min={limits.batch[0]}
        max={limits.batch[1]}
        step={1}
        onChange={(value) => onChange({ batch: value })}
      />
      <Toggle label="Show points held out" on={held} onChange={onHeld} />
      <Button onClick={() => onChange({ seed: (seed + 1) % (limits.seed[1] + 1) })}>
        New points and weights
      </Button>
    </Panel>
  );
}

/** The points of a set as they would be, small. */
function Thumbnail({
  id,
  state,
}: {
  readonly id: DataId;
  readonly state: PlaygroundState;
}): JSX.Element {
  const { problem, noise, points } = state;
  const set = useMemo(() => {
    try {
      const { training, classes } = pointSet({
        ...initial,
        problem,
        data: id,
        noise,
        points,
        count: 120,
        share: 0.9,
      });
      return { training, classes };
    } catch {
      // Own points may be too few yet.
      return undefined;
    }
  }, [problem, id, noise, points]);
  const draw = useCallback(
    (canvas: HTMLCanvasElement, colours: Palette) => {
      if (set === undefined) return;
      const { inputs, targets } = set.training;
      const training = Array.from(
        targets.data,
        (value, i) => [inputs.data[2 * i] ?? 0, inputs.data[2 * i + 1] ?? 0, value] as const,
      );
      paintPoints(canvas, { training, validation: [], classes: set.classes }, colours, {
        held: false,
        radius: 3.2,
      });
    },
    [set],
  );
  return <Picture side={104} draw={draw} />;
}
