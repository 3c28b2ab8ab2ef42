import type { JSX } from "preact";
import { useId } from "preact/hooks";

/** What a slider takes. */
export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onChange: (value: number) => void;
  /** What stands for the value, `0.03` or `3 layers`; the number itself by default. */
  readonly shown?: string | undefined;
  /** Beside another field that bears the same label: the label is heard, not seen. */
  readonly bare?: boolean | undefined;
}

/** A slider under its label and value. */
export function Slider(props: SliderProps): JSX.Element {
  const { label, value, min, max, step, onChange, shown = String(value), bare = false } = props;
  const id = useId();
  const input = (
    <input
      id={id}
      class="slider"
      type="range"
      aria-label={bare ? label : undefined}
      aria-valuetext={shown}
      min={min}
      max={max}
      step={step}
      value={value}
      onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
    />
  );
  if (bare) return input;
  return (
    <div class="field">
      <label for={id}>
        {label} <b>{shown}</b>
      </label>
      {input}
    </div>
  );
}
