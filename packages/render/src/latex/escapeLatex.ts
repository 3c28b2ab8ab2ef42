import { GREEK } from "./greek.ts";

const SPECIAL: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "<": "\\textless{}",
    ">": "\\textgreater{}",
    "|": "\\textbar{}",
    "`": "\\textquoteleft{}",
    "'": "\\textquoteright{}",
    "-": "{-}",
    "\n": " ",
    "\r": " ",
    "\t": " ",
    "’": "\\textquoteright{}",
    "‘": "\\textquoteleft{}",
    "“": "\\textquotedblleft{}",
    "”": "\\textquotedblright{}",
    "–": "{--}",
    "…": "\\ldots{}",
    ...signs(),
  }),
);

/** Signs of mathematics within text. */
function signs(): Readonly<Record<string, string>> {
  const commands = {
    "−": "-",
    "±": "\\pm",
    "×": "\\times",
    "·": "\\cdot",
    "′": "'",
    "∂": "\\partial",
    "≤": "\\le",
    "≥": "\\ge",
    "≠": "\\ne",
    "≈": "\\approx",
    "∞": "\\infty",
    "→": "\\to",
    "²": "^{2}",
    "³": "^{3}",
  };
  const digits = Array.from("₀₁₂₃₄₅₆₇₈₉", (digit, i) => [digit, `$_{${i}}$`]);
  const entries = Object.entries(commands).map(([sign, command]) => [sign, `$${command}$`]);
  return Object.fromEntries([...entries, ...digits]);
}

/**
 * Letters that TeX and KaTeX take in text mode, found by trying them all in KaTeX: Latin, Cyrillic,
 * the scripts of India and Indochina, Chinese, Japanese, Korean.
 */
const KNOWN = /[ -~À-ÖØ-öø-ɏЀ-ӿऀ-ၿ぀-ヿ一-龯가-힣]/u;

/** Text for `\text{…}`: every character that LaTeX reads as a command is escaped. */
export function escapeLatex(text: string): string {
  let out = "";
  for (const character of text) {
    const special = SPECIAL.get(character);
    if (special !== undefined) out += special;
    else if (/[_#%&${}]/.test(character)) out += `\\${character}`;
    else if (Object.hasOwn(GREEK, character)) out += `$\\${GREEK[character]}$`;
    else if (KNOWN.test(character)) out += character;
    else out += `U+${(character.codePointAt(0) as number).toString(16).toUpperCase()}`;
  }
  return out;
}
