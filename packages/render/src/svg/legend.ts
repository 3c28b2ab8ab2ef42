import type { Drawing } from "../graph/drawing.ts";
import type { Size } from "../layout/boxSize.ts";
import { coordinate } from "../number/coordinate.ts";
import { textWidth } from "../text/measure.ts";
import { element } from "./element.ts";
import type { Palette } from "./palette.ts";

const SIZE = 11;
const ROW = 18;
const SAMPLE = 26;
const GAP = 18;
const MARGIN = 12;

interface Entry {
  readonly text: string;
  readonly sample: "forward" | "backward";
}

function entries({ valued, derivatives }: Drawing): readonly Entry[] {
  const forward = derivatives
    ? "forward, with the local derivative"
    : valued
      ? "forward, with values"
      : "forward";
  if (!derivatives) return [{ text: forward, sample: "forward" }];
  const back = valued ? "back, upstream × local" : "back";
  return [
    { text: forward, sample: "forward" },
    { text: back, sample: "backward" },
  ];
}

/** Rows of the legend on a page of this width: one, or one an entry. */
function rowsOf(drawing: Drawing, width: number): readonly (readonly Entry[])[] {
  const all = entries(drawing);
  return widthOf(all) <= width ? [all] : all.map((entry) => [entry]);
}

function widthOf(row: readonly Entry[]): number {
  let width = 2 * MARGIN - GAP;
  for (const { text } of row) width += SAMPLE + 8 + textWidth(text, SIZE) + GAP;
  return Math.ceil(width);
}

/** The room that the legend takes below a picture of this width. */
export function legendSize(drawing: Drawing, width: number): Size {
  const rows = rowsOf(drawing, width);
  return { width: Math.max(...rows.map(widthOf)), height: rows.length * ROW + MARGIN / 2 };
}

/** What the arrows mean. */
export function svgLegend(
  drawing: Drawing,
  palette: Palette,
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
): string {
  const parts: string[] = [];
  rowsOf(drawing, width).forEach((row, i) => {
    let at = x + MARGIN;
    const middle = y + (i + 0.5) * ROW;
    for (const { text, sample } of row) {
      parts.push(
        element("path", {
          class: sample,
          d: `M${coordinate(at)} ${coordinate(middle)}h${SAMPLE}`,
          fill: "none",
          stroke: sample === "forward" ? palette.line : palette.adjoint,
          "stroke-width": 1.6,
          "stroke-dasharray": sample === "backward" ? "5 3" : undefined,
        }),
      );
      at += SAMPLE + 8;
      const kind = sample === "forward" ? "faint" : "adjoint";
      const look = { class: kind, fill: palette[kind], "font-size": SIZE };
      parts.push(element("text", { ...look, x: at, y: middle + 0.35 * SIZE }, text));
      at += textWidth(text, SIZE) + GAP;
    }
  });
  return element("g", { class: "legend", "aria-hidden": "true" }, parts.join(""));
}
