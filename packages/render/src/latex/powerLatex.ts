import { precedence } from "@chainrule/core";
import { begins, following, group, type LatexPiece, piece } from "./latexPiece.ts";

/** Functions whose power is written on the name, `\sin^{2}(x)`. */
const POWER_ON_NAME: ReadonlySet<string> = new Set([
  "\\sin",
  "\\cos",
  "\\tan",
  "\\sinh",
  "\\cosh",
  "\\tanh",
]);

/** `a^{b}`; a negative or compound base in parentheses, so is a function whose name bears no power. */
export function powerPiece(a: LatexPiece, b: LatexPiece): LatexPiece {
  const raised = shortFraction(b);
  const tall = a.tall || b.tall;
  const shape = { binds: precedence.power, tall } as const;
  if (a.call !== undefined && POWER_ON_NAME.has(a.call.name) && wholePositive(b)) {
    const { name, operand } = a.call;
    return piece(`${name}^{${raised}}${operand}`, name, shape);
  }
  // `f(x)^2` could be read as the function of a square.
  const grouped = a.call !== undefined || begins(a, "\\frac{", "\\begin{", "\\operatorname{");
  const base = grouped ? group(a) : following(a, precedence.atom);
  return piece(`${base.latex}^{${raised}}`, base.head, { ...shape, first: base.first });
}

/** `\sin^{-1}` would read as the inverse function. */
function wholePositive(exponent: LatexPiece): boolean {
  return exponent.first === "numeral" && exponent.latex.length <= 4 && /^\d+$/.test(exponent.latex);
}

/** In an exponent a short fraction stays in the line: `x^{1/2}`. */
export function shortFraction({ fraction, latex }: LatexPiece): string {
  return fraction ?? latex;
}
