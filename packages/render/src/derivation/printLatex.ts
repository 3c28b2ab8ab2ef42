import { escapeLatex } from "../latex/escapeLatex.ts";
import { alignedRow } from "./alignedRow.ts";
import type { Block, Document, EquationLine, Inline } from "./document.ts";

/** Options of the LaTeX printer. */
export interface LatexDocumentOptions {
  /** A whole document (default), or the part for `\input` into another, which needs only amsmath. */
  readonly standalone?: boolean;
}

const HEAD: readonly string[] = [
  "\\documentclass[11pt]{article}",
  "\\usepackage[utf8]{inputenc}",
  "\\usepackage[T1]{fontenc}",
  "\\usepackage{lmodern}",
  "\\usepackage[margin=25mm]{geometry}",
  "\\usepackage{amsmath}",
  "\\allowdisplaybreaks",
  "\\setlength{\\parindent}{0pt}",
  "\\setlength{\\parskip}{4pt}",
];

/** A worked solution as LaTeX. */
export function printLatex(
  { title, blocks }: Document,
  { standalone = true }: LatexDocumentOptions = {},
): string {
  const body = [`\\section*{${heading(title)}}`, ...blocks.map((block) => latexBlock(block))];
  const text = body.join("\n\n");
  if (!standalone) return `${text}\n`;
  const lines = [...HEAD, ...declared(text), "\\begin{document}", "", text, "", "\\end{document}"];
  return `${lines.join("\n")}\n`;
}

/** Letters from U+0100 that the fonts of pdfTeX have. */
const LATIN =
  "ĂăĄąĆćČčĎďĐđĒēĖėĘęĚěĞğĢģĪīĮįİıĲĳĶķĹĺĻļĽľŁłŃńŅņŇňŊŋŌōŐőŒœŔŕŖŗŘřŚśŞşŠšŢţŤťŪūŮůŰűŲųŸŹźŻżŽž";

/** Other letters are said by their number in pdfTeX; newer engines set them as they are. */
function declared(text: string): string[] {
  const letters = new Set(
    [...text].filter(
      (letter) => (letter.codePointAt(0) as number) > 0xff && !LATIN.includes(letter),
    ),
  );
  if (letters.size === 0) return [];
  const lines = [...letters].sort().map((letter) => {
    const code = (letter.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
    return `\\DeclareUnicodeCharacter{${code}}{U+${code}}`;
  });
  return ["\\ifdefined\\DeclareUnicodeCharacter", ...lines, "\\fi"];
}

function inline(content: readonly Inline[]): string {
  return content
    .map((part) => (typeof part === "string" ? escapeLatex(part) : `$${part.latex}$`))
    .join("");
}

/** Fractions in headings are set as large as in displays. */
function heading(content: readonly Inline[]): string {
  return content
    .map((part) =>
      typeof part === "string" ? escapeLatex(part) : `$\\displaystyle ${part.latex}$`,
    )
    .join("");
}

function latexBlock(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `\\sub${block.level === 1 ? "" : "sub"}section*{${heading(block.content)}}`;
    case "paragraph":
      return inline(block.content);
    case "table": {
      const rows = [
        block.header.map((cell) => escapeLatex(cell)),
        ...block.rows.map((row) => row.map((cell) => inline(cell))),
      ];
      const columns = block.header.map(() => "l").join("");
      const lines = rows.map((row) => `${row.join(" & ")} \\\\`);
      return `\\begin{tabular}{${columns}}\n\\hline\n${lines[0]}\n\\hline\n${lines.slice(1).join("\n")}\n\\hline\n\\end{tabular}`;
    }
    case "equations":
      return equations(block.lines);
    case "notes": {
      const items = block.items.map((item, i) => `\\item[{[${i + 1}]}] ${inline(item)}`);
      return `\\begin{small}\n\\begin{description}\n${items.join("\n")}\n\\end{description}\n\\end{small}`;
    }
  }
}

/** Rows of `align*`, which, unlike `aligned`, may go on to the next page. */
function equations(lines: readonly EquationLine[]): string {
  const rows = lines.map((line) =>
    alignedRow(line, (note) => `\\;\\text{\\footnotesize[${note}]}`),
  );
  return `\\begin{align*}\n${rows.join(" \\\\\n")}\n\\end{align*}`;
}
