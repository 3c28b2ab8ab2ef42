import { ParseError } from "@chainrule/core/parse";
import { accents, fonts, greekLetters } from "./greekLetters.ts";

/** A name in LaTeX, and where it stands. */
export interface LatexName {
  /** As texts write it: `w_1`, `sum_h1`, `y_hat_i`, `w_5'`. */
  readonly name: string;
  /** Written as `\operatorname{…}`, so it is a function wherever parentheses follow. */
  readonly operator: boolean;
  readonly start: number;
  readonly end: number;
}

/** Words in `\text{…}` between the parts of cases, which are no names. */
const words: ReadonlySet<string> = new Set(["if", "otherwise", "for", "when", "else", "and"]);

/** The name that begins at `start`, if one does: a letter or a word, its index, its primes. */
export function readName(latex: string, start: number): LatexName | undefined {
  const base = readBase(latex, start);
  if (base === undefined) return undefined;
  let { name, end } = base;
  const index = /^\s*_\s*/.exec(latex.slice(end, end + 20));
  if (index !== null) {
    const at = end + index[0].length;
    const below = readIndex(latex, at);
    name = `${name}_${below.name}`;
    end = below.end;
  }
  const primes = /^(?:'+|\^\s*\{\s*(?:\\prime\s*)+\}|\^\s*\\prime)/.exec(
    latex.slice(end, end + 60),
  );
  if (primes !== null) {
    name += "'".repeat(primes[0].match(/'|\\prime/g)?.length ?? 0);
    end += primes[0].length;
  }
  return { name, operator: base.operator, start, end };
}

interface Base {
  readonly name: string;
  readonly operator: boolean;
  readonly end: number;
}

function readBase(latex: string, start: number): Base | undefined {
  const letter = /^\p{L}\p{M}*/u.exec(latex.slice(start, start + 8))?.[0];
  if (letter !== undefined) return { name: letter, operator: false, end: start + letter.length };
  const command = commandAt(latex, start);
  if (command === undefined) return undefined;
  const after = start + command.length + 1;
  const greek = Object.hasOwn(greekLetters, command) ? greekLetters[command] : undefined;
  if (greek !== undefined) return { name: greek, operator: false, end: after };
  if (accents.has(command)) {
    const inner = group(latex, after);
    const name = readWhole(latex, inner);
    return {
      name: `${name}_${command === "overline" ? "bar" : command}`,
      operator: false,
      end: inner.end,
    };
  }
  const operator = command === "operatorname";
  if (!operator && !fonts.has(command)) return undefined;
  const inner = group(latex, after);
  const content = latex.slice(inner.from, inner.to);
  if (words.has(content.trim())) return undefined;
  if (/^\s*\\/.test(content) && !/\\[_&%$#]/.test(content)) {
    return { name: readWhole(latex, inner), operator, end: inner.end };
  }
  const name = content
    .trim()
    .replace(/\\_/g, "_")
    .replace(/\\,|\s+/g, "");
  if (!/^\p{L}[\p{L}\p{M}\p{N}_]*'*$/u.test(name)) {
    throw new ParseError(
      latex,
      inner.from,
      `a name must be of letters and digits, got "${content}"`,
    );
  }
  return { name, operator, end: inner.end };
}

/** A name that fills its braces, such as the letter under a hat. */
function readWhole(latex: string, { from, to }: Group): string {
  const content = latex.slice(from, to);
  const inner = readName(content.trim(), 0);
  if (inner === undefined || inner.end !== content.trim().length) {
    throw new ParseError(latex, from, `one name must stand here, got "${content}"`);
  }
  return inner.name;
}

/** An index as part of a name: `1`, `{h1}`, `{1,2}`, `{\mathrm{out},1}`. */
function readIndex(latex: string, at: number): { readonly name: string; readonly end: number } {
  const single = /^[\p{L}\p{N}]/u.exec(latex.slice(at, at + 2))?.[0];
  if (single !== undefined) return { name: single, end: at + single.length };
  const command = commandAt(latex, at);
  const isGroup = latex[at] === "{";
  if (!isGroup && command === undefined) {
    throw new ParseError(latex, at, `an index must follow "_", got "${latex[at] ?? "the end"}"`);
  }
  const { from, to, end } = isGroup
    ? group(latex, at)
    : { from: at, to: readName(latex, at)?.end ?? at, end: readName(latex, at)?.end ?? at };
  const parts: string[] = [];
  let part = "";
  for (let i = from; i < to; ) {
    const letters = /^[\p{L}\p{N}]+/u.exec(latex.slice(i, to))?.[0];
    const gap = /^(?:\s|\\,|\\;|\\!)+/.exec(latex.slice(i, to))?.[0];
    if (letters !== undefined) {
      part += letters;
      i += letters.length;
    } else if (latex[i] === "," || latex.startsWith("\\_", i) || latex[i] === "_") {
      if (part !== "") parts.push(part);
      part = "";
      i += latex[i] === "\\" ? 2 : 1;
    } else if (gap !== undefined) i += gap.length;
    else {
      const inner = readName(latex.slice(0, to), i);
      if (inner === undefined) {
        throw new ParseError(
          latex,
          i,
          `an index must be a name or a number, got "${latex.slice(i, to)}"`,
        );
      }
      part += inner.name;
      i = inner.end;
    }
  }
  if (part !== "") parts.push(part);
  if (parts.length === 0) throw new ParseError(latex, from, "an index must not be empty");
  return { name: parts.join("_"), end };
}

interface Group {
  readonly from: number;
  readonly to: number;
  readonly end: number;
}

/** What the braces after a command hold, or the one letter that stands without. */
function group(latex: string, at: number): Group {
  let from = at;
  while (/\s|\*/.test(latex[from] ?? "")) from++;
  if (latex[from] !== "{") {
    const one = commandAt(latex, from);
    const end = from + (one === undefined ? 1 : one.length + 1);
    return { from, to: end, end };
  }
  let depth = 0;
  for (let i = from; i < latex.length; i++) {
    if (latex[i] === "\\") i++;
    else if (latex[i] === "{") depth++;
    else if (latex[i] === "}" && --depth === 0) return { from: from + 1, to: i, end: i + 1 };
  }
  throw new ParseError(latex, from, 'this "{" must be closed by "}", got the end');
}

/** The letters of the command at a place. */
export function commandAt(latex: string, at: number): string | undefined {
  if (latex[at] !== "\\") return undefined;
  return /^\\([a-zA-Z]+)/.exec(latex.slice(at, at + 40))?.[1];
}
