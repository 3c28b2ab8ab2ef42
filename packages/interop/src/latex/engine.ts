import { ArgumentError } from "@chainrule/core";
import type { MathJson } from "./mathJson.ts";

/** Reads LaTeX into MathJSON. */
export type Reader = (latex: string) => MathJson | null;

let loaded: Promise<Reader> | undefined;

/**
 * The reader of `@cortex-js/compute-engine`, loaded when it is first needed.
 *
 * Throws ArgumentError if the package is not installed.
 */
export function reader(): Promise<Reader> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Reader> {
  const { LatexSyntax } = await import("@cortex-js/compute-engine/latex-syntax").catch(
    (cause: unknown) => {
      loaded = undefined;
      throw new ArgumentError(
        "fromLatex: the package @cortex-js/compute-engine must be installed, got none",
        { cause },
      );
    },
  );
  const syntax = new LatexSyntax({ preserveLatex: true });
  return (latex) => syntax.parse(latex) as MathJson | null;
}
