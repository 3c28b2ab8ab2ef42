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
  }),
);

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
