import { type Palette, paletteOf, type Theme } from "../svg/palette.ts";
import { FONTS } from "../svg/svgStyle.ts";

/** A picture wider than the window is shrunk so far, and scrolled beyond. */
const SMALLEST = 0.7;

/** The style sheet of a page around pictures that know their width. Nothing moves for who asks for that. */
export function pageStyle(theme: Theme, greyscale: boolean): string {
  const rules = [
    `body{margin:1.5rem;font:16px/1.45 ${FONTS};${colours(paletteOf(theme, greyscale))}}`,
    "body{background:var(--page);color:var(--ink)}",
    "h1{font-size:1.25rem;font-weight:normal;margin:0 0 .25rem}",
    "p{margin:0 0 1rem;color:var(--faint)}",
    ".view{display:flex;flex-wrap:wrap;gap:0 2rem;align-items:flex-start}.view[hidden]{display:none}",
    ".pictures{flex:1 1 var(--width);min-width:0}.picture{overflow-x:auto}",
    `.picture svg{max-width:100%;min-width:calc(${SMALLEST}*var(--width));height:auto}`,
    ".tables{flex:0 0 auto;max-width:100%;overflow-x:auto}",
    "table{border-collapse:collapse;font-size:.875rem;margin:0 0 1.5rem}",
    "caption{text-align:start;color:var(--faint);padding:.25rem .5rem}",
    "th,td{text-align:start;font-weight:normal;padding:.2rem .5rem;border-top:1px solid var(--line)}",
    "th,td{overflow-wrap:break-word;max-width:24rem}",
    "thead th{color:var(--faint);border-top:0}",
    ".inside{margin:.75rem 0 0;padding:.5rem .75rem;border:1px solid var(--line);border-radius:8px}",
    "summary{cursor:pointer;color:var(--faint)}.inside[open]>.pictures{margin:.5rem 0}",
    "button{font:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:5px;padding:.3rem .8rem}",
    "[data-opens],[data-folds]{cursor:pointer}",
    "[data-opens][aria-expanded=true] .shape{stroke-width:2.4}",
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
