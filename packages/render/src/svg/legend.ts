import type { Drawing } from "../graph/drawing.ts";
import type { Size } from "../layout/boxSize.ts";
import { textWidth } from "../text/measure.ts";
import { element } from "./element.ts";
import type { Palette } from "./palette.ts";

const SIZE = 11;
const HEIGHT = 26;
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

/** The room that the legend takes below a picture. */
export function legendSize(drawing: Drawing): Size {
  let width = 2 * MARGIN - GAP;
  for (const { text } of entries(drawing)) width += SAMPLE + 8 + textWidth(text, SIZE) + GAP;
  return { width: Math.ceil(width), height: HEIGHT };
}

/** What the arrows mean, in one line. */
export function svgLegend(drawing: Drawing, palette: Palette, x: number, y: number): string {
  let at = x + MARGIN;
  const middle = y + HEIGHT / 2 - 4;
  const parts: string[] = [];
  for (const { text, sample } of entries(drawing)) {
    const color = sample === "forward" ? palette.line : palette.adjoint;
    parts.push(
      element("path", {
        class: sample,
        d: `M${at} ${middle}H${at + SAMPLE}`,
        fill: "none",
        stroke: color,
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
  return element("g", { class: "legend", "aria-hidden": "true" }, parts.join(""));
}
