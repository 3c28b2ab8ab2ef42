import type { JSX } from "preact";
import { Formula } from "../../../design/index.ts";
import { shortNumber } from "../../../document/numbers.ts";
import { Scroller } from "../../../document/Scroller.tsx";
import type { Attended, Pair } from "./attention.ts";

/** What the row takes. */
export interface RowProps {
  readonly tokens: readonly string[];
  readonly found: Attended;
  readonly selected: number;
}

/** One query step by step: scores, weights, values, and what comes out. */
export function WorkedRow({ tokens, found, selected }: RowProps): JSX.Element {
  const { queries, keys, values, scores, weights, outputs } = found;
  return (
    <>
      <p>
        <Formula latex="q" /> = {pair(queries[selected])}
      </p>
      <Scroller label="One query worked out">
        <table class="number-table">
          <thead>
            <tr>
              <th scope="col">token</th>
              <th scope="col" aria-label="key">
                <Formula latex="k_{j}" />
              </th>
              <th scope="col" aria-label="score">
                <Formula latex="q\,k_{j}/\sqrt{2}" />
              </th>
              <th scope="col" aria-label="weight">
                <Formula latex="a_{j}" />
              </th>
              <th scope="col" aria-label="value">
                <Formula latex="v_{j}" />
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.map((token, j) => {
              const weight = weights[selected]?.[j] ?? 0;
              return (
                <tr key={j}>
                  <td>{token}</td>
                  <td>{pair(keys[j])}</td>
                  <td>{weight === 0 ? "not seen" : shortNumber(scores[selected]?.[j] ?? 0)}</td>
                  <td>{shortNumber(weight)}</td>
                  <td>{pair(values[j])}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroller>
      <p>
        <Formula latex="\mathrm{out}" /> = <b>{pair(outputs[selected])}</b>
      </p>
    </>
  );
}

function pair(of: Pair | undefined): string {
  return of === undefined ? "" : `(${shortNumber(of[0])}, ${shortNumber(of[1])})`;
}
