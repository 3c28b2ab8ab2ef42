import type { Block, Document, EquationLine, Inline } from "./document.ts";

/** Before every line of a display. */
const INDENT = 2;

/** A longer left side does not move the others. */
const WIDEST = 40;

/** A worked solution as plain text, formulas in one line each. */
export function printPlain({ title, blocks }: Document): string {
  const head = plain(title);
  const parts = [
    `${head}\n${"=".repeat(head.length)}`,
    ...blocks.map((block) => plainBlock(block)),
  ];
  return `${parts.join("\n\n")}\n`;
}

function plain(content: readonly Inline[]): string {
  return content.map((part) => (typeof part === "string" ? part : part.text)).join("");
}

function plainBlock(block: Block): string {
  switch (block.kind) {
    case "heading": {
      const text = plain(block.content);
      return `${text}\n${(block.level === 1 ? "=" : "-").repeat(text.length)}`;
    }
    case "paragraph":
      return plain(block.content);
    case "table":
      return columns([block.header, ...block.rows.map((row) => row.map((cell) => plain(cell)))]);
    case "equations":
      return equations(block.lines);
    case "notes":
      return block.items.map((item, i) => `[${i + 1}] ${plain(item)}`).join("\n");
  }
}

function equations(lines: readonly EquationLine[]): string {
  const widths = lines.map(({ left }) => left?.text.length ?? 0);
  const width = widths.reduce((most, one) => (one <= WIDEST ? Math.max(most, one) : most), 0);
  return lines
    .map(({ left, relation, right, remark, note }) => {
      const head = (left?.text ?? "").padEnd(width);
      const mark = note === undefined ? "" : ` [${note}]`;
      const said = remark === undefined ? "" : `   (${remark})`;
      return `${" ".repeat(INDENT)}${head} ${relation === "" ? " " : relation} ${right.text}${mark}${said}`;
    })
    .join("\n");
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => {
    return rows.reduce((width, row) => Math.max(width, row[i]?.length ?? 0), 0);
  });
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join("  ")
        .trimEnd(),
    )
    .map((row) => `${" ".repeat(INDENT)}${row}`)
    .join("\n");
}
