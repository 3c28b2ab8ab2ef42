import { escapeLatex } from "./escapeLatex.ts";
import { GREEK } from "./greek.ts";

const GREEK_WORDS: ReadonlySet<string> = new Set([
  ...Object.values(GREEK),
  "epsilon",
  "phi",
  "vartheta",
  "varrho",
  "varsigma",
  "varpi",
]);

/** Base, index and primes of a name: `w1`, `w_1`, `sum_h1`, `x_1_2`, `w5'`. */
const NAME = /^([^_'\d][^_']*?)(?:_?(\d+)|_([^']+))?('*)$/u;

/**
 * A name as mathematics: `w_{1}`, `\mathit{sum}_{h1}`, `\alpha`, `x_{1,2}`.
 *
 * Anything else is text with every special character escaped: no name becomes markup.
 */
export function nameLatex(name: string): string {
  const found = NAME.exec(name);
  if (found === null) return `\\text{${escapeLatex(name)}}`;
  const [, base = "", digits, index, primes = ""] = found;
  const below = digits ?? index;
  return `${word(base, "mathit")}${below === undefined ? "" : `_{${indexLatex(below)}}`}${primes}`;
}

function indexLatex(index: string): string {
  return index
    .split("_")
    .map((part) => (/^[a-zA-Z]?\d*$/.test(part) ? part : word(part, "mathrm")))
    .join(",");
}

function word(text: string, font: "mathit" | "mathrm"): string {
  const greek = Object.hasOwn(GREEK, text) ? GREEK[text] : undefined;
  if (greek !== undefined) return `\\${greek}`;
  if (GREEK_WORDS.has(text)) return `\\${text}`;
  if (/^[a-zA-Z]$/.test(text)) return text;
  if (/^[a-zA-Z][a-zA-Z0-9]*$/.test(text)) return `\\${font}{${text}}`;
  return `\\text{${escapeLatex(text)}}`;
}
