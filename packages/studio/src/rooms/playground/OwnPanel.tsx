import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { Button, NumberField, Panel, Slider } from "../../design/index.ts";
import { limits, REACH } from "../../training/trainingSettings.ts";
import type { PlaygroundState } from "./playgroundState.ts";
import { readPoints } from "./readPoints.ts";

/** What the panel takes. */
export interface OwnProps {
  readonly state: PlaygroundState;
  /** The class or value of the next point. */
  readonly brush: number;
  readonly onBrush: (value: number) => void;
  readonly onAdd: (x: number, y: number) => void;
  readonly onChange: (part: Partial<PlaygroundState>) => void;
}

/** Points of one's own: by click, by numbers, or from a table. */
export function OwnPanel({ state, brush, onBrush, onAdd, onChange }: OwnProps): JSX.Element {
  const { points, problem, labels } = state;
  const [x, setX] = useState(0);
  const [y, setY] = useState(0);
  const clear = (): void => onChange({ points: [], labels: [], axes: [], scales: [] });
  return (
    <Panel
      title="Own points"
      class="own"
      actions={
        <div class="row">
          <Button
            disabled={points.length === 0}
            onClick={() => onChange({ points: points.slice(0, -1) })}
          >
            Take back
          </Button>
          <Button disabled={points.length === 0} onClick={clear}>
            Clear
          </Button>
        </div>
      }
    >
      <p>
        {points.length} of at most {limits.points}. Click into the output's picture to set points of
        the chosen {problem === "regression" ? "value" : "class"}.
      </p>
      {problem === "regression" ? (
        <Slider label="Value" value={brush} min={-1} max={1} step={0.1} onChange={onBrush} />
      ) : (
        <fieldset class="brushes" aria-label="Class of the next point">
          {Array.from({ length: limits.classes }, (_, i) => (
            <Button key={i} pressed={brush === i} onClick={() => onBrush(i)}>
              <span class={`class-name class${i}`}>{labels[i] ?? `class ${i}`}</span>
            </Button>
          ))}
        </fieldset>
      )}
      <div class="place">
        <NumberField label="x" value={x} min={-REACH} max={REACH} onChange={setX} />
        <NumberField label="y" value={y} min={-REACH} max={REACH} onChange={setY} />
        <Button onClick={() => onAdd(x, y)}>Set the point</Button>
      </div>
      <Table state={state} onChange={onChange} />
    </Panel>
  );
}

/** A table as a file or as text. */
function Table({ state, onChange }: Pick<OwnProps, "state" | "onChange">): JSX.Element {
  const id = useId();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const { axes } = state;
  const take = (table: string): void => {
    try {
      onChange(readPoints(table, state.problem));
      setProblem(undefined);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const read = async (file: File | undefined): Promise<void> => {
    if (file !== undefined) take(await file.text());
  };
  return (
    <details class="table">
      <summary>From a table (CSV)</summary>
      <p class="quiet">
        The last column is the class or value, the first two others with numbers are x and y; they
        are brought to the square. Nothing leaves this page.
      </p>
      <div class="field">
        <label for={`${id}-file`}>File</label>
        <input
          id={`${id}-file`}
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          onChange={(event) => read(event.currentTarget.files?.[0])}
        />
      </div>
      <div class="field">
        <label for={`${id}-text`}>Or its text</label>
        <textarea
          id={`${id}-text`}
          class="input"
          rows={4}
          spellcheck={false}
          value={text}
          placeholder={"height,width,kind\n1.2,0.4,a\n…"}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <div class="row">
        <Button disabled={text.trim() === ""} onClick={() => take(text)}>
          Use the table
        </Button>
      </div>
      {problem === undefined ? undefined : (
        <p class="note" role="alert">
          {problem}
        </p>
      )}
      {axes.length === 0 ? undefined : (
        <p class="quiet">
          x is {axes[0]}, y is {axes[1]}.
        </p>
      )}
    </details>
  );
}
