import { formatShape, type Tensor } from "@chainrule/core";
import type { NumberFormat } from "../number/roundNumber.ts";
import { atom, type LatexPiece, piece } from "./latexPiece.ts";
import { numberLatex } from "./numberLatex.ts";

/** Rows and columns shown before a matrix is elided. */
const MOST = 8;

/** A constant as a matrix, a vector as a column; elided beyond 8 × 8, higher ranks by their shape. */
export function matrixLatex({ shape, data }: Tensor, format?: NumberFormat): LatexPiece {
  if (shape.length > 2) return atom(`\\mathrm{constant}_{${formatShape(shape)}}`);
  const rows = shape[0] ?? 1;
  const columns = shape[1] ?? 1;
  if (rows * columns === 0) return atom(`\\left(\\right)_{${formatShape(shape)}}`);
  const cell = (row: number, column: number): string =>
    numberLatex(data[row * columns + column] as number, format);
  const shownColumns = shown(columns);
  const lines = shown(rows).map((row) =>
    shownColumns
      .map((column) => {
        if (row === undefined) return column === undefined ? "\\ddots" : "\\vdots";
        return column === undefined ? "\\cdots" : cell(row, column);
      })
      .join(" & "),
  );
  const latex = `\\begin{pmatrix}${lines.join(" \\\\ ")}\\end{pmatrix}`;
  return piece(latex, "\\begin{", { tall: true });
}

/** Indices to show; `undefined` stands for those left out. */
function shown(count: number): (number | undefined)[] {
  if (count <= MOST) return Array.from({ length: count }, (_, i) => i);
  const head = Array.from({ length: MOST - 2 }, (_, i) => i);
  return [...head, undefined, count - 1];
}
