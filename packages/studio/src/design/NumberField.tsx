import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { readNumber } from "./readNumber.ts";

/** What a field for a number takes. */
export interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** The label is heard, not seen. */
  readonly bare?: boolean | undefined;
}

/** A field for a number: what is no number is said and changes nothing. */
export function NumberField(props: NumberFieldProps): JSX.Element {
  const { label, value, onChange, min, max, bare = false } = props;
  const id = useId();
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const read = typed === undefined ? undefined : readNumber(typed, { min, max });
  const problem = typeof read === "string" ? read : undefined;
  const type = (text: string): void => {
    setTyped(text);
    const number = readNumber(text, { min, max });
    if (typeof number === "number") onChange(number);
  };
  return (
    <div class="field">
      {bare ? undefined : <label for={id}>{label}</label>}
      <input
        id={id}
        class="input"
        type="text"
        inputMode="decimal"
        autocomplete="off"
        spellcheck={false}
        aria-label={bare ? label : undefined}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        value={typed ?? String(value)}
        onInput={(event) => type(event.currentTarget.value)}
        onBlur={() => setTyped(undefined)}
      />
      {problem === undefined ? undefined : (
        <span class="problem" id={`${id}-problem`}>
          {problem}
        </span>
      )}
    </div>
  );
}
