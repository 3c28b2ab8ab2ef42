import type { SessionFacts } from "../../training/frame.ts";
import { hiddenName } from "../../training/network.ts";

/** A unit's place in the drawing; the first column holds the features. */
export interface UnitPlace {
  readonly column: number;
  readonly unit: number;
  readonly x: number;
  readonly y: number;
}

/** A connection from a unit to one of the next column, and the number of its weight among all. */
export interface Link {
  readonly from: UnitPlace;
  readonly to: UnitPlace;
  readonly index: number;
  readonly d: string;
}

/** Where all of the network stands. */
export interface NetworkLayout {
  readonly width: number;
  readonly height: number;
  readonly columns: readonly (readonly UnitPlace[])[];
  readonly links: readonly Link[];
}

/** Pixels a side of a unit, between two of a column, and the least from column to column. */
export const UNIT = 40;
const ROW = 52;
const LEAST = 84;

/** Columns of units from left to right in a drawing as wide as there is room; the rows of `sizes` from the top. */
export function networkLayout(
  sizes: readonly number[],
  rows: readonly (readonly number[])[],
  facts: SessionFacts | undefined,
  room: number,
): NetworkLayout {
  const width = Math.max(room, LEAST * (sizes.length - 1) + UNIT);
  const height = ROW * Math.max(...rows.map((row) => 1 + Math.max(0, ...row)));
  const columns = sizes.map((count, column) =>
    Array.from({ length: count }, (_, unit) => ({
      column,
      unit,
      x: UNIT / 2 + (column * (width - UNIT)) / Math.max(1, sizes.length - 1),
      y: ROW * ((rows[column]?.[unit] ?? unit) + 0.5),
    })),
  );
  return { width, height, columns, links: linksOf(columns, facts) };
}

function linksOf(
  columns: readonly (readonly UnitPlace[])[],
  facts: SessionFacts | undefined,
): readonly Link[] {
  return columns.slice(1).flatMap((column, i) => {
    const start = startOf(facts, weightsInto(i, columns.length - 2));
    const before = columns[i] ?? [];
    return before.flatMap((from) =>
      column.map((to): Link => {
        const [a, b] = [from.x + UNIT / 2, to.x - UNIT / 2];
        const middle = (a + b) / 2;
        const d = `M${a} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${b} ${to.y}`;
        return { from, to, index: start + from.unit * column.length + to.unit, d };
      }),
    );
  });
}

/** The layer whose weights lead into hidden layer `index`, or into the output after the last. */
export function weightsInto(index: number, layers: number): string {
  return index < layers ? hiddenName(index) : "output";
}

/** Where a layer's weights, or its biases, begin among all. */
export function startOf(
  facts: SessionFacts | undefined,
  layer: string,
  kind: "weight" | "bias" = "weight",
): number {
  return facts?.places.find(({ path }) => path === `${layer}.${kind}`)?.start ?? 0;
}
