import type { Block, EquationLine, Inline } from "@chainrule/render";
import type { JSX } from "preact";
import { Formula } from "../design/index.ts";
import { Scroller } from "./Scroller.tsx";
import "./blocks.css";

/** What a worked solution is made of, as elements: words, formulas as MathML, footnotes. */
export function Blocks({ blocks }: { readonly blocks: readonly Block[] }): JSX.Element {
  return (
    <div class="blocks">
      {blocks.map((block, i) => (
        <BlockView key={i} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { readonly block: Block }): JSX.Element {
  switch (block.kind) {
    case "heading":
      return (
        <h3>
          <Words content={block.content} />
        </h3>
      );
    case "paragraph":
      return (
        <p>
          <Words content={block.content} />
        </p>
      );
    case "equations":
      return <Equations lines={block.lines} />;
    case "table":
      return (
        <Scroller label="Table">
          <table class="number-table">
            <thead>
              <tr>
                {block.header.map((cell) => (
                  <th key={cell} scope="col">
                    {cell}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, i) => (
                <tr key={i}>
                  {row.map((cell, j) => (
                    <td key={j}>
                      <Words content={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroller>
      );
    case "notes":
      return (
        <ol class="footnotes">
          {block.items.map((item, i) => (
            <li key={i}>
              <Words content={item} />
            </li>
          ))}
        </ol>
      );
  }
}

/** Words and formulas in a line. */
export function Words({ content }: { readonly content: readonly Inline[] }): JSX.Element {
  return (
    <>
      {content.map((part, i) =>
        typeof part === "string" ? part : <Formula key={i} latex={part.latex} />,
      )}
    </>
  );
}

/** Lines `left = right` under each other, with the rule beside each. */
function Equations({ lines }: { readonly lines: readonly EquationLine[] }): JSX.Element {
  return (
    <Scroller label="Formulas">
      <table class="equations" role="presentation">
        <tbody>
          {lines.map(({ left, relation, right, remark, note }, i) => (
            <tr key={i} class={left === undefined || i === 0 ? undefined : "begins"}>
              <td>{left === undefined ? "" : <Display latex={left.latex} />}</td>
              <td>{relation}</td>
              <td>
                <Display latex={right.latex} />
                {note === undefined ? undefined : <sup>{note}</sup>}
              </td>
              <td class="rule">{remark}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

/** Fractions as large as in a line of their own. */
function Display({ latex }: { readonly latex: string }): JSX.Element {
  return <Formula latex={`\\displaystyle ${latex}`} />;
}
