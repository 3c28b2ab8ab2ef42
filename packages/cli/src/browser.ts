/// <reference lib="dom" />
/**
 * Everything for pages and notebooks at one address, without a build step:
 * `<script type="module">import { parse, graphElement } from ".../browser.js"</script>`.
 *
 * What is published is one file with all it needs inside. Networks stand under `nn` and loops under
 * `control`, since some of their names are also those of functions.
 */
import type { Expr, Program } from "@chainrule/core";
import { type LatexOptions, type SvgOptions, toMathml, toSvg } from "@chainrule/render";

export { compile, compileAsync, exportModule, toC } from "@chainrule/compile";
export type { Interval } from "@chainrule/core";
export * from "@chainrule/core";
export * as control from "@chainrule/core/control";
export * from "@chainrule/core/conv";
export * from "@chainrule/core/json";
export * from "@chainrule/core/linear";
export * from "@chainrule/core/parse";
export * from "@chainrule/core/random";
export * from "@chainrule/core/rewrite";
export * from "@chainrule/core/sparse";
export * as nn from "@chainrule/nn";
export * from "@chainrule/render";

/** A graph as an element, to be put into a page or to end a cell of Observable. Throws like `toSvg`. */
export function graphElement(target: Expr | Program, options: SvgOptions = {}): Element {
  return elementOf(toSvg(target, options), "image/svg+xml");
}

/** An expression as an element of mathematics. */
export function formulaElement(
  expr: Expr,
  options: LatexOptions & { readonly display?: boolean } = {},
): Element {
  return elementOf(toMathml(expr, options), "application/xml");
}

function elementOf(markup: string, type: DOMParserSupportedType): Element {
  if (typeof DOMParser === "undefined") {
    throw new Error("an element needs a page to stand in; use toSvg and toMathml elsewhere");
  }
  return document.importNode(new DOMParser().parseFromString(markup, type).documentElement, true);
}
