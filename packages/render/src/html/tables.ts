import type { Box, Drawing, Line } from "../graph/drawing.ts";
import { escapeXml } from "../text/cleanText.ts";

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
export function boxTable({ boxes, derivatives, valued }: Drawing): string {
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

/** The content of the arrows. */
export function edgeTable({ boxes, edges, derivatives, valued }: Drawing): string {
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
