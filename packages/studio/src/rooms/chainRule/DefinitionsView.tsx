import { decimalLatex, nameLatex, type Shown, toLatex } from "@chainrule/render";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Formula } from "../../design/index.ts";
import { Scroller } from "../../document/Scroller.tsx";
import type { Reading } from "./readText.ts";

/** Of more formulas than these the first and the last are shown; the graph has them all. */
const MOST_LINES = 12;
const LAST_LINES = 3;

/** The text as mathematics, and what it comes to once its lesson has been worked out. */
export function DefinitionsView({
  reading,
  result,
}: {
  readonly reading: Reading;
  readonly result: Shown | undefined;
}): JSX.Element {
  const { first, left, last } = useMemo(() => formulas(reading), [reading]);
  return (
    <Scroller label="The expression as mathematics">
      <div class="definitions">
        {first.map((latex, i) => (
          <Formula key={i} latex={latex} />
        ))}
        {left > 0 ? <span class="quiet-text">… {left} more …</span> : undefined}
        {last.map((latex, i) => (
          <Formula key={i} latex={latex} />
        ))}
        <span class="value">
          {result === undefined ? (
            "= …"
          ) : (
            <Formula latex={`${result.exact ? "=" : "\\approx"} ${decimalLatex(result.text)}`} />
          )}
        </span>
      </div>
    </Scroller>
  );
}

interface Lines {
  readonly first: readonly string[];
  /** How many stand between the first and the last. */
  readonly left: number;
  readonly last: readonly string[];
}

/** Each definition in the names of the others; a result without a name as it stands. */
function formulas({ program }: Reading): Lines {
  const { definitions, names, result } = program;
  const named = Object.entries(definitions).map(([name, node]) => {
    return { head: `${nameLatex(name)} = `, node };
  });
  const all = Object.values(definitions).includes(result)
    ? named
    : [...named, { head: "", node: result }];
  const own = new Map(names);
  const written = ({ head, node }: (typeof all)[number]): string => {
    const name = own.get(node);
    own.delete(node);
    const latex = `${head}${toLatex(node, { names: own })}`;
    if (name !== undefined) own.set(node, name);
    return latex;
  };
  // What is not shown need not be written.
  const many = all.length > MOST_LINES;
  const first = all.slice(0, many ? MOST_LINES - LAST_LINES : undefined);
  const last = many ? all.slice(-LAST_LINES) : [];
  return {
    first: first.map(written),
    left: all.length - first.length - last.length,
    last: last.map(written),
  };
}
