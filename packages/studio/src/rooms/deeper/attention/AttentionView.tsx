import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Announcer, Button, Panel, Toggle } from "../../../design/index.ts";
import { Formulas } from "../Formulas.tsx";
import { attended } from "./attention.ts";
import { type AttentionProps, MOST_TOKENS } from "./attentionState.ts";
import { MatrixField } from "./MatrixField.tsx";
import { Plane } from "./Plane.tsx";
import { Presets } from "./Presets.tsx";
import { TokenFields } from "./TokenFields.tsx";
import { WeightArcs } from "./WeightArcs.tsx";
import { percent, WeightTable } from "./WeightTable.tsx";
import { WorkedRow } from "./WorkedRow.tsx";
import "./attention.css";

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
