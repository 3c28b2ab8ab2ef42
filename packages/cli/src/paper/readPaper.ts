import { UsageError } from "../usageError.ts";
import { type Expanded, type Macro, macrosOf } from "./macros.ts";
import { problemAt } from "./problemAt.ts";

/** A comment `% chainrule: …` of a paper. */
export interface Mark {
  readonly kind: "model" | "claim" | "figure" | "derivation";
  /** The model it belongs to. */
  readonly model: string;
  /** Words `name=value` behind it. */
  readonly options: Readonly<Record<string, string>>;
  /** Counted from 1. */
  readonly line: number;
  /** The formula of a model or claim; what is to be replaced, of a figure or derivation. */
  readonly from: number;
  readonly to: number;
}

/** What a paper says to chainrule. */
export interface Paper {
  readonly path: string;
  readonly text: string;
  readonly marks: readonly Mark[];
  readonly macros: ReadonlyMap<string, Macro>;
}

const comment = /(?<=^|[\r\n])[ \t]*%+[ \t]*chainrule:[ \t]*([^\r\n]*)/gi;
const kinds = ["model", "claim", "figure", "derivation"] as const;
const environments =
  "align|alignat|displaymath|eqnarray|equation|flalign|gather|math|multline".split("|");
const opening = new RegExp(
  `(?<!\\\\)(?:\\\\\\[|\\\\\\(|\\$\\$?|\\\\begin\\{((?:${environments.join("|")})\\*?)\\})|(?<!\\\\)%[^\\r\\n]*`,
  "g",
);

/** The marks of a paper. Throws UsageError with path and line. */
export function readPaper(path: string, text: string): Paper {
  const found = [...text.matchAll(comment)];
  const marks: Mark[] = [];
  let model = "";
  for (let i = 0; i < found.length; i++) {
    const match = found[i] as RegExpExecArray;
    const line = lineAt(text, match.index);
    const [kind = "", ...words] = (match[1] as string).trim().split(/\s+/);
    const where = `${path}:${line}`;
    const known = kinds.find((one) => one === kind.toLowerCase());
    if (known === undefined) {
      const got = kind.toLowerCase() === "end" ? "an end without a beginning" : `"${kind}"`;
      throw new UsageError(`${where}: a mark must be ${kinds.join(", ")}, or end, got ${got}`);
    }
    const { names, options } = readWords(where, words);
    if (known === "model" || names[0] !== undefined) model = names[0] ?? model;
    const start = match.index + match[0].length;
    const next = found[i + 1];
    const range =
      known === "model" || known === "claim"
        ? formulaAfter(path, line, text, start, next?.index ?? text.length)
        : regionAfter(where, text, start, next);
    if (known === "figure" || known === "derivation") i++;
    marks.push({ kind: known, model, options, line, ...range });
  }
  return { path, text, marks, macros: macrosOf(text) };
}

interface Words {
  readonly names: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

function readWords(where: string, words: readonly string[]): Words {
  const names: string[] = [];
  const options: Record<string, string> = Object.create(null);
  for (const word of words) {
    const at = word.indexOf("=");
    if (at > 0) options[word.slice(0, at)] = word.slice(at + 1);
    else names.push(word);
  }
  if (names.length > 1) {
    throw new UsageError(
      `${where}: words behind a mark must be the name of a model and name=value, got "${names[1]}"`,
    );
  }
  return { names, options };
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The inside of the next formula. */
function formulaAfter(path: string, line: number, text: string, start: number, end: number): Range {
  opening.lastIndex = start;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    if (found.index >= end) break;
    if (found[0].startsWith("%")) continue;
    const from = found.index + found[0].length;
    const close = closingOf(found[0], found[1]);
    const to = outsideComments(text, close, from, end);
    if (to !== undefined) return { from, to };
    const got = end === text.length ? "the end of the file" : "the next mark";
    throw problemAt(
      path,
      text,
      found.index,
      `what is opened here must be closed by "${close}", got ${got}`,
    );
  }
  throw new UsageError(
    `${path}:${line}: a formula must follow the mark, got none before ${end === text.length ? "the end of the file" : "the next"}`,
  );
}

/** Where a sign stands before `end`, if it does. */
function outsideComments(
  text: string,
  sign: string,
  from: number,
  end: number,
): number | undefined {
  for (let at = from; at < end; at++) {
    if (text.startsWith(sign, at)) return at;
    if (text[at] === "\\") at++;
    else if (text[at] === "%") {
      const rest = /[\r\n]/g;
      rest.lastIndex = at;
      at = rest.exec(text)?.index ?? end;
    }
  }
  return undefined;
}

function closingOf(open: string, environment: string | undefined): string {
  if (environment !== undefined) return `\\end{${environment}}`;
  return open === "\\[" ? "\\]" : open === "\\(" ? "\\)" : open;
}

/** The lines up to `% chainrule: end`. */
function regionAfter(
  where: string,
  text: string,
  start: number,
  next: RegExpExecArray | undefined,
): Range {
  if (next === undefined || !/^end\b/i.test(next[1] as string)) {
    throw new UsageError(
      `${where}: "% chainrule: end" must follow, got ${next?.[0].trim() ?? "the end of the file"}`,
    );
  }
  const line = /\r\n?|\n/g;
  line.lastIndex = start;
  line.exec(text);
  return { from: line.lastIndex, to: next.index };
}

/** The line of a place, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n?|\n/).length;
}

/** Some ranges of a text, each ended by a semicolon, where its closing sign stands. */
export function excerpt(text: string, ranges: readonly Range[]): Expanded {
  let out = "";
  const marks: { readonly out: number; readonly from: number }[] = [];
  for (const { from, to } of ranges) {
    marks.push({ out: out.length, from });
    out += `${text.slice(from, to)};`;
  }
  const sourceOf = (offset: number): number => {
    const mark = marks.findLast((one) => one.out <= offset);
    return mark === undefined ? 0 : mark.from + offset - mark.out;
  };
  return { text: out, sourceOf };
}
