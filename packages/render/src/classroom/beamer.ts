import { type Bindings, type Expr, Program } from "@chainrule/core";
import { alignedRow } from "../derivation/alignedRow.ts";
import { derivation } from "../derivation/derivation.ts";
import type { Block, Inline } from "../derivation/document.ts";
import { needsMatrices } from "../derivation/matrix/matrixDerivation.ts";
import { derivationDocument } from "../derivation/print.ts";
import { escapeLatex } from "../latex/escapeLatex.ts";
import { Deck } from "./beamerDeck.ts";
import { displayed, frame, inline, ROWS } from "./beamerFrames.ts";

/** Options of `toBeamer`. */
export interface BeamerOptions {
  /** Of the first slide; the expression stands below it. */
  readonly title?: string;
  /** Significant digits of numbers; 5 by default. */
  readonly digits?: number;
}

const DIGITS = 5;

const HEAD: readonly string[] = [
  "\\documentclass[aspectratio=169]{beamer}",
  "\\usepackage[utf8]{inputenc}",
  "\\usepackage[T1]{fontenc}",
  "\\usepackage{amsmath}",
  "\\setbeamertemplate{navigation symbols}{}",
  "\\setbeamertemplate{footline}[frame number]",
];

/**
 * A Beamer deck of an expression: values forward, then adjoints backward, one overlay a step.
 *
 * Scalars show each step with its numbers, tensors their derivation in matrix form, line by line.
 * Throws ArgumentError for an expression of more than 300 steps.
 */
export function toBeamer(
  target: Expr | Program,
  values?: Bindings,
  { title: heading, digits = DIGITS }: BeamerOptions = {},
): string {
  const output = target instanceof Program ? target.result : target;
  const frames = needsMatrices(output)
    ? matrixFrames(target, values, digits)
    : new Deck(target, values, digits).frames();
  const title = escapeLatex(heading ?? "The chain rule, step by step");
  const lines = [...HEAD, `\\title{${title}}`, "\\date{}", "\\begin{document}"];
  const body = ["\\begin{frame}\n\\titlepage\n\\end{frame}", ...frames];
  return `${lines.join("\n")}\n\n${body.join("\n\n")}\n\n\\end{document}\n`;
}

/** The derivation of a tensor graph: a slide a heading, an overlay a line. */
function matrixFrames(
  target: Expr | Program,
  values: Bindings | undefined,
  digits: number,
): string[] {
  const { title, blocks } = derivationDocument(derivation(target, values, { digits }));
  const frames: string[] = [];
  let heading: readonly Inline[] = title;
  for (const block of blocks) {
    if (block.kind === "heading") heading = block.content;
    else frames.push(...slides(heading, block));
  }
  return frames;
}

function slides(title: readonly Inline[], block: Block): string[] {
  switch (block.kind) {
    case "heading":
      return [];
    case "paragraph":
      return [frame(title, inline(block.content))];
    case "notes":
      return chunks(block.items, ROWS).map((items) =>
        frame(title, items.map((item) => `{\\small ${inline(item)}}`).join("\n\n")),
      );
    case "table":
      return chunks(block.rows, ROWS).map((rows) => {
        const lines = [
          block.header.map((cell) => escapeLatex(cell)),
          ...rows.map((row) => row.map(inline)),
        ];
        const columns = block.header.map(() => "l").join("");
        const text = lines.map((line) => `${line.join(" & ")} \\\\`).join("\n");
        return frame(title, `\\begin{tabular}{${columns}}\n${text}\n\\end{tabular}`);
      });
    case "equations":
      return chunks(block.lines, ROWS).map((lines) => {
        const rows = lines.map((line, i) => {
          const row = alignedRow(line, (note) => `\\;[${note}]`);
          // Cells come up one by one: an overlay must not reach over their borders.
          return row
            .split(/(&&|&|\\\\\n)/)
            .map((cell, k) =>
              k % 2 === 0 && cell.trim() !== "" ? `\\uncover<${i + 1}->{${cell.trim()}}` : cell,
            )
            .join("");
        });
        return frame(title, displayed(rows));
      });
  }
}

function chunks<T>(items: readonly T[], size: number): (readonly T[])[] {
  const out: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += size) out.push(items.slice(at, at + size));
  return out;
}
