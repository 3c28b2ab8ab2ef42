import { type Palette, paletteOf, type Theme } from "../svg/palette.ts";
import { FONTS } from "../svg/svgStyle.ts";

/** A picture wider than the window is shrunk so far, and scrolled beyond. */
const SMALLEST = 0.7;

/** The style sheet of a page around a picture of this width. Nothing moves for who asks for that. */
export function pageStyle(theme: Theme, greyscale: boolean, width: number): string {
  const rules = [
    `body{margin:1.5rem;font:16px/1.45 ${FONTS};${colours(paletteOf(theme, greyscale))}}`,
    "body{background:var(--page);color:var(--ink)}",
    "h1{font-size:1.25rem;font-weight:normal;margin:0 0 .25rem}",
    "p{margin:0 0 1rem;color:var(--faint)}",
    "main{display:flex;flex-wrap:wrap;gap:2rem;align-items:flex-start}",
    `.picture{flex:3 1 ${Math.round(width)}px;min-width:0;overflow-x:auto}`,
    `.picture svg{max-width:100%;min-width:${Math.round(SMALLEST * width)}px;height:auto}`,
    ".tables{flex:1 1 20rem;min-width:0;overflow-x:auto}",
    "table{border-collapse:collapse;font-size:.875rem;margin:0 0 1.5rem}",
    "caption{text-align:start;color:var(--faint);padding:.25rem .5rem}",
    "th,td{text-align:start;font-weight:normal;padding:.2rem .5rem;border-top:1px solid var(--line)}",
    "th,td{overflow-wrap:break-word}",
    "thead th{color:var(--faint);border-top:0}",
    ".box.near .shape{stroke-width:2.4}",
    "@media (prefers-reduced-motion:no-preference){.shape{transition:stroke-width .15s}}",
  ];
  if (theme === "auto") {
    const dark = colours(paletteOf("dark", greyscale));
    rules.push(`:root{color-scheme:light dark}@media (prefers-color-scheme:dark){body{${dark}}}`);
  }
  return rules.join("\n");
}

function colours({ page, ink, faint, line }: Palette): string {
  return `--page:${page};--ink:${ink};--faint:${faint};--line:${line}`;
}
