import { ParseError, textFunctions } from "@chainrule/core/parse";
import { commandAt, type LatexName, readName } from "./readName.ts";
import { type Gradient, type Ratio, readGradient, readRatio } from "./readRatio.ts";

/** What becomes a symbol. */
export type Protectable = LatexName | Ratio | Gradient;

/** LaTeX in which every name and derivative is one symbol that the library cannot read otherwise. */
export interface Protected {
  readonly latex: string;
  /** What the symbols stand for. */
  readonly symbols: ReadonlyMap<string, Protectable>;
  /** The place in the original of a place in `latex`. */
  readonly sourceOf: (offset: number) => number;
}

/**
 * Names as symbols of their own: the library reads `\delta_1` as Kronecker's, `\mathit{sum}` as a styled symbol and
 * `\gamma` as Euler's constant, where a formula of a network means names.
 */
export function protectNames(latex: string, from: number, to: number): Protected {
  const symbols = new Map<string, Protectable>();
  const marks: { readonly out: number; readonly source: number }[] = [];
  let out = "";
  const text = latex.slice(0, to);
  const put = (piece: string, source: number): void => {
    marks.push({ out: out.length, source });
    out += piece;
  };
  const protect = (item: Protectable): number => {
    const symbol = `nq${letters(symbols.size)}`;
    symbols.set(symbol, item);
    put(` \\operatorname{${symbol}}`, item.start);
    return item.end;
  };
  for (let at = from; at < to; ) {
    const ratio = readRatio(text, at) ?? readGradient(text, at);
    if (ratio !== undefined) {
      at = protect(ratio);
      continue;
    }
    const primed = primedFunction(text, at);
    if (primed !== undefined) {
      at = protect(primed);
      continue;
    }
    const passed = passedOver(text, at);
    if (passed !== undefined) {
      put(passed.as, at);
      at += passed.length;
      continue;
    }
    const name = readName(text, at);
    if (name !== undefined) {
      refuseWord(text, at);
      at = protect(name);
      continue;
    }
    put(text[at] as string, at);
    at++;
  }
  marks.push({ out: out.length, source: to });
  const sourceOf = (offset: number): number => {
    let [low, high] = [0, marks.length - 1];
    while (low < high) {
      const half = (low + high + 1) >> 1;
      if ((marks[half]?.out ?? 0) <= offset) low = half;
      else high = half - 1;
    }
    return marks[low]?.source ?? from;
  };
  return { latex: out, symbols, sourceOf };
}

/** `\tanh'`, which the library does not read. */
function primedFunction(text: string, start: number): LatexName | undefined {
  const [whole = "", word = "", primes = ""] =
    /^\\([a-zA-Z]+)('+)/.exec(text.slice(start, start + 60)) ?? [];
  if (!functionNames.has(word)) return undefined;
  return { name: `${word}${primes}`, operator: true, start, end: start + whole.length };
}

/** What the library reads itself: environments, functions with a command, transposes; gaps mean nothing. */
function passedOver(
  text: string,
  at: number,
): { readonly length: number; readonly as: string } | undefined {
  const rest = text.slice(at, at + 60);
  if (rest.startsWith("\\\\")) return { length: 2, as: "\\\\" };
  const gap =
    /^(?:\\[,;:! ]|\\q?quad(?![a-zA-Z])|~|\\displaystyle|\\textstyle|\\nonumber|\\notag)/.exec(
      rest,
    );
  if (gap !== null) return { length: gap[0].length, as: " " };
  if (rest.startsWith("{,}")) {
    throw new ParseError(
      text,
      at,
      'numbers must be written with a point and without gaps, got "{,}"',
    );
  }
  const transposed =
    /^\^\s*(?:\{\s*)?(?:T|\\top|\\intercal|\\mathsf\{T\}|\\mathrm\{T\})(?![a-zA-Z])(?:\s*\})?/.exec(
      rest,
    );
  if (transposed !== null) return { length: transposed[0].length, as: "^{\\top}" };
  const environment = /^\\(?:begin|end)\s*\{[a-zA-Z*]+\}/.exec(rest);
  if (environment !== null) return { length: environment[0].length, as: environment[0] };
  const command = commandAt(text, at);
  if (command === undefined) return undefined;
  // Without a base the logarithm of this field is the natural one.
  if (command === "log" && !/^\\log\s*_/.test(rest)) return { length: 4, as: "\\ln" };
  if (readName(text, at) !== undefined) return undefined;
  const words = /^\\text\s*\{[^{}]*\}/.exec(rest);
  if (words !== null) return { length: words[0].length, as: words[0] };
  return { length: command.length + 1, as: `\\${command}` };
}

const functionNames: ReadonlySet<string> = new Set(
  [...textFunctions].map(({ name }) => name).filter((name) => name.length > 2),
);

/** `sin(x)` without a backslash is s·i·n·(x) to TeX; nobody means that. */
function refuseWord(text: string, at: number): void {
  if (/[\p{L}\\]/u.test(text[at - 1] ?? "")) return;
  const word = /^([a-zA-Z][a-zA-Z0-9]+)\s*(?:\(|\\left)/.exec(text.slice(at, at + 30))?.[1];
  if (word === undefined || !functionNames.has(word)) return;
  throw new ParseError(
    text,
    at,
    `a function must be a command, \\${word} or \\operatorname{${word}}, got the product of the letters "${word}"`,
  );
}

/** 0, 1, 2, … in letters, since digits would be read as numbers. */
function letters(n: number): string {
  let out = "";
  for (let rest = n; ; rest = Math.floor(rest / 26) - 1) {
    out = String.fromCharCode(97 + (rest % 26)) + out;
    if (rest < 26) return out;
  }
}
