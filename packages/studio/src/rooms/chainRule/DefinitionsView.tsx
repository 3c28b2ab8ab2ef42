import type { Expr } from "@chainrule/core";
import { decimalLatex, nameLatex, toLatex } from "@chainrule/render";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Formula } from "../../design/index.ts";
import { Scroller } from "../../document/Scroller.tsx";
import type { Lesson } from "./lesson.ts";
import type { Reading } from "./readText.ts";

/** More formulas than these are read in the graph. */
const MOST_LINES = 12;

/** The text as mathematics, and what it comes to. */
export function DefinitionsView({
  reading,
  lesson,
}: {
  readonly reading: Reading;
  readonly lesson: Lesson | undefined;
}): JSX.Element {
  const lines = useMemo(() => formulas(reading), [reading]);
  const result = lesson?.worked.output.value;
  return (
    <Scroller label="The expression as mathematics">
      <div class="definitions">
        {lines.slice(0, MOST_LINES).map((latex, i) => (
          <Formula key={i} latex={latex} />
        ))}
        {lines.length > MOST_LINES ? (
          <span class="quiet-text">… and {lines.length - MOST_LINES} more</span>
        ) : undefined}
        {result === undefined ? undefined : (
          <span class="value">
            <Formula latex={`${result.exact ? "=" : "\\approx"} ${decimalLatex(result.text)}`} />
          </span>
        )}
      </div>
    </Scroller>
  );
}

/** Each definition in the names of the others; a result without a name as it stands. */
function formulas({ program }: Reading): readonly string[] {
  const { definitions, names, result } = program;
  const named = Object.entries(definitions).map(([name, node]) => {
    return { head: `${nameLatex(name)} = `, node };
  });
  const all = Object.values(definitions).includes(result)
    ? named
    : [...named, { head: "", node: result }];
  return all.map(({ head, node }, i) =>
    // What is not shown need not be written.
    i < MOST_LINES ? `${head}${toLatex(node, { names: without(names, node) })}` : "",
  );
}

function without(names: ReadonlyMap<Expr, string>, node: Expr): ReadonlyMap<Expr, string> {
  const out = new Map(names);
  out.delete(node);
  return out;
}
