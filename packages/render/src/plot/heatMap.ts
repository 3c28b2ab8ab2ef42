import { ArgumentError, describe } from "@chainrule/core";
import { formatNumber } from "../formatNumber.ts";
import { coordinate } from "../number/coordinate.ts";
import { element } from "../svg/element.ts";
import { type Palette, paletteOf } from "../svg/palette.ts";
import { svgFigure } from "../svg/svgFigure.ts";
import { svgText } from "../svg/svgText.ts";
import { cleanText, escapeXml, shorten } from "../text/cleanText.ts";
import type { PlotOptions } from "./chartSvg.ts";

/** A matrix to be drawn, the first row on top. */
export interface HeatMapPanel {
  readonly name?: string;
  readonly rows: readonly (readonly number[])[];
}

/** Options of `heatMap`. */
export interface HeatMapOptions extends PlotOptions {
  /** How many panels stand beside each other; four at most unless given. */
  readonly beside?: number;
  /** A line below, such as what rows and columns are. */
  readonly caption?: string;
}

/** Shades of one colour; finer steps look alike. */
const SHADES = 20;

/** More cells make a file that no reader of pictures opens with pleasure. */
const MOST_CELLS = 100_000;

const WIDTH = 640;
const MARGIN = 20;
const GAP = 16;
const SIZE = 11;
const TITLE = 14;
const LARGEST_CELL = 26;

/**
 * Matrices as fields of colour: blue above 0, red below, the more the farther from 0; one scale for all panels.
 *
 * In grey, what is below 0 is drawn as smaller squares. What is not finite stays empty. Throws ArgumentError for no
 * panels, a panel without cells, rows of different lengths, and more than 100,000 cells.
 */
export function heatMap(panels: readonly HeatMapPanel[], options: HeatMapOptions = {}): string {
  checkPanels(panels);
  const { theme = "auto", greyscale = false, title = "Heat map", caption = "" } = options;
  const id = (options.id ?? "heat").replace(/[^\w-]/g, "-").replace(/^(?![A-Za-z_])/, "g");
  const palette = paletteOf(theme, greyscale);
  const scale = largest(panels);
  const beside = Math.max(1, Math.min(options.beside ?? 4, panels.length));
  const wide = panels.reduce((most, { rows }) => Math.max(most, rows[0]?.length ?? 0), 0);
  const high = panels.reduce((most, { rows }) => Math.max(most, rows.length), 0);
  const room = (WIDTH - 2 * MARGIN - (beside - 1) * GAP) / beside;
  const cell = Math.min(LARGEST_CELL, room / wide);
  const named = panels.some(({ name }) => name !== undefined) ? SIZE + 6 : 0;
  const step = { x: cell * wide + GAP, y: cell * high + GAP + named };
  const left = (WIDTH - beside * step.x + GAP) / 2;
  const top = 34;
  const bottom = top + Math.ceil(panels.length / beside) * step.y;
  const height = bottom + (caption === "" ? 1 : 2) * (SIZE + 6);
  const drawn = panels.map((panel, i) =>
    panelSvg(panel, {
      x: left + (i % beside) * step.x,
      y: top + Math.floor(i / beside) * step.y,
      cell,
      scale,
      palette,
      greyscale,
    }),
  );
  const key = `${colours(panels, greyscale)}; darkest: ${formatNumber(scale, 3)}`;
  const text = (of: string, y: number, size: number, faint: boolean): string =>
    svgText(shorten(cleanText(of), 100), size, {
      ...(faint ? { class: "faint", fill: palette.faint } : { fill: palette.ink }),
      x: WIDTH / 2,
      y,
      "font-size": size,
      "text-anchor": "middle",
    });
  const names = panels.map(({ name }) => name ?? "").filter((name) => name !== "");
  const parts = [
    element("title", { id: `${id}-title` }, escapeXml(title)),
    element("desc", { id: `${id}-desc` }, escapeXml([key, caption, ...names].join(". "))),
    element("style", {}, theme === "auto" ? rules(`#${id}`, paletteOf("dark", greyscale)) : ""),
    element("rect", { class: "page", width: WIDTH, height, fill: palette.page }),
    text(title, 22, TITLE, false),
    ...drawn,
    text(key, bottom + SIZE, SIZE, true),
    ...(caption === "" ? [] : [text(caption, bottom + 2 * SIZE + 6, SIZE, true)]),
  ];
  return svgFigure(id, { width: WIDTH, height, shown: options.width }, parts);
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly cell: number;
  readonly scale: number;
  readonly palette: Palette;
  readonly greyscale: boolean;
}

/** Cells of one shade are one path, its numbers in cells: a picture of thousands stays small. */
function panelSvg({ name, rows }: HeatMapPanel, place: Place): string {
  const { x, y, cell, scale, palette, greyscale } = place;
  const shades = new Map<number, string>();
  rows.forEach((row, down) => {
    row.forEach((value, right) => {
      const shade = Math.round((value / scale) * SHADES);
      if (!Number.isFinite(value) || shade === 0) return;
      const small = greyscale && shade < 0;
      const square = small
        ? `M${right + 0.25} ${down + 0.25}h.5v.5h-.5z`
        : `M${right} ${down}h1v1h-1z`;
      shades.set(shade, (shades.get(shade) ?? "") + square);
    });
  });
  const cells = [...shades].map(([shade, d]) => {
    const kind = shade > 0 ? "above" : "below";
    const fill = shade > 0 ? palette.value : palette.adjoint;
    const opacity = Math.abs(shade) / SHADES;
    return element("path", { class: kind, fill, "fill-opacity": opacity, d });
  });
  const [width, height] = [cell * (rows[0]?.length ?? 0), cell * rows.length];
  const fitted = `translate(${coordinate(x)} ${coordinate(y)}) scale(${cell.toFixed(4)})`;
  const rim = { class: "rim", x, y, width, height, fill: "none", stroke: palette.line };
  const below = { x: x + width / 2, y: y + height + SIZE + 2, "font-size": SIZE };
  return [
    element("g", { transform: fitted }, cells.join("")),
    element("rect", rim),
    ...(name === undefined
      ? []
      : [
          svgText(shorten(cleanText(name), Math.max(4, Math.floor(width / 6))), SIZE, {
            class: "faint",
            fill: palette.faint,
            ...below,
            "text-anchor": "middle",
          }),
        ]),
  ].join("\n");
}

/** What the signs look like, where there are two of them. */
function colours(panels: readonly HeatMapPanel[], greyscale: boolean): string {
  const below = panels.some(({ rows }) => rows.some((row) => row.some((value) => value < 0)));
  if (!below) return "white: 0";
  return greyscale ? "full squares above 0, small ones below" : "blue above 0, red below";
}

/** The largest finite amount; 1 where all are 0. */
function largest(panels: readonly HeatMapPanel[]): number {
  let most = 0;
  for (const { rows } of panels) {
    for (const row of rows) {
      for (const value of row) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
    }
  }
  return most === 0 ? 1 : most;
}

function checkPanels(panels: readonly HeatMapPanel[]): void {
  if (panels.length === 0) throw new ArgumentError("heatMap: there must be panels, got none");
  let cells = 0;
  panels.forEach(({ rows }, i) => {
    const width = rows[0]?.length ?? 0;
    if (width === 0) throw new ArgumentError(`heatMap: panel ${i} must have cells, got none`);
    const other = rows.find((row) => row.length !== width);
    if (other !== undefined) {
      throw new ArgumentError(
        `heatMap: rows of panel ${i} must have one length, got ${width} and ${describe(other.length)}`,
      );
    }
    cells += width * rows.length;
  });
  if (cells > MOST_CELLS) {
    throw new ArgumentError(`heatMap: there must be at most ${MOST_CELLS} cells, got ${cells}`);
  }
}

function rules(scope: string, p: Palette): string {
  const own = [
    `${scope} .page{fill:${p.page}}`,
    `${scope} text{fill:${p.ink}}`,
    `${scope} text.faint{fill:${p.faint}}`,
    `${scope} .rim{stroke:${p.line}}`,
    `${scope} .above{fill:${p.value}}`,
    `${scope} .below{fill:${p.adjoint}}`,
  ];
  return `@media (prefers-color-scheme:dark){${own.join("")}}`;
}
