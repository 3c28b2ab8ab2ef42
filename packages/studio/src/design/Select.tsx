import type { JSX } from "preact";
import { useId } from "preact/hooks";

/** What a choice takes. */
export interface SelectProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, string])[];
  readonly onChange: (value: Value) => void;
}

/** One of several, by value and title. */
export function Select<Value extends string>(props: SelectProps<Value>): JSX.Element {
  const { label, value, options, onChange } = props;
  const id = useId();
  const choose = (text: string): void => {
    const found = options.find(([one]) => one === text);
    if (found !== undefined) onChange(found[0]);
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        class="input"
        value={value}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {options.map(([one, title]) => (
          <option key={one} value={one}>
            {title}
          </option>
        ))}
      </select>
    </div>
  );
}
