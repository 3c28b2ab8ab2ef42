import { ArgumentError, type Expr, type Program } from "@chainrule/core";
import { type DrawingFormat, draw } from "../graph/draw.ts";
import type { Box, Drawing, Edge } from "../graph/drawing.ts";
import { KEYBOARD } from "../graph/mathText.ts";
import type { PictureOptions, Position } from "../graph/options.ts";
import { EDGE_SIZE, lineHeight, type SetLine, TRACKS } from "../layout/boxSize.ts";
import { type Layout, layoutDrawing, type Place } from "../layout/layout.ts";
import { bends, beside, type Route, routeEdges } from "../layout/routes.ts";
import { paletteOf } from "../svg/palette.ts";
import { backLatex, headLatex, lineLatex, localLatex, textLatex } from "./boxLatex.ts";
import { tikzStyles } from "./tikzStyles.ts";

/** Options of `toTikz`. */
export interface TikzOptions extends PictureOptions {
  /** A whole document (default), or a fragment for `\input`. */
  readonly standalone?: boolean;
  /** Width of the picture as LaTeX says it, such as `12cm` or `\linewidth`. */
  readonly width?: string;
}

const FORMAT: DrawingFormat = {
  folds: true,
  signs: KEYBOARD,
  fills: true,
  keyed: true,
  formulas: true,
};

/** Pixels of the layout are smaller than points of TeX. */
const POINTS = 0.75;

/** Lengths that a width may be. */
const WIDTH =
  /^(?:\d+(?:\.\d+)?)?(?:(?:pt|bp|mm|cm|in|em|ex)|\\(?:linewidth|textwidth|columnwidth))$/;

/**
 * A graph as TikZ, labels in LaTeX, places from the same layout as `toSvg`. A document of its own, or
 * with `standalone: false` a fragment that needs `tikz`, `amsmath` and the library `arrows.meta`. All
 * looks are styles in one `\tikzset`.
 */
export function toTikz(target: Expr | Program, options: TikzOptions = {}): string {
  const drawing = draw(target, options, FORMAT);
  const layout = layoutDrawing(drawing, options.positions);
  const routes = routeEdges(drawing, layout);
  const body = [
    "\\begin{tikzpicture}[chainrule picture]",
    ...layout.frames.map(({ x, y, width, height, label }) => {
      const corner = point({ x: x - width / 2, y: y - height / 2 });
      const other = point({ x: x + width / 2, y: y + height / 2 });
      const name = textLatex(label);
      return `  \\draw[chainrule frame] ${corner} rectangle ${other} node[chainrule frame name] at ${corner} {${name}};`;
    }),
    ...drawing.edges.flatMap((edge, i) =>
      edgeLines(drawing, edge, routes[i] as Route, layout.labels[i]),
    ),
    ...drawing.boxes.flatMap((box, i) => boxLines(drawing, layout, box, i)),
    "\\end{tikzpicture}",
  ];
  const picture =
    options.width === undefined
      ? body
      : [`\\resizebox{${lengthOf(options.width)}}{!}{%`, ...body, "}"];
  const fragment = [
    "\\tikzset{",
    ...tikzStyles(paletteOf("light", options.greyscale === true)),
    "}",
    ...picture,
  ];
  if (options.standalone === false) return `${fragment.join("\n")}\n`;
  const document = [
    "\\documentclass[border=6pt]{standalone}",
    "\\usepackage[T1]{fontenc}",
    "\\usepackage{amsmath}",
    "\\usepackage{tikz}",
    "\\usetikzlibrary{arrows.meta}",
    "\\begin{document}",
    ...fragment,
    "\\end{document}",
  ];
  return `${document.join("\n")}\n`;
}

function lengthOf(width: string): string {
  if (WIDTH.test(width)) return width;
  throw new ArgumentError(
    `toTikz: width must be a length such as 12cm or 0.8\\linewidth, got ${JSON.stringify(width)}`,
  );
}

/** Two decimals of a point are finer than any printer; y grows upwards. */
function point({ x, y }: Position): string {
  return `(${length(x)},${length(-y)})`;
}

function length(pixels: number): string {
  return String(Math.round(pixels * POINTS * 100) / 100 + 0);
}

/** Content that is made narrower where it would not fit. */
function fitted(content: string, pixels: number): string {
  const most = `${length(pixels)}bp`;
  return `\\resizebox{\\ifdim\\width>${most} ${most}\\else\\width\\fi}{!}{${content}}`;
}

function boxLines(drawing: Drawing, layout: Layout, box: Box, i: number): string[] {
  const place = layout.boxes[i] as Place;
  const { x, y, width, height } = place;
  const kind = box.output ? "output" : box.kind;
  const pale = box.highlighted
    ? drawing.highlights
      ? ", chainrule strong"
      : ""
    : ", chainrule pale";
  const size = `minimum width=${length(width)}bp, minimum height=${length(height)}bp`;
  const out = [`  \\node[chainrule ${kind}${pale}, ${size}] (n${i}) at ${point(place)} {};`];
  const lines = layout.lines[i] as readonly SetLine[];
  const formulas = lines.filter(({ role }) => role === "formula").length;
  const texts = [headLatex(box, drawing), ...box.lines.map(lineLatex)];
  // A formula that stands below its name on screens is one line with it here.
  const rows = lines.filter(({ role }) => role !== "formula");
  let at = y - lines.reduce((sum, line) => sum + lineHeight(line.size), 0) / 2;
  rows.forEach(({ role, size: font }, k) => {
    const taken =
      lineHeight(font) + (role === "name" && formulas > 0 ? lineHeight(lines[1]?.size ?? 0) : 0);
    const middle = point({ x, y: at + taken / 2 });
    at += taken;
    const style = role === "name" ? "name" : role;
    out.push(
      `  \\node[chainrule ${style}${pale}] at ${middle} {${fitted(texts[k] as string, width - ROOM)}};`,
    );
  });
  return out;
}

/** Between a text and the borders of its box. */
const ROOM = 8;

function edgeLines(drawing: Drawing, edge: Edge, route: Route, label: Place | undefined): string[] {
  const { direction, derivatives, highlights } = drawing;
  const both = derivatives && edge.steps.length > 0;
  const by = both ? TRACKS / 2 : 0;
  const look = edge.highlighted ? (highlights ? ", chainrule strong" : "") : ", chainrule pale";
  const draw = (way: string, points: Route, shift: number): string =>
    `  \\draw[chainrule ${way}${look}] ${pathOf(points, direction, shift)};`;
  const out = [draw("forward", beside(route, direction, -by), -by)];
  if (both) out.push(draw("backward", [...beside(route, direction, by)].reverse(), by));
  if (label === undefined) return out;
  const horizontal = direction === "LR";
  const sides = [
    { text: localLatex(edge, drawing), sign: -1, style: "local", anchor: "east" },
    { text: backLatex(edge), sign: 1, style: "back", anchor: "west" },
  ] as const;
  for (const { text, sign, style, anchor } of sides) {
    if (text === undefined) continue;
    const off = sign * (TRACKS / 2 + (horizontal ? lineHeight(EDGE_SIZE) / 2 : 4));
    const at = point(
      horizontal ? { x: label.x, y: label.y + off } : { x: label.x + off, y: label.y },
    );
    const room = horizontal ? label.width : label.width / 2 - TRACKS / 2 - 4;
    const side = horizontal ? "" : `, anchor=${anchor}`;
    out.push(`  \\node[chainrule ${style}${look}${side}] at ${at} {${fitted(text, room)}};`);
  }
  return out;
}

function pathOf(route: Route, direction: Drawing["direction"], by: number): string {
  let path = point(route[0] as Position);
  for (const { to, controls } of bends(route, direction, by)) {
    path +=
      controls === undefined
        ? ` -- ${point(to)}`
        : ` .. controls ${point(controls[0])} and ${point(controls[1])} .. ${point(to)}`;
  }
  return path;
}
