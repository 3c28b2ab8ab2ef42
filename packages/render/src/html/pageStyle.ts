import { type Palette, paletteOf, type Theme } from "../svg/palette.ts";
import { FONTS } from "../svg/svgStyle.ts";

/** The style sheet of a page around its picture. Nothing moves for readers who ask for that. */
export function pageStyle(theme: Theme, greyscale: boolean): string {
  const rules = [
    `body{margin:1.5rem;font:16px/1.45 ${FONTS};${colours(paletteOf(theme, greyscale))}}`,
    "body{background:var(--page);color:var(--ink)}",
    "h1{font-size:1.25rem;font-weight:normal;margin:0 0 .25rem}",
    "p{margin:0 0 1rem;color:var(--faint)}",
    "main{display:flex;flex-wrap:wrap;gap:2rem;align-items:flex-start}",
    ".picture{flex:3 1 40rem;min-width:0;overflow-x:auto}",
    ".picture svg{max-width:100%;height:auto}",
    ".tables{flex:1 1 20rem;min-width:0;overflow-x:auto}",
    "table{border-collapse:collapse;font-size:.875rem;margin:0 0 1.5rem}",
    "caption{text-align:start;color:var(--faint);padding:.25rem .5rem}",
    "th,td{text-align:start;font-weight:normal;padding:.2rem .5rem;border-top:1px solid var(--line)}",
    "th,td{overflow-wrap:anywhere}",
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
