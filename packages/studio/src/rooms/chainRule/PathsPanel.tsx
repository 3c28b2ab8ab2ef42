import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Button, Formula } from "../../design/index.ts";
import { Scroller } from "../../document/Scroller.tsx";
import type { Way } from "./chainRuleState.ts";
import type { PanelProps } from "./DerivationPanel.tsx";
import { Factor } from "./Factor.tsx";
import type { Lit } from "./lit.ts";
import {
  MOST_ROWS,
  type Operations,
  type PathRow,
  type PathTable,
  pathTable,
} from "./pathTable.ts";

/** The paths of one derivative in colours, and what enumerating them costs beside one reverse sweep. */
export function PathsPanel({
  lesson,
  by,
  lit,
  way,
  onWay,
}: PanelProps & { readonly way: Way; readonly onWay: (way: Way) => void }): JSX.Element {
  const table = useMemo(() => pathTable(lesson, by), [lesson, by]);
  if (table === undefined) return <p class="quiet-text">There is nothing to differentiate by.</p>;
  return (
    <div class="paths">
      <Costs table={table} way={way} onWay={onWay} />
      {way === "paths" ? (
        <PathList table={table} lit={lit} />
      ) : (
        <ol class="sweep">
          {lesson.walk.backward.map(({ quantity, name, lines }) => (
            <li key={quantity.name}>
              <Formula latex={`\\displaystyle ${name.latex}`} />
              {lines.map(({ relation, right }, i) => (
                <span key={i}>
                  {relation} <Formula latex={`\\displaystyle ${right.latex}`} />
                </span>
              ))}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function PathList({ table, lit }: { readonly table: PathTable; readonly lit: Lit }): JSX.Element {
  const { rows, count, sum } = table;
  return (
    <>
      <Scroller label="Paths">
        <ol class="path-list">
          {rows.map((row, i) => (
            <li key={i} class={`path${row.colour}`}>
              <PathLine row={row} lit={lit} />
            </li>
          ))}
        </ol>
      </Scroller>
      <p>
        {count > BigInt(MOST_ROWS) ? `… and ${counted(count - BigInt(MOST_ROWS))} more. ` : ""}
        Their sum is the derivative: <Formula latex={sum} />
      </p>
    </>
  );
}

function PathLine({ row, lit }: { readonly row: PathRow; readonly lit: Lit }): JSX.Element {
  return (
    <>
      <span class="way">{row.names.join(" → ")}</span>
      <span class="product">
        {row.factors.map(({ of, by, symbol, formula, number }, i) => (
          <Factor
            key={i}
            edge={{ of, by }}
            latex={
              formula === number ? `${symbol} = ${number}` : `${symbol} = ${formula} = ${number}`
            }
            text={`∂${of}/∂${by} = ${number}`}
            lit={lit}
          />
        ))}
        <span>
          product <Formula latex={row.product} />
        </span>
      </span>
    </>
  );
}

/** Both ways in operations, the chosen one marked. */
function Costs({
  table,
  way,
  onWay,
}: {
  readonly table: PathTable;
  readonly way: Way;
  readonly onWay: (way: Way) => void;
}): JSX.Element {
  const { count, enumerated, swept, sweptAll, by } = table;
  const paths = count === 1n ? "its one path" : `all ${counted(count)} paths`;
  return (
    <div class="costs">
      <Button pressed={way === "paths"} onClick={() => onWay("paths")}>
        Enumerate {paths}: {operations(enumerated)}
      </Button>
      <Button pressed={way === "sweep"} onClick={() => onWay("sweep")}>
        One reverse sweep: {operations(swept)}
      </Button>
      <p class="quiet-text">
        For the derivative by {by} alone. The whole sweep, for all inputs at once:{" "}
        {operations(sweptAll)}.
      </p>
    </div>
  );
}

function operations({ multiplications, additions }: Operations): string {
  const total = multiplications + additions;
  return `${counted(total)} operation${total === 1n ? "" : "s"} (${counted(multiplications)} ×, ${counted(additions)} +)`;
}

/** `1,048,576`; beyond a million millions the power of ten. */
function counted(count: bigint): string {
  const digits = String(count);
  if (digits.length > 12) return `about 10^${digits.length - 1}`;
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}
