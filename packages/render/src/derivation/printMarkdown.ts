import { alignedRow } from "./alignedRow.ts";
import type { Block, Document, EquationLine, Inline } from "./document.ts";

/** A worked solution as Markdown with LaTeX between dollar signs, as GitHub and Pandoc read it. */
export function printMarkdown({ title, blocks }: Document): string {
  return `${[`# ${inline(title)}`, ...blocks.map((block) => markdownBlock(block))].join("\n\n")}\n`;
}

function inline(content: readonly Inline[]): string {
  return content
    .map((part) => (typeof part === "string" ? words(part) : `$${part.latex}$`))
    .join("");
}

/** Words of ours hold no markup, except where a sign of Markdown stands in them. */
function words(text: string): string {
  return text.replace(/[\\`*_[\]#<>|$]/g, "\\$&");
}

function markdownBlock(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `${"#".repeat(block.level)} ${inline(block.content)}`;
    case "paragraph":
      return inline(block.content);
    case "table": {
      const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
      const rows = block.rows.map((cells) => row(cells.map((cell) => inTable(inline(cell)))));
      return [row(block.header), row(block.header.map(() => "---")), ...rows].join("\n");
    }
    case "equations":
      return equations(block.lines);
    case "notes":
      return block.items.map((item, i) => `${i + 1}. ${inline(item)}`).join("\n");
  }
}

/** A bar would end the cell. */
function inTable(text: string): string {
  return text.replace(/(?<!\\)\|/g, "\\vert ");
}

function equations(lines: readonly EquationLine[]): string {
  const rows = lines.map((line) => alignedRow(line, (note) => `^{[${note}]}`));
  return `$$\n\\begin{aligned}\n${rows.join(" \\\\\n")}\n\\end{aligned}\n$$`;
}
