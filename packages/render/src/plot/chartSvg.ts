import { formatNumber } from "../formatNumber.ts";
import { coordinate } from "../number/coordinate.ts";
import { element } from "../svg/element.ts";
import { type Palette, paletteOf, type Theme } from "../svg/palette.ts";
import { svgFigure } from "../svg/svgFigure.ts";
import { svgText } from "../svg/svgText.ts";
import { escapeXml, shorten } from "../text/cleanText.ts";
import { textWidth } from "../text/measure.ts";
import type { Chart, Level, Point } from "./chart.ts";
import { type Frame, makeFrame } from "./frame.ts";
import { type Look, legendEntries, legendRows, lookOf, ROW } from "./legend.ts";

/** Options of `plot`. */
export interface PlotOptions {
  readonly title?: string;
  /** Width in pixels; by default that of the texts at their own size. */
  readonly width?: number;
  readonly greyscale?: boolean;
  readonly theme?: Theme;
  /** Begins all ids in the file; for pages that hold several pictures. */
  readonly id?: string;
}

const WIDTH = 640;
const SIZE = 11;
const TITLE = 14;

/** A chart as SVG: axes with round numbers, lines that differ by colour and dash, a legend. */
export function chartSvg(chart: Chart, options: PlotOptions): string {
  const { theme = "auto", greyscale = false } = options;
  const id = (options.id ?? "plot").replace(/[^\w-]/g, "-").replace(/^(?![A-Za-z_])/, "g");
  const palette = paletteOf(theme, greyscale);
  const frame = makeFrame(chart, WIDTH);
  const rows = legendRows(legendEntries(chart), WIDTH - 2 * frame.left);
  const height = frame.bottom + 44 + rows.length * ROW + 6;
  const title = options.title ?? chart.title;
  const style = theme === "auto" ? rules(`#${id}`, paletteOf("dark", greyscale)) : "";
  const inside = [
    ...chart.levels.map((level) => area(level, frame, palette)),
    ...chart.levels.map((level) => levelLine(level, frame, palette)),
    ...chart.arrows.map(({ from, to }) => arrow(frame.at(from), frame.at(to), palette)),
    ...chart.curves.map(({ pieces, look }) => curve(pieces, frame, lookOf(look, palette))),
    ...chart.points.map(({ at, look }) => dot(frame.at(at), lookOf(look, palette), palette)),
  ].join("\n");
  const box = {
    x: frame.left,
    y: frame.top,
    width: frame.right - frame.left,
    height: frame.bottom - frame.top,
  };
  const shownTitle = fit(title, TITLE, WIDTH - 24);
  const parts = [
    element("title", { id: `${id}-title` }, escapeXml(title)),
    element("desc", { id: `${id}-desc` }, escapeXml(chart.description)),
    element("style", {}, style),
    element("clipPath", { id: `${id}-inside` }, element("rect", box)),
    element("rect", { class: "page", width: WIDTH, height, fill: palette.page }),
    label(shownTitle, WIDTH / 2, 20, TITLE, "middle", palette, "ink"),
    ...axes(chart, frame, palette),
    element("g", { "clip-path": `url(#${id}-inside)` }, inside),
    element("rect", { class: "rim", ...box, fill: "none", stroke: palette.line }),
    ...levelTexts(chart, frame, palette),
    ...legend(rows, frame, palette),
  ];
  return svgFigure(id, { width: WIDTH, height, shown: options.width }, parts);
}

function rules(scope: string, p: Palette): string {
  const looks = [0, 1, 2, 3].map((i) => {
    const { color } = lookOf(i, p);
    return `${scope} .look${i}{stroke:${color}}${scope} .dot${i}{fill:${color};stroke:${p.page}}`;
  });
  const own = [
    `${scope} .page{fill:${p.page}}`,
    `${scope} text{fill:${p.ink}}`,
    `${scope} text.faint{fill:${p.faint}}`,
    `${scope} text.halo{stroke:${p.page}}`,
    `${scope} .rim,${scope} .zero{stroke:${p.line}}`,
    `${scope} .grid{stroke:${p.faint}}`,
    `${scope} .level{stroke:${p.value}}`,
    `${scope} .area{fill:${p.value}}`,
    `${scope} .arrow{stroke:${p.adjoint}}`,
    `${scope} .tip{fill:${p.adjoint}}`,
  ];
  return `@media (prefers-color-scheme:dark){${[...own, ...looks].join("")}}`;
}

/** As much of a text as the width bears. */
function fit(text: string, size: number, width: number): string {
  let most = Math.min(text.length, 200);
  while (most > 1 && textWidth(shorten(text, most), size) > width) most--;
  return shorten(text, most);
}

function label(
  text: string,
  x: number,
  y: number,
  size: number,
  anchor: "start" | "middle" | "end",
  palette: Palette,
  kind: "ink" | "faint",
): string {
  const look = { class: kind === "ink" ? undefined : kind, fill: palette[kind] };
  return svgText(text, size, {
    ...look,
    x,
    y: y + 0.35 * size,
    "font-size": size,
    "text-anchor": anchor,
  });
}

function axes({ x, y }: Chart, frame: Frame, palette: Palette): string[] {
  const line = (d: string, zero: boolean): string =>
    element("path", {
      class: zero ? "zero" : "grid",
      d,
      stroke: zero ? palette.line : palette.faint,
      "stroke-opacity": zero ? 0.8 : 0.22,
    });
  const out: string[] = [];
  for (const { value, text, place } of frame.xTicks) {
    const d = `M${coordinate(place)} ${coordinate(frame.top)}V${coordinate(frame.bottom)}`;
    out.push(line(d, value === 0 && x.interval[0] < 0));
    out.push(label(text, place, frame.bottom + 12, SIZE, "middle", palette, "faint"));
  }
  for (const { value, text, place } of frame.yTicks) {
    const d = `M${coordinate(frame.left)} ${coordinate(place)}H${coordinate(frame.right)}`;
    out.push(line(d, value === 0 && y.interval[0] < 0));
    out.push(label(text, frame.left - 6, place, SIZE, "end", palette, "faint"));
  }
  const across = (frame.left + frame.right) / 2;
  out.push(label(x.name, across, frame.bottom + 29, SIZE + 1, "middle", palette, "ink"));
  const up = fit(y.name, SIZE + 1, frame.left + 60);
  const upAt = Math.max(10, frame.left - textWidth(up, SIZE + 1) / 2);
  if (up !== "") out.push(label(up, upAt, frame.top - 10, SIZE + 1, "start", palette, "ink"));
  return out;
}

function pathOf(pieces: readonly (readonly Point[])[], frame: Frame, close: string): string {
  return pieces
    .map((piece) => {
      const places = piece.map((point) => frame.at(point).map(coordinate).join(" "));
      return places.length === 0 ? "" : `M${places.join("L")}${close}`;
    })
    .join("");
}

function curve(pieces: readonly (readonly Point[])[], frame: Frame, look: Look): string {
  return element("path", {
    class: `look${look.index}`,
    d: pathOf(pieces, frame, ""),
    fill: "none",
    stroke: look.color,
    "stroke-width": look.width,
    "stroke-dasharray": look.dash,
    "stroke-linejoin": "round",
    "stroke-linecap": pieces.some((piece) => piece.length === 1) ? "round" : undefined,
  });
}

function dot([cx, cy]: Point, look: Look, palette: Palette): string {
  const own = { class: `dot${look.index}`, fill: look.color, stroke: palette.page };
  return element("circle", { ...own, cx, cy, r: 5, "stroke-width": 1.5 });
}

function area(level: Level, frame: Frame, palette: Palette): string {
  const d = pathOf(level.area, frame, "Z");
  const look = { fill: palette.value, "fill-opacity": 0.07, "fill-rule": "evenodd" };
  return element("path", { class: "area", d, ...look });
}

function levelLine(level: Level, frame: Frame, palette: Palette): string {
  const look = { fill: "none", stroke: palette.value, "stroke-width": 1.1 };
  return element("path", { class: "level", d: pathOf(level.pieces, frame, ""), ...look });
}

function arrow(from: Point, to: Point, palette: Palette): string {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  if (!(length > 0.5)) return "";
  const [ux, uy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const head = Math.min(6, length / 2);
  const [bx, by] = [to[0] - ux * head, to[1] - uy * head];
  const side = (s: number): string =>
    `${coordinate(bx - s * uy * head * 0.5)} ${coordinate(by + s * ux * head * 0.5)}`;
  const tip = `M${to.map(coordinate).join(" ")}L${side(1)}L${side(-1)}Z`;
  return (
    element("path", {
      class: "arrow",
      d: `M${from.map(coordinate).join(" ")}L${coordinate(bx)} ${coordinate(by)}`,
      stroke: palette.adjoint,
      "stroke-width": 1.4,
    }) + element("path", { class: "tip", d: tip, fill: palette.adjoint })
  );
}

/** The number of each level in the middle of its longest line, where no other stands yet. */
function levelTexts({ levels }: Chart, frame: Frame, palette: Palette): string[] {
  const taken: { x: number; y: number; width: number }[] = [];
  return levels.flatMap(({ value, pieces }) => {
    const longest = pieces.reduce<readonly Point[]>((a, b) => (b.length > a.length ? b : a), []);
    const text = formatNumber(value, 4).replace("-", "−");
    const width = textWidth(text, SIZE) + 6;
    for (const share of [0.5, 0.25, 0.75, 0.1, 0.9, 0.4, 0.6]) {
      const point = longest[Math.floor(share * (longest.length - 1))];
      if (point === undefined) return [];
      const [x, y] = frame.at(point);
      const outside =
        x - width / 2 < frame.left ||
        x + width / 2 > frame.right ||
        y - SIZE < frame.top ||
        y + SIZE > frame.bottom;
      const hidden = taken.some(
        (other) =>
          Math.abs(other.x - x) < (other.width + width) / 2 && Math.abs(other.y - y) < SIZE + 4,
      );
      if (outside || hidden) continue;
      taken.push({ x, y, width });
      const halo = { stroke: palette.page, "stroke-width": 3.5, "paint-order": "stroke" };
      const place = { x, y: y + 0.35 * SIZE, "text-anchor": "middle", "font-size": SIZE };
      return [svgText(text, SIZE, { class: "halo", fill: palette.ink, ...place, ...halo })];
    }
    return [];
  });
}

function legend(rows: ReturnType<typeof legendRows>, frame: Frame, palette: Palette): string[] {
  return rows.flatMap((row, i) => {
    const y = frame.bottom + 44 + (i + 0.5) * ROW;
    return row.flatMap(({ text, look, x }) => {
      const at = frame.left + x;
      const words = label(
        text,
        at + (look === undefined ? 0 : 36),
        y,
        SIZE,
        "start",
        palette,
        "ink",
      );
      if (look === undefined) return [words];
      const drawn = lookOf(look, palette);
      const sample = element("path", {
        class: `look${drawn.index}`,
        d: `M${coordinate(at)} ${coordinate(y)}h28`,
        stroke: drawn.color,
        "stroke-width": drawn.width,
        "stroke-dasharray": drawn.dash,
      });
      return [sample, words];
    });
  });
}
