const SPECIAL: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\textquotedbl{}",
  "`": "\\textquoteleft{}",
  "'": "\\textquoteright{}",
  "-": "{-}",
  "\n": " ",
  "\r": " ",
  "\t": " ",
};

/** Scripts that the fonts of TeX and KaTeX have, in text mode. */
const KNOWN = /[ -~À-ÿĀ-ſͰ-ϿЀ-ӿ一-鿿぀-ヿ가-힯]/u;

/** Text for `\text{…}`: every character that LaTeX reads as a command is escaped. */
export function escapeLatex(text: string): string {
  let out = "";
  for (const character of text) {
    const special = SPECIAL[character];
    if (special !== undefined) out += special;
    else if (/[_#%&${}]/.test(character)) out += `\\${character}`;
    else if (KNOWN.test(character)) out += character;
    else out += `U+${(character.codePointAt(0) as number).toString(16).toUpperCase()}`;
  }
  return out;
}
