import { composeScalar } from "./compose.ts";
import type { Derivation } from "./derivation.ts";
import type { Document } from "./document.ts";
import { composeMatrix } from "./matrix/composeMatrix.ts";
import { type HtmlOptions, printHtml } from "./printHtml.ts";
import { type LatexDocumentOptions, printLatex } from "./printLatex.ts";
import { printMarkdown } from "./printMarkdown.ts";
import { printPlain } from "./printPlain.ts";

/** The worked solution as blocks of words and formulas, for printers of one's own. */
export function derivationDocument(derivation: Derivation): Document {
  return derivation.kind === "scalar" ? composeScalar(derivation) : composeMatrix(derivation);
}

/** The worked solution as plain text. */
export function derivationText(derivation: Derivation): string {
  return printPlain(derivationDocument(derivation));
}

/** The worked solution as Markdown with LaTeX formulas. */
export function derivationMarkdown(derivation: Derivation): string {
  return printMarkdown(derivationDocument(derivation));
}

/** The worked solution as a LaTeX document, or as a part for `\input`; only amsmath is needed. */
export function derivationLatex(
  derivation: Derivation,
  options: LatexDocumentOptions = {},
): string {
  return printLatex(derivationDocument(derivation), options);
}

/** The worked solution as a page, or a part of one, with MathML formulas. */
export function derivationHtml(derivation: Derivation, options: HtmlOptions = {}): string {
  return printHtml(derivationDocument(derivation), options);
}
