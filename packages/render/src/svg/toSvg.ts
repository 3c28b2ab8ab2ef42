import type { Expr, Program } from "@chainrule/core";
import { draw } from "../graph/draw.ts";
import type { Box, Drawing, Edge } from "../graph/drawing.ts";
import type { PictureOptions } from "../graph/options.ts";
import { speak } from "../graph/speak.ts";
import { EDGE_SIZE, lineHeight, type SetLine, TRACKS } from "../layout/boxSize.ts";
import { FRAME_HEAD, FRAME_SIZE, type Frame } from "../layout/frames.ts";
import { type Layout, layoutDrawing, type Place } from "../layout/layout.ts";
import { escapeXml } from "../text/cleanText.ts";
import { isMeasured, textWidth } from "../text/measure.ts";
import { coordinate, element } from "./element.ts";
import { legendSize, svgLegend } from "./legend.ts";
import { type Palette, paletteOf, type Theme } from "./palette.ts";
import { bends, beside, type Route, routeEdges } from "./routes.ts";
import { FONTS, svgStyle } from "./svgStyle.ts";

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

/** What the parts of a picture are drawn with. */
interface Pen {
  readonly id: string;
  readonly palette: Palette;
  readonly drawing: Drawing;
  readonly layout: Layout;
  readonly links: readonly Links[] | undefined;
}

/** The boxes before and behind a box. */
interface Links {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

function linksOf({ boxes, edges }: Drawing): readonly Links[] {
  const links = boxes.map(() => ({ from: [] as number[], to: [] as number[] }));
  for (const { from, to } of edges) {
    links[from]?.to.push(to);
    links[to]?.from.push(from);
  }
  return links;
}

/** A drawing with places as SVG; `linked` boxes tell a script who is beside them. */
export function drawSvg(
  drawing: Drawing,
  layout: Layout,
  options: SvgOptions,
  linked = false,
): string {
  const { theme = "auto", greyscale = false, legend = drawing.derivatives } = options;
  const id = identifier(options.id ?? "graph");
  const links = linked ? linksOf(drawing) : undefined;
  const pen: Pen = { id, palette: paletteOf(theme, greyscale), drawing, layout, links };
  const below = legend ? legendSize(drawing, layout.page.width) : { width: 0, height: 0 };
  const { x, y } = layout.page;
  const width = Math.max(layout.page.width, below.width);
  const height = layout.page.height + below.height;
  const shown = options.width ?? width;
  const routes = routeEdges(drawing, layout);
  const parts = [
    element("title", { id: `${id}-title` }, escapeXml(drawing.title)),
    element("desc", { id: `${id}-desc` }, escapeXml(drawing.description)),
    element("style", {}, svgStyle(id, theme, greyscale)),
    element("defs", {}, tips(pen)),
    element("rect", { class: "page", x, y, width, height, fill: pen.palette.page }),
    ...layout.frames.map((frame) => svgFrame(pen, frame)),
    ...drawing.edges.map((edge, i) => svgEdge(pen, edge, routes[i] as Route, layout.labels[i])),
    ...layout.frames.map((frame) => frameName(pen, frame)),
    ...drawing.boxes.map((box, i) => svgBox(pen, box, i)),
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
    "data-direction": linked ? drawing.direction : undefined,
  };
  return `${element("svg", head, `\n${parts.join("\n")}\n`)}\n`;
}

/** Letters that any reference may hold; others would end it. */
function identifier(id: string): string {
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
function frameName({ palette }: Pen, { x, y, width, height, label }: Frame): string {
  return svgText(label, FRAME_SIZE, {
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

function svgBox(pen: Pen, box: Box, index: number): string {
  const { id, palette, layout, drawing } = pen;
  const { x, y, width, height } = layout.boxes[index] as Place;
  const shape = element("rect", {
    class: "shape",
    x: x - width / 2,
    y: y - height / 2,
    width,
    height,
    rx: box.kind === "input" ? Math.min(height / 2, 14) : 5,
    fill: box.output ? palette.output : palette[box.kind],
    stroke: palette.line,
    "stroke-width": box.output || (drawing.highlights && box.highlighted) ? 2.2 : 1.2,
    "stroke-dasharray": box.kind === "constant" ? "3 2" : undefined,
  });
  const lines = layout.lines[index] as readonly SetLine[];
  let at = y - lines.reduce((sum, { size }) => sum + lineHeight(size), 0) / 2;
  const texts = lines.map(({ role, text, size }) => {
    at += lineHeight(size);
    const kind =
      role === "value" || role === "adjoint"
        ? role
        : role === "name" || role === "formula"
          ? undefined
          : "faint";
    const fill = kind === undefined ? palette.ink : palette[kind];
    const place = { x, y: at - 0.35 * size, "font-size": size, fill, "text-anchor": "middle" };
    return svgText(text, size, { class: kind, ...place });
  });
  const attributes = {
    class: `box ${box.kind}${box.output ? " output" : ""}`,
    id: `${id}-box${index}`,
    role: "graphics-symbol",
    tabindex: 0,
    "aria-roledescription": box.kind,
    "aria-label": speak(box),
    "data-from": pen.links?.[index]?.from.join(" "),
    "data-to": pen.links?.[index]?.to.join(" "),
    opacity: box.highlighted ? undefined : PALE,
  };
  return element("g", attributes, shape + stack(pen, box, index) + texts.join(""));
}

/** A second border behind a folded scope: there is more in it. */
function stack({ palette, layout }: Pen, { kind }: Box, index: number): string {
  if (kind !== "scope") return "";
  const { x, y, width, height } = layout.boxes[index] as Place;
  const [left, top] = [x - width / 2, y - height / 2];
  const d = `M${coordinate(left + 4)} ${coordinate(top - 3)}H${coordinate(left + width + 3)}V${coordinate(top + height - 4)}`;
  return element("path", {
    class: "forward",
    d,
    fill: "none",
    stroke: palette.line,
    "stroke-width": 1.2,
  });
}

/** Opacity of what is not highlighted: still to be read. */
const PALE = 0.3;

function svgEdge(pen: Pen, edge: Edge, route: Route, label: Place | undefined): string {
  const { id, palette, drawing } = pen;
  const both = drawing.derivatives && edge.steps.length > 0;
  const by = both ? TRACKS / 2 : 0;
  const strong = drawing.highlights && edge.highlighted;
  const line = (way: "forward" | "backward", points: Route): string =>
    element("path", {
      class: way,
      d: pathData(points, drawing.direction, way === "forward" ? -by : by),
      fill: "none",
      stroke: way === "forward" ? palette.line : palette.adjoint,
      "stroke-width": strong ? 2.4 : 1.3,
      "stroke-dasharray": way === "backward" ? "5 3" : undefined,
      "marker-end": `url(#${id}-${way})`,
    });
  const parts = [line("forward", beside(route, drawing.direction, -by))];
  if (both) parts.push(line("backward", [...beside(route, drawing.direction, by)].reverse()));
  if (label !== undefined) parts.push(...edgeLabel(pen, edge, label));
  return element(
    "g",
    { class: "edge", opacity: edge.highlighted ? undefined : PALE },
    parts.join(""),
  );
}

function pathData(route: Route, direction: Drawing["direction"], by: number): string {
  const at = ({ x, y }: { x: number; y: number }): string => `${coordinate(x)} ${coordinate(y)}`;
  let d = `M${at(route[0] as Route[number])}`;
  for (const { to, controls } of bends(route, direction, by)) {
    d += controls === undefined ? `L${at(to)}` : `C${at(controls[0])} ${at(controls[1])} ${at(to)}`;
  }
  return d;
}

/** The local derivative beside the forward arrow, what comes back beside the other. */
function edgeLabel({ palette, drawing }: Pen, { local, back }: Edge, label: Place): string[] {
  const horizontal = drawing.direction === "LR";
  const texts = [
    { content: local, kind: "ink", sign: -1, anchor: "end" },
    { content: back, kind: "adjoint", sign: 1, anchor: "start" },
  ] as const;
  return texts.map(({ content, kind, sign, anchor }) => {
    if (content === undefined) return "";
    const look = {
      class: kind === "ink" ? "halo" : "halo adjoint",
      fill: palette[kind],
      "font-size": EDGE_SIZE,
      stroke: palette.page,
      "stroke-width": 3,
      "paint-order": "stroke",
    };
    const off = sign * (TRACKS / 2 + (horizontal ? lineHeight(EDGE_SIZE) / 2 : 4));
    const place = horizontal
      ? { x: label.x, y: label.y + off + 0.35 * EDGE_SIZE, "text-anchor": "middle" }
      : { x: label.x + off, y: label.y + 0.35 * EDGE_SIZE, "text-anchor": anchor };
    return svgText(content, EDGE_SIZE, { ...look, ...place });
  });
}

/** Text that takes the room that was measured, whatever font its characters are found in. */
export function svgText(
  text: string,
  size: number,
  attributes: Readonly<Record<string, string | number | undefined>>,
): string {
  const fit = isMeasured(text)
    ? {}
    : { textLength: textWidth(text, size), lengthAdjust: "spacingAndGlyphs" };
  return element("text", { ...attributes, ...fit }, escapeXml(text));
}
