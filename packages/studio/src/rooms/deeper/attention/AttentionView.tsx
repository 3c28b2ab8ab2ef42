import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Announcer, Button, Formula, Panel, Select, Toggle } from "../../../design/index.ts";
import { shortNumber } from "../../../document/numbers.ts";
import { Scroller } from "../../../document/Scroller.tsx";
import { Formulas } from "../Formulas.tsx";
import { type Attended, attended, type Pair } from "./attention.ts";
import { type AttentionState, IDENTITY, MOST_TOKENS, presets } from "./attentionState.ts";
import { MatrixField } from "./MatrixField.tsx";
import { Plane } from "./Plane.tsx";
import { TokenFields } from "./TokenFields.tsx";
import { WeightArcs } from "./WeightArcs.tsx";
import "./attention.css";

/** What the view takes. */
export interface AttentionProps {
  readonly state: AttentionState;
  readonly onChange: (part: Partial<AttentionState>) => void;
}

/** Attention of a few words to each other, every number of it to be changed. */
export function AttentionView({ state, onChange }: AttentionProps): JSX.Element {
  const { tokens, embeddings, query, key, value, positions, causal, selected } = state;
  const found = useMemo(
    () => attended({ embeddings, query, key, value, positions, causal }),
    [embeddings, query, key, value, positions, causal],
  );
  const row = found.weights[selected] ?? [];
  const most = row.indexOf(Math.max(...row));
  const said = `“${tokens[selected]}” attends most to “${tokens[most]}”, ${percent(row[most] ?? 0)}.`;
  return (
    <div class="part attention">
      <div class="column">
        <Panel title="Who attends to whom">
          <p>
            Each token asks with its query; where a key answers well, much of that token’s value is
            taken. Choose a token.
          </p>
          <WeightArcs
            tokens={tokens}
            weights={found.weights}
            selected={selected}
            onSelect={(index) => onChange({ selected: index })}
          />
          <p>
            <b>{said}</b>
          </p>
          <Announcer text={said} />
          <WeightTable tokens={tokens} weights={found.weights} selected={selected} />
        </Panel>
        <Panel
          title="Tokens"
          actions={
            <Button
              disabled={tokens.length >= MOST_TOKENS}
              onClick={() =>
                onChange({ tokens: [...tokens, "word"], embeddings: [...embeddings, [0.5, 0.5]] })
              }
            >
              Add a token
            </Button>
          }
        >
          <p>
            Two numbers stand for each token: here the first says “a thing”, the second “an action”.
          </p>
          <TokenFields state={state} onChange={onChange} />
          <Toggle
            label="Add where a token stands (sin t, cos t)"
            on={positions}
            onChange={(on) => onChange({ positions: on })}
          />
          <Toggle
            label="See only what came before"
            on={causal}
            onChange={(on) => onChange({ causal: on })}
          />
        </Panel>
      </div>
      <div class="column">
        <Panel title={`The query of “${tokens[selected]}”`}>
          <Formulas
            all={[
              "\\mathrm{out} = \\sum_{j} a_{j} v_{j}",
              "a = \\operatorname{softmax}\\!\\left(\\frac{q\\,k_{j}}{\\sqrt{2}}\\right)",
            ]}
          />
          <Plane
            tokens={tokens}
            query={found.queries[selected] ?? [0, 0]}
            keys={found.keys}
            weights={row}
          />
          <WorkedRow tokens={tokens} found={found} selected={selected} />
        </Panel>
        <Panel title="Weights">
          <Presets state={state} onChange={onChange} />
          <div class="matrices">
            <MatrixField name="Q" matrix={query} onChange={(next) => onChange({ query: next })} />
            <MatrixField name="K" matrix={key} onChange={(next) => onChange({ key: next })} />
            <MatrixField name="V" matrix={value} onChange={(next) => onChange({ value: next })} />
          </div>
          <Formulas all={["q = x\\,W_{Q}", "k = x\\,W_{K}", "v = x\\,W_{V}"]} />
        </Panel>
      </div>
    </div>
  );
}

/** Matrices made for a purpose. */
function Presets({ state, onChange }: AttentionProps): JSX.Element {
  const known = Object.entries(presets).find(
    ([, { query, key, positions }]) =>
      positions === state.positions && same(query, state.query) && same(key, state.key),
  );
  const named = Object.entries(presets).map(([id, { title }]) => [id, title] as const);
  const choose = (id: string): void => {
    const preset = presets[id];
    if (preset === undefined) return;
    const { query, key, positions, bare } = preset;
    const embeddings = bare ? state.tokens.map((): Pair => [0, 0]) : state.embeddings;
    onChange({ query, key, value: IDENTITY, positions, embeddings });
  };
  return (
    <>
      <Select
        label="Attention for"
        value={known?.[0] ?? "own"}
        options={known === undefined ? [...named, ["own", "Your own"]] : named}
        onChange={choose}
      />
      <p class="quiet-text">{known?.[1].about ?? "Matrices of your own."}</p>
    </>
  );
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.every((one, i) => one === b[i]);
}

interface TableProps {
  readonly tokens: readonly string[];
  readonly weights: Attended["weights"];
  readonly selected: number;
}

/** All weights: a row for each query, darker where it attends more. */
function WeightTable({ tokens, weights, selected }: TableProps): JSX.Element {
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

interface RowProps {
  readonly tokens: readonly string[];
  readonly found: Attended;
  readonly selected: number;
}

/** One query step by step: scores, weights, values, and what comes out. */
function WorkedRow({ tokens, found, selected }: RowProps): JSX.Element {
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

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
