import type { Expr, Program } from "@chainrule/core";
import { draw } from "../graph/draw.ts";
import type { Drawing } from "../graph/drawing.ts";
import type { PictureOptions } from "../graph/options.ts";
import { FRAME_HEAD, FRAME_SIZE, type Frame } from "../layout/frames.ts";
import { type Layout, layoutDrawing } from "../layout/layout.ts";
import { coordinate } from "../number/coordinate.ts";
import { pictureOf } from "../picture/picture.ts";
import { escapeXml } from "../text/cleanText.ts";
import { element } from "./element.ts";
import { legendSize, svgLegend } from "./legend.ts";
import { paletteOf, type Theme } from "./palette.ts";
import { linksOf, type PageLinks, type Pen } from "./pen.ts";
import { svgBox } from "./svgBox.ts";
import { svgEdge } from "./svgEdge.ts";
import { FONTS, svgStyle } from "./svgStyle.ts";
import { svgText } from "./svgText.ts";

/** Options of `toSvg`. */
export interface SvgOptions extends PictureOptions {
  /** Width in pixels; by default that of the texts at their own size. */
  readonly width?: number;
  /** Colours for light or dark surroundings; by default those that the reader's system asks for. */
  readonly theme?: Theme;
  /** Whether a line below says what arrows and colours mean; by default where numbers are shown. */
  readonly legend?: boolean;
  /** Begins all ids in the file; for pages that hold several pictures. */
  readonly id?: string;
}

/**
 * A graph as SVG: boxes with real text, arrows forward and dashed arrows back, a title and a spoken
 * label for every box. One file without any reference to others; the same graph gives the same bytes.
 *
 * Throws BindingError for missing values, ArgumentError for unknown nodes or scopes in the options.
 */
export function toSvg(target: Expr | Program, options: SvgOptions = {}): string {
  const drawing = draw(target, options);
  return drawSvg(drawing, layoutDrawing(drawing, options.positions), options);
}

/** A drawing with places as SVG; in a page boxes tell a script who is beside them, and what they open. */
export function drawSvg(
  drawing: Drawing,
  layout: Layout,
  options: SvgOptions,
  page?: PageLinks,
): string {
  const { theme = "auto", greyscale = false, legend = drawing.derivatives } = options;
  const id = identifier(options.id ?? "graph");
  const links = page && linksOf(drawing);
  const pale = page?.inside === true ? OUTSIDE : PALE;
  const palette = paletteOf(theme, greyscale);
  const picture = pictureOf(drawing, layout);
  const pen: Pen = { id, palette, drawing, picture, links, page, pale };
  const below = legend ? legendSize(drawing, layout.page.width) : { width: 0, height: 0 };
  const { x, y } = layout.page;
  const width = Math.max(layout.page.width, below.width);
  const height = layout.page.height + below.height;
  const shown = options.width ?? width;
  const parts = [
    element("title", { id: `${id}-title` }, escapeXml(drawing.title)),
    element("desc", { id: `${id}-desc` }, escapeXml(drawing.description)),
    ...(page?.inside ? [] : [element("style", {}, svgStyle(`#${id}`, theme, greyscale))]),
    element("defs", {}, tips(pen)),
    element("rect", { class: "page", x, y, width, height, fill: pen.palette.page }),
    ...layout.frames.map((frame) => svgFrame(pen, frame)),
    ...picture.edges.map((edge) => svgEdge(pen, edge)),
    ...layout.frames.map((frame) => frameName(pen, frame)),
    ...picture.boxes.map((_, i) => svgBox(pen, i)),
  ];
  if (legend)
    parts.push(
      svgLegend(drawing, pen.palette, { x, y: y + layout.page.height, width: layout.page.width }),
    );
  const head = {
    xmlns: "http://www.w3.org/2000/svg",
    id,
    role: "graphics-document",
    "aria-labelledby": `${id}-title ${id}-desc`,
    width: shown,
    height: (height * shown) / width,
    viewBox: [x, y, width, height].map(coordinate).join(" "),
    "font-family": FONTS,
    "data-direction": page && drawing.direction,
  };
  return `${element("svg", head, `\n${parts.join("\n")}\n`)}\n`;
}

/** Opacity of what a highlight leaves out, and of what is around the inside of a scope. */
const PALE = 0.3;
const OUTSIDE = 0.6;

/** Letters that any reference may hold; others would end it. */
export function identifier(id: string): string {
  return id.replace(/[^\w-]/g, "-").replace(/^(?![A-Za-z_])/, "g");
}

function tips({ id, palette }: Pen): string {
  return (["forward", "backward"] as const)
    .map((way) => {
      const fill = way === "forward" ? palette.line : palette.adjoint;
      const path = element("path", { class: `${way}-tip`, d: "M0 0L8 4L0 8Z", fill });
      const box = { viewBox: "0 0 8 8", refX: 7.5, refY: 4, markerWidth: 8, markerHeight: 8 };
      return element(
        "marker",
        { id: `${id}-${way}`, ...box, markerUnits: "userSpaceOnUse", orient: "auto" },
        path,
      );
    })
    .join("");
}

function svgFrame({ palette }: Pen, { x, y, width, height, depth }: Frame): string {
  const [left, top] = [x - width / 2, y - height / 2];
  const rect = element("rect", {
    class: "frame",
    x: left,
    y: top,
    width,
    height,
    rx: 8,
    fill: palette.frame,
    stroke: palette.faint,
    "stroke-opacity": 0.5,
    "stroke-dasharray": depth % 2 === 0 ? undefined : "2 3",
  });
  return element("g", { class: "cluster" }, rect);
}

/** Names of scopes stand above the arrows that pass. */
function frameName({ palette, page }: Pen, { x, y, width, height, label, id }: Frame): string {
  const folds = page?.folds(id);
  const button = {
    role: "button",
    tabindex: 0,
    "data-folds": folds,
    "aria-label": `fold ${label}`,
  };
  return svgText(label, FRAME_SIZE, {
    ...(folds === undefined ? {} : button),
    class: "halo faint",
    x: x - width / 2 + 8,
    y: y - height / 2 + FRAME_HEAD - 2,
    "font-size": FRAME_SIZE,
    fill: palette.faint,
    stroke: palette.frame,
    "stroke-width": 3,
    "paint-order": "stroke",
  });
}
