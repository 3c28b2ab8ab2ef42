import type { LatexPiece } from "./latexPiece.ts";

/** A sum in lines of about `width` letters, each after the first beginning with its sign. */
export function breakLines(whole: LatexPiece, width: number): string[] {
  if (whole.sum === undefined || whole.latex.length <= width) return [whole.latex];
  const terms: string[] = [];
  let at = whole;
  while (at.sum !== undefined) {
    terms.push(at.sum.term);
    at = at.sum.before;
  }
  terms.push(at.latex);
  terms.reverse();
  const lines: string[] = [];
  let line = "";
  let length = 0;
  for (const term of terms) {
    const own = visible(term);
    if (line !== "" && length + own > width) {
      lines.push(line);
      line = term.trimStart();
      length = own;
    } else {
      line += term;
      length += own;
    }
  }
  lines.push(line);
  return lines;
}

/** About how many letters a formula shows: a command is one, braces and signs of indices none. */
function visible(latex: string): number {
  return latex.replace(/\\[a-zA-Z]+ ?/g, "x").replace(/[{}_^ &]/g, "").length;
}
