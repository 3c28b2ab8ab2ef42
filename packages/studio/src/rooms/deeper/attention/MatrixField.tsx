import type { JSX } from "preact";
import { Formula, NumberField } from "../../../design/index.ts";
import type { Matrix } from "./attention.ts";
import { LARGEST } from "./attentionState.ts";

/** What the field takes. */
export interface MatrixProps {
  readonly name: "Q" | "K" | "V";
  readonly matrix: Matrix;
  readonly onChange: (matrix: Matrix) => void;
}

/** A matrix of 2 × 2 to be changed element by element. */
export function MatrixField({ name, matrix, onChange }: MatrixProps): JSX.Element {
  return (
    <fieldset class="matrix">
      <legend>
        <Formula latex={`W_{${name}}`} />
      </legend>
      {matrix.map((element, i) => (
        <NumberField
          key={i}
          bare
          label={`Element of W ${name} in row ${Math.floor(i / 2) + 1}, column ${(i % 2) + 1}`}
          value={element}
          min={-LARGEST}
          max={LARGEST}
          onChange={(value) => onChange(matrix.with(i, value))}
        />
      ))}
    </fieldset>
  );
}
