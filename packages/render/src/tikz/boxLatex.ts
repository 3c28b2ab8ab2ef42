import type { Expr } from "@chainrule/core";
import type { ChainStep } from "../graph/chains.ts";
import type { Box, Drawing, Edge, Line } from "../graph/drawing.ts";
import { escapeLatex } from "../latex/escapeLatex.ts";
import { nameLatex } from "../latex/nameLatex.ts";
import { decimalLatex } from "../latex/numberLatex.ts";
import { toLatex } from "../latex/toLatex.ts";

/** Letters beyond these need fonts that not every TeX has. */
const BEYOND = /[^ -~\u00c0-\u00ff]/gu;

/** LaTeX that every TeX sets, also without the T1 fonts: other letters by their number. */
export function plainLatex(latex: string): string {
  return latex
    .replaceAll("\\textquotedbl{}", "''")
    .replaceAll("U+2026", "\\ldots{}")
    .replace(
      BEYOND,
      (letter) => `U+${(letter.codePointAt(0) as number).toString(16).toUpperCase()}`,
    );
}

/** Words outside of formulas. */
export function textLatex(text: string): string {
  return plainLatex(text.split("…").map(escapeLatex).join("\\ldots{}"));
}

/** A formula in math mode. */
function math(latex: string): string {
  return plainLatex(`$${latex}$`);
}

/** Names for the nodes that a formula ends at, found by walking down to them. */
function namesBelow(roots: readonly Expr[], nameOf: Drawing["nameOf"]): ReadonlyMap<Expr, string> {
  const names = new Map<Expr, string>();
  const seen = new Set<Expr>();
  const stack = [...roots];
  while (stack.length > 0) {
    const node = stack.pop() as Expr;
    if (seen.has(node)) continue;
    seen.add(node);
    const name = nameOf(node);
    if (name === undefined) stack.push(...node.args);
    else names.set(node, name);
  }
  return names;
}

/** `d = 2 b`: name and formula of a box. */
export function headLatex(box: Box, { nameOf, digits }: Drawing): string {
  const { node, name, formula } = box;
  if (node === undefined) return textLatex(name);
  const known = nameOf(node) !== undefined;
  if (formula === undefined) return math(nameLatex(name));
  // Nodes of loops' bodies have names of their own, which the graph's formulas do not know.
  const body = known
    ? toLatex(node, { names: namesBelow(node.args, nameOf), digits, share: false })
    : `\\text{${escapeLatex(formula)}}`;
  return math(`${nameLatex(name)} = ${body}`);
}

/** A line below the name. */
export function lineLatex({ role, text, number, ratio }: Line): string {
  if (role === "value") return math(numberLatexOf(text));
  if (role !== "adjoint" || ratio === undefined) return textLatex(text);
  const [y, x] = ratio;
  const left = `\\partial ${nameLatex(y)}/\\partial ${nameLatex(x)}`;
  if (number === undefined) return math(`${left}\\text{: no path}`);
  return math(`${left} = ${numberLatexOf(number)}`);
}

/** A written number, or a list of numbers in brackets. */
function numberLatexOf(text: string): string {
  if (text.startsWith("[")) return `\\text{${escapeLatex(text)}}`;
  return decimalLatex(text);
}

/** Local derivatives of an edge: `c = -2`. */
export function localLatex({ steps }: Edge, drawing: Drawing): string | undefined {
  const texts = steps.flatMap((step) => stepLatex(step, drawing) ?? []);
  return texts.length === 0 ? undefined : math([...new Set(texts)].join(";\\ "));
}

function stepLatex({ local, value }: ChainStep, drawing: Drawing): string | undefined {
  if (local === undefined) return undefined;
  const { nameOf, digits, valued, numberText } = drawing;
  const symbol = toLatex(local, { names: namesBelow([local], nameOf), digits, share: false });
  if (!valued || value === undefined) return symbol;
  const number = decimalLatex(numberText(value));
  return symbol === number ? symbol : `${symbol} = ${number}`;
}

/** What comes back along an edge, with its sign. */
export function backLatex({ back }: Edge): string | undefined {
  if (back === undefined) return undefined;
  return math(
    back
      .split("; ")
      .map((text) =>
        text.startsWith("+") ? `+${numberLatexOf(text.slice(1))}` : numberLatexOf(text),
      )
      .join(";\\ "),
  );
}
