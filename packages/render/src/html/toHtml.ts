import type { Expr, Program } from "@chainrule/core";
import { draw } from "../graph/draw.ts";
import type { Box, Drawing, Line } from "../graph/drawing.ts";
import { layoutDrawing } from "../layout/layout.ts";
import { element } from "../svg/element.ts";
import { drawSvg, type SvgOptions } from "../svg/toSvg.ts";
import { escapeXml } from "../text/cleanText.ts";
import { pageScript, SCRIPT_HASH } from "./pageScript.ts";
import { pageStyle } from "./pageStyle.ts";

/** Options of `toHtml`. */
export interface GraphHtmlOptions extends SvgOptions {
  /** Language of the page's own words, which are English; readers' software asks for it. */
  readonly language?: string;
}

/**
 * A graph as one page without references to others: the picture, whose boxes are reached by arrow keys
 * along the edges, and beside it the same content as tables. Works without its script.
 *
 * The page is well-formed XML too. Its policy lets nothing run but its own script.
 */
export function toHtml(target: Expr | Program, options: GraphHtmlOptions = {}): string {
  const { theme = "auto", greyscale = false } = options;
  const drawing = draw(target, options);
  const layout = layoutDrawing(drawing, options.positions);
  const svg = drawSvg(drawing, layout, options, true);
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${SCRIPT_HASH}'`;
  const title = escapeXml(drawing.title);
  const page = [
    "<!DOCTYPE html>",
    `<html xmlns="http://www.w3.org/1999/xhtml" lang="${escapeXml(options.language ?? "en")}">`,
    "<head>",
    '<meta charset="utf-8"/>',
    element("meta", { "http-equiv": "Content-Security-Policy", content: policy }),
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    `<title>${title}</title>`,
    `<style>${pageStyle(theme, greyscale, options.width ?? layout.page.width)}</style>`,
    "</head>",
    "<body>",
    `<h1>${title}</h1>`,
    `<p>Arrow keys lead from box to box: ${KEYS[drawing.direction]}.</p>`,
    `<main><div class="picture">${svg.trim()}</div>`,
    `<div class="tables">${boxTable(drawing)}${edgeTable(drawing)}</div></main>`,
    `<script>${pageScript}</script>`,
    "</body>",
    "</html>",
  ];
  return `${page.join("\n")}\n`;
}

const KEYS = {
  LR: "right to who uses it, left to what it uses, up and down among those beside it",
  TB: "down to who uses it, up to what it uses, left and right among those beside it",
} as const;

function tableOf(caption: string, heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join("");
  const body = rows.join("\n");
  return `<table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}

function row(name: string, cells: readonly (string | undefined)[]): string {
  const rest = cells.map((text) => `<td>${escapeXml(text ?? "")}</td>`).join("");
  return `<tr><th scope="row">${escapeXml(name)}</th>${rest}</tr>`;
}

/** The content of the boxes; columns that would be empty are left out. */
function boxTable({ boxes, derivatives, valued }: Drawing): string {
  const line = (box: Box, role: Line["role"]): string | undefined => {
    const found = box.lines.filter((one) => one.role === role);
    return found.length === 0 ? undefined : found.map(({ text }) => text).join(", ");
  };
  const columns = [
    { head: "Kind", shown: true, cell: ({ kind }: Box) => kind },
    { head: "Formula", shown: true, cell: ({ formula }: Box) => formula },
    {
      head: "Shape",
      shown: boxes.some((box) => line(box, "shape") !== undefined),
      cell: (box: Box) => line(box, "shape"),
    },
    {
      head: "Contents",
      shown: boxes.some(({ kind }) => kind === "scope"),
      cell: (box: Box) => line(box, "count"),
    },
    { head: "Value", shown: valued, cell: (box: Box) => line(box, "value") },
    { head: "Derivative", shown: derivatives && valued, cell: (box: Box) => line(box, "adjoint") },
  ].filter(({ shown }) => shown);
  const rows = boxes.map((box) =>
    row(
      box.name,
      columns.map(({ cell }) => cell(box)),
    ),
  );
  return tableOf("Boxes", ["Name", ...columns.map(({ head }) => head)], rows);
}

function edgeTable({ boxes, edges, derivatives, valued }: Drawing): string {
  const heads = ["From", "To"];
  if (derivatives) heads.push("Local derivative");
  if (derivatives && valued) heads.push("Back");
  const rows = edges.map(({ from, to, local, back }) => {
    const cells = [(boxes[to] as Box).name];
    if (derivatives) cells.push(local ?? "");
    if (derivatives && valued) cells.push(back ?? "");
    return row((boxes[from] as Box).name, cells);
  });
  return tableOf("Arrows", heads, rows);
}
