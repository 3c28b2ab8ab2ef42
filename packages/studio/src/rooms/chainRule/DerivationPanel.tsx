import type { ChainFactor, ChainProduct, Formula as Told } from "@chainrule/render";
import { type ComponentChildren, Fragment, type JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Formula } from "../../design/index.ts";
import { Blocks } from "../../document/Blocks.tsx";
import { Disclosure } from "../../document/Disclosure.tsx";
import { Scroller } from "../../document/Scroller.tsx";
import { chainTable } from "./chainTable.ts";
import { Factor } from "./Factor.tsx";
import type { Lesson } from "./lesson.ts";
import type { Lit } from "./lit.ts";

/** What the panels below the graph take. */
export interface PanelProps {
  readonly lesson: Lesson;
  /** The variable of the derivative. */
  readonly by: string;
  readonly lit: Lit;
}

/** The derivative as mathematics: its factors and the edges of the drawing light each other. */
export function DerivationPanel({ lesson, by, lit }: PanelProps): JSX.Element {
  const table = useMemo(() => chainTable(lesson, by), [lesson, by]);
  if (table === undefined) return <p class="quiet-text">There is nothing to differentiate by.</p>;
  const { derivative, products, value, document } = table;
  const symbol = lesson.ratioLatex(derivative.of.node, derivative.by.node);
  const several = products.length > 1;
  return (
    <div class="derivation">
      <Scroller label="The derivative">
        <div class="chains">
          {products.slice(0, MOST_PRODUCTS).map((product, i) => (
            <Chain
              key={i}
              lesson={lesson}
              name={i === 0 ? symbol : undefined}
              product={product}
              lit={lit}
            />
          ))}
          {products.length > MOST_PRODUCTS ? (
            <p class="quiet-text">… and {products.length - MOST_PRODUCTS} more products</p>
          ) : undefined}
          {several || products.length === 0 ? (
            <div class="chain-total">
              <Formula latex={`\\displaystyle ${symbol}`} />
              <span>{derivative.value.exact ? "=" : "≈"}</span>
              <span class="result">
                <Formula
                  latex={
                    several && products.length <= MOST_PRODUCTS
                      ? `${sum(products)} = ${value}`
                      : value
                  }
                />
              </span>
            </div>
          ) : undefined}
        </div>
      </Scroller>
      {derivative.method === "none" ? (
        <p class="quiet-text">No path leads from {by} to the result.</p>
      ) : undefined}
      {products.length === 0 ? undefined : (
        <p class="quiet-text">
          Point at a factor, or come to it by Tab: its arrow lights up in the graph. Point at an
          arrow, and its factor does.
        </p>
      )}
      <Disclosure title="Every line with its rule">
        {() => <Blocks blocks={document().blocks} />}
      </Disclosure>
    </div>
  );
}

/** More products than these nobody reads under each other, nor more factors in a line. */
const MOST_PRODUCTS = 12;
const MOST_FACTORS = 40;

/** A product in three lines under each other: as derivatives, as formulas, as numbers. */
function Chain({
  lesson,
  name,
  product: { factors, value },
  lit,
}: {
  readonly lesson: Lesson;
  readonly name: string | undefined;
  readonly product: ChainProduct;
  readonly lit: Lit;
}): JSX.Element {
  const formulas = factors.every(({ formula }) => formula !== undefined);
  return (
    <table class="chain" role="presentation">
      <tbody>
        <Line
          head={name === undefined ? "" : <Formula latex={`\\displaystyle ${name}`} />}
          sign={name === undefined ? "+" : "="}
          factors={factors}
          cell={({ of, by, symbol }) => (
            <Factor
              lesson={lesson}
              edge={{ of: of.name, by: by.name }}
              latex={`\\displaystyle ${symbol.latex}`}
              text={symbol.text}
              lit={lit}
            />
          )}
        />
        {formulas ? (
          <Line sign="=" factors={factors} cell={({ formula }) => <Shown told={formula} />} />
        ) : undefined}
        <Line
          sign="="
          factors={factors}
          cell={({ number }) => <Shown told={number} />}
          end={
            factors.length === 1 || value === undefined ? undefined : (
              <Formula
                latex={`${value.relation === "=" ? "=" : "\\approx"} ${value.number.latex}`}
              />
            )
          }
        />
      </tbody>
    </table>
  );
}

function Shown({ told }: { readonly told: Told | undefined }): JSX.Element {
  return <Formula latex={`\\displaystyle ${told?.latex ?? ""}`} />;
}

function Line(props: {
  readonly head?: ComponentChildren;
  readonly sign: string;
  readonly factors: readonly ChainFactor[];
  readonly cell: (factor: ChainFactor) => JSX.Element;
  readonly end?: ComponentChildren;
}): JSX.Element {
  const { head, sign, factors, cell, end } = props;
  return (
    <tr>
      <td>{head}</td>
      <td>{sign}</td>
      {factors.slice(0, MOST_FACTORS).map((factor, i) => (
        <Fragment key={i}>
          {i === 0 ? undefined : <td class="times">·</td>}
          <td>{cell(factor)}</td>
        </Fragment>
      ))}
      {factors.length > MOST_FACTORS ? (
        <td class="times">… {factors.length - MOST_FACTORS} more</td>
      ) : undefined}
      <td class="result">{end}</td>
    </tr>
  );
}

/** The sum of the products; what begins with a minus is subtracted. */
function sum(products: readonly ChainProduct[]): string {
  const numbers = products.map(({ value }) => value?.number.latex ?? "");
  return numbers.map((one, i) => (i > 0 && !one.startsWith("-") ? `+ ${one}` : one)).join(" ");
}
