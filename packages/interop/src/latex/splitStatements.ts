import { ParseError } from "@chainrule/core/parse";
import { commandAt } from "./readName.ts";

/** A stretch of the text. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Formulas of a text: what stands between the signs of equality of each. */
export interface Statements {
  /** The text with signs that mean nothing here blanked out; places stay the same. */
  readonly clean: string;
  readonly statements: readonly (readonly Range[])[];
}

/** Environments whose lines are formulas of their own; all others, such as matrices, are kept. */
const displays: ReadonlySet<string> = new Set(
  ["align", "alignat", "aligned", "displaymath", "eqnarray", "equation", "flalign", "gather"]
    .concat(["gathered", "math", "multline", "split"])
    .flatMap((name) => [name, `${name}*`]),
);

/** Brackets inside of each other: the library that reads them recurses. */
const DEEPEST = 200;

/** What a line begins with that belongs to the one before. */
const sign = /^\s*(?:[+*/-]|\\(?:times|cdot|ast|pm|mp|div)(?![a-zA-Z]))/;

/** Words between formulas, with braces in them at most once. */
const remark = /\\(?:(text|mbox)|intertext|shortintertext)\s*\{((?:[^{}]|\{[^{}]*\})*)\}/y;

/** `\text{(chain rule)}` beside a formula, where `\text{target}` is a name in one. */
function isRemark(text: string): boolean {
  return /[().,:;[\]]|^\s*$/.test(text) || conjunctions.test(text);
}

const conjunctions = /^\s*(?:and|by|for|hence|if|or|so|thus|where|with)(?:\s|$)/;

/** A text as statements, `left = right = right`, separated by `\\`, `;`, `,` or gaps. */
export function splitStatements(latex: string): Statements {
  const splitter = new Splitter(latex);
  splitter.run();
  return { clean: splitter.clean.join(""), statements: splitter.statements() };
}

class Splitter {
  readonly clean: string[];
  readonly #latex: string;
  /** Ends of statements, and signs of equality in between. */
  readonly #cuts: { readonly from: number; readonly to: number; readonly equals: boolean }[] = [];
  readonly #open: number[] = [];
  /** Environments around whose lines mean something, such as matrices and cases. */
  #lines = 0;

  constructor(latex: string) {
    this.#latex = latex;
    this.clean = latex.split("");
  }

  run(): void {
    const latex = this.#latex;
    for (let at = 0; at < latex.length; ) at += this.#step(at);
    const open = this.#open.at(-1);
    if (open !== undefined) {
      throw new ParseError(latex, open, "what is opened here must be closed, got the end");
    }
  }

  /** Looks at what stands at a place, and gives its length. */
  #step(at: number): number {
    const latex = this.#latex;
    const rest = latex.slice(at, at + 80);
    if (rest.startsWith("%")) {
      let end = at;
      while (end < latex.length && !/[\r\n]/.test(latex[end] as string)) end++;
      return this.#blank(at, end - at);
    }
    const nothing =
      /^(?:\$\$?|\\(?:left|right)\s*\.|\\[[\]()]|\\(?:label|tag\*?)\s*\{[^{}]*\})/.exec(rest);
    if (nothing !== null) return this.#blank(at, nothing[0].length);
    const environment = /^\\(begin|end)\s*\{([a-zA-Z*]+)\}(?:\{\d+\})?/.exec(rest);
    if (environment !== null) {
      const [whole, kind, name = ""] = environment;
      if (displays.has(name)) return this.#blank(at, whole.length);
      this.#lines += kind === "begin" ? 1 : -1;
      return this.#bracket(at, whole.length, kind === "begin");
    }
    if (latex.startsWith("\\\\", at)) {
      const length = /^\\\\(?:\s*\[[\d.]+\s*[a-z]{2}\])?/.exec(rest)?.[0].length ?? 2;
      if (this.#open.length === 0) return this.#cut(at, length, false);
      if (this.#lines === 0) return this.#blank(at, length);
      // The space between two lines of a matrix means nothing.
      return 2 + this.#blank(at + 2, length - 2);
    }
    if (/^[{([]/.test(rest)) return this.#bracket(at, 1, true);
    if (/^[)\]}]/.test(rest)) return this.#bracket(at, 1, false);
    if (this.#open.length > 0) {
      return rest.startsWith("&") && this.#lines === 0 ? this.#blank(at, 1) : this.#skip(at, rest);
    }
    remark.lastIndex = at;
    const said = remark.exec(latex);
    if (said !== null && (said[1] === undefined || isRemark(said[2] as string))) {
      return this.#cut(at, said[0].length, false);
    }
    const gap = /^(?:[;,]|\\q?quad(?![a-zA-Z]))/.exec(rest);
    if (gap !== null) return this.#cut(at, gap[0].length, false);
    const equals = /^(?::?=|\\coloneqq|\\approx(?![a-zA-Z]))/.exec(rest);
    if (equals !== null && !/[<>!]/.test(latex[at - 1] ?? "")) {
      return this.#cut(at, equals[0].length, true);
    }
    if (latex[at] === "&") return this.#blank(at, 1);
    return this.#skip(at, rest);
  }

  #skip(at: number, rest: string): number {
    const command = commandAt(this.#latex, at);
    if (command !== undefined) return command.length + 1;
    return rest.startsWith("\\") ? 2 : 1;
  }

  #bracket(at: number, length: number, opens: boolean): number {
    if (opens) {
      this.#open.push(at);
      if (this.#open.length > DEEPEST) {
        throw new ParseError(
          this.#latex,
          at,
          `brackets must be at most ${DEEPEST} deep, got ${DEEPEST + 1}`,
        );
      }
    } else if (this.#open.pop() === undefined) {
      const got = this.#latex.slice(at, at + length);
      throw new ParseError(
        this.#latex,
        at,
        `what is closed here must be opened before, got "${got}"`,
      );
    }
    return length;
  }

  #blank(at: number, length: number): number {
    this.clean.fill(" ", at, at + length);
    return length;
  }

  #cut(from: number, length: number, equals: boolean): number {
    this.#cuts.push({ from, to: from + length, equals });
    return this.#blank(from, length);
  }

  /** A line that begins with `=`, or with a sign after a line, belongs to the one before. */
  statements(): readonly (readonly Range[])[] {
    const clean = this.clean.join("");
    const out: Range[][] = [];
    let parts: Range[] = [];
    let from = 0;
    const close = (): void => {
      const filled = parts.filter((part) => !isEmpty(clean, part));
      const before = out.at(-1);
      const [first] = parts;
      parts = [];
      if (first === undefined || filled.length === 0) return;
      const continues = isEmpty(clean, first) || sign.test(clean.slice(first.from, first.to));
      if (before === undefined || !continues) out.push(filled);
      else if (isEmpty(clean, first)) before.push(...filled);
      else before[before.length - 1] = { from: before.at(-1)?.from ?? 0, to: first.to };
    };
    for (const cut of [...this.#cuts, { from: clean.length, to: clean.length, equals: false }]) {
      const end = cut.from;
      parts.push({ from, to: end });
      from = cut.to;
      if (!cut.equals) close();
    }
    return out.map((ranges) => ranges.map((range) => trimmed(clean, range)));
  }
}

function isEmpty(text: string, { from, to }: Range): boolean {
  return /^[\s.]*$/.test(text.slice(from, to));
}

/** Without gaps around, and the full stop that ends a sentence. */
function trimmed(text: string, { from, to }: Range): Range {
  const inside = text.slice(from, to);
  const end = /[\s.]*$/.exec(inside)?.index ?? 0;
  const start = /^\s*/.exec(inside.slice(0, end))?.[0].length ?? 0;
  return { from: from + start, to: from + end };
}
