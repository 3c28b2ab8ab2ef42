import type { JSX } from "preact";
import { Bar } from "../../../chart/Bar.tsx";
import type { Reading } from "./reader.ts";

/** How sure the reader is of each digit. */
export function ReadingBars({ reading }: { readonly reading: Reading | undefined }): JSX.Element {
  return (
    <ol class="reading">
      {digits.map((digit) => {
        const share = reading?.shares[digit] ?? 0;
        const text = `${(100 * share).toFixed(share > 0.995 || share < 0.005 ? 0 : 1)} %`;
        return (
          <li key={digit} class={reading?.digit === digit ? "read" : undefined}>
            <span>{digit}</span>
            <Bar share={share} label={`${digit}: ${text}`} />
            <span aria-hidden="true">{text}</span>
          </li>
        );
      })}
    </ol>
  );
}

const digits: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
