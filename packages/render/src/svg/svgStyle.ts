import { type Palette, paletteOf, type Theme } from "./palette.ts";

/** Fonts as wide as the one that was measured, or narrower. */
export const FONTS = "DejaVu Sans, Verdana, Bitstream Vera Sans, sans-serif";

/**
 * The style sheet of a picture. Colours stand as attributes, for programs that read no style sheets;
 * for dark screens they are replaced here. Rules name the picture by a selector, since a page may hold
 * several.
 */
export function svgStyle(scope: string, theme: Theme, greyscale: boolean): string {
  const rules = [`${scope} .box:focus{outline:none}`, `${scope} .box:focus .shape{stroke-width:3}`];
  if (theme === "auto") {
    const dark = colours(scope, paletteOf("dark", greyscale)).join("");
    rules.push(`@media (prefers-color-scheme:dark){${dark}}`);
  }
  return rules.join("");
}

function colours(scope: string, p: Palette): string[] {
  return [
    `${scope} .page{fill:${p.page}}`,
    `${scope} .frame{fill:${p.frame};stroke:${p.faint}}`,
    `${scope} text{fill:${p.ink}}`,
    `${scope} text.faint{fill:${p.faint}}`,
    `${scope} text.value{fill:${p.value}}`,
    `${scope} text.adjoint{fill:${p.adjoint}}`,
    `${scope} .halo{stroke:${p.page}}`,
    `${scope} .input .shape{fill:${p.input};stroke:${p.line}}`,
    `${scope} .constant .shape{fill:${p.constant};stroke:${p.line}}`,
    `${scope} .operation .shape{fill:${p.operation};stroke:${p.line}}`,
    `${scope} .scope .shape{fill:${p.scope};stroke:${p.line}}`,
    `${scope} .output .shape{fill:${p.output}}`,
    `${scope} .forward{stroke:${p.line}}`,
    `${scope} .backward{stroke:${p.adjoint}}`,
    `${scope} .forward-tip{fill:${p.line}}`,
    `${scope} .backward-tip{fill:${p.adjoint}}`,
  ];
}
