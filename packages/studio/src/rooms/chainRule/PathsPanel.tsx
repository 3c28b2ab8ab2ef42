import { Fragment, type JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Button, Formula } from "../../design/index.ts";
import { Scroller } from "../../document/Scroller.tsx";
import type { Way } from "./chainRuleState.ts";
import type { PanelProps } from "./DerivationPanel.tsx";
import { Factor } from "./Factor.tsx";
import type { Lesson } from "./lesson.ts";
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
        <PathList lesson={lesson} table={table} lit={lit} />
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

interface PathListProps {
  readonly lesson: Lesson;
  readonly table: PathTable;
  readonly lit: Lit;
}

function PathList({ lesson, table, lit }: PathListProps): JSX.Element {
  const { rows, count, sum } = table;
  return (
    <>
      <Scroller label="Paths">
        <ol class="path-list">
          {rows.map((row, i) => (
            <li key={i} class={`path${row.colour}`}>
              <PathLine lesson={lesson} row={row} lit={lit} />
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

interface PathLineProps {
  readonly lesson: Lesson;
  readonly row: PathRow;
  readonly lit: Lit;
}

function PathLine({ lesson, row, lit }: PathLineProps): JSX.Element {
  const { names, factors, product } = row;
  const formulas = factors.map(({ formula }) => formula).join(" \\cdot ");
  const numbers = factors.map(({ number }) => number).join(" \\cdot ");
  const told = [...new Set([formulas, numbers, product])];
  return (
    <>
      <span class="way">{names.join(" → ")}</span>
      <span class="product">
        {factors.map(({ of, by, symbol, number }, i) => (
          <Fragment key={i}>
            {i === 0 ? undefined : <span class="times">·</span>}
            <Factor
              lesson={lesson}
              edge={{ of, by }}
              latex={`\\displaystyle ${symbol}`}
              text={`∂${of}/∂${by} = ${number}`}
              lit={lit}
            />
          </Fragment>
        ))}
        {told.map((latex) => (
          <Formula key={latex} latex={`= ${latex}`} />
        ))}
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
        <Cost title={`Enumerate ${paths}`} operations={enumerated} />
      </Button>
      <Button pressed={way === "sweep"} onClick={() => onWay("sweep")}>
        <Cost title="One reverse sweep" operations={swept} />
      </Button>
      <p class="quiet-text">
        Counted for the derivative by {by} alone. One whole sweep gives those by all inputs at once:{" "}
        {counted(total(sweptAll))} operations.
      </p>
    </div>
  );
}

function Cost(props: { readonly title: string; readonly operations: Operations }): JSX.Element {
  const { title, operations } = props;
  const all = total(operations);
  return (
    <span class="cost">
      <span>{title}</span>
      <b>
        {counted(all)} operation{all === 1n ? "" : "s"}
      </b>
      <small>
        {counted(operations.multiplications)} × and {counted(operations.additions)} +
      </small>
    </span>
  );
}

function total({ multiplications, additions }: Operations): bigint {
  return multiplications + additions;
}

/** `1,048,576`; beyond a million millions the power of ten. */
function counted(count: bigint): string {
  const digits = String(count);
  if (digits.length > 12) return `about 10^${digits.length - 1}`;
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}
