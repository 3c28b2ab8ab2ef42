import temml from "temml";

/** How MathML is made. */
export interface MathmlOptions {
  /** A formula of its own line, with limits above and below. */
  readonly display?: boolean;
}

/**
 * LaTeX of this package as MathML for pages: well-formed XML, in which no name is markup.
 *
 * Throws an error of temml's for LaTeX that it cannot read.
 */
export function latexToMathml(latex: string, { display = false }: MathmlOptions = {}): string {
  return temml.renderToString(latex, {
    displayMode: display,
    xml: true,
    strict: false,
    trust: false,
    throwOnError: true,
    maxExpand: MOST_EXPANSIONS,
  });
}

/** Nothing of ours expands without end; a formula of many thousand terms expands often. */
const MOST_EXPANSIONS = 1_000_000;
