import { escapeHtml } from "../escapeHtml.ts";
import { latexToMathml } from "../mathml/latexToMathml.ts";
import type { Block, Document, EquationLine, Formula, Inline } from "./document.ts";

/** Options of the HTML printer. */
export interface HtmlOptions {
  /** A whole page (default), or the part to put into another. */
  readonly standalone?: boolean;
}

const STYLE = `
.derivation { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
.derivation table { border-collapse: collapse; margin: .5rem 0; }
.derivation .equations td { padding: .15rem .3rem; vertical-align: baseline; }
.derivation .equations td:first-child { text-align: right; }
.derivation .rule { opacity: .75; font-size: .875em; padding-left: 1.5rem; }
.derivation .values td, .derivation .values th { border: 1px solid; padding: .2rem .6rem; text-align: left; }
.derivation .scroll { overflow-x: auto; }
`.trim();

/** A worked solution as HTML with MathML formulas; every name is escaped. */
export function printHtml(document: Document, { standalone = true }: HtmlOptions = {}): string {
  const { title, blocks } = document;
  const body = blocks.map((block) => htmlBlock(block)).join("\n");
  const article = `<article class="derivation">\n<style>${STYLE}</style>\n<h1>${inline(title)}</h1>\n${body}\n</article>`;
  if (!standalone) return `${article}\n`;
  const words = title.map((part) => (typeof part === "string" ? part : part.text)).join("");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>${escapeHtml(words)}</title>
</head>
<body>
${article}
</body>
</html>
`;
}

function inline(content: readonly Inline[]): string {
  return content
    .map((part) => (typeof part === "string" ? escapeHtml(part) : formula(part)))
    .join("");
}

function formula({ latex }: Formula): string {
  return latexToMathml(latex);
}

function htmlBlock(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `<h${block.level + 1}>${inline(block.content)}</h${block.level + 1}>`;
    case "paragraph":
      return `<p>${inline(block.content)}</p>`;
    case "table": {
      const head = block.header.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join("");
      const rows = block.rows.map(
        (row) => `<tr>${row.map((cell) => `<td>${inline(cell)}</td>`).join("")}</tr>`,
      );
      return `<div class="scroll"><table class="values"><thead><tr>${head}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;
    }
    case "equations":
      return `<div class="scroll"><table class="equations"><tbody>\n${block.lines.map((line) => row(line)).join("\n")}\n</tbody></table></div>`;
    case "notes":
      return `<ol class="notes">\n${block.items.map((item) => `<li>${inline(item)}</li>`).join("\n")}\n</ol>`;
  }
}

function row({ left, relation, right, remark, note }: EquationLine): string {
  const mark = note === undefined ? "" : `<sup>[${note}]</sup>`;
  const cells = [left === undefined ? "" : display(left), relation, `${display(right)}${mark}`].map(
    (cell) => `<td>${cell}</td>`,
  );
  return `<tr>${cells.join("")}<td class="rule">${escapeHtml(remark ?? "")}</td></tr>`;
}

/** Fractions as large as in a display, in their cell. */
function display({ latex }: Formula): string {
  return latexToMathml(`\\displaystyle ${latex}`);
}
