import type { JSX } from "preact";
import { Scroller } from "../../../document/Scroller.tsx";
import type { Attended } from "./attention.ts";

/** What the table takes. */
export interface TableProps {
  readonly tokens: readonly string[];
  readonly weights: Attended["weights"];
  readonly selected: number;
}

/** All weights: a row for each query, darker where it attends more. */
export function WeightTable({ tokens, weights, selected }: TableProps): JSX.Element {
  return (
    <Scroller label="Weights of attention">
      <table class="attention-weights">
        <caption>A row for each query: what share it takes of each token.</caption>
        <thead>
          <tr>
            <td />
            {tokens.map((token, j) => (
              <th key={j} scope="col">
                {token}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weights.map((row, i) => (
            <tr key={i} class={i === selected ? "selected" : undefined}>
              <th scope="row">{tokens[i]}</th>
              {row.map((weight, j) => (
                <td key={j} class={`shade${Math.round(5 * weight)}`}>
                  {percent(weight)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

/** A share of 1 in hundredths. */
export function percent(share: number): string {
  return `${Math.round(100 * share)}\u00a0%`;
}
