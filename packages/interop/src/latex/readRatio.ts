import { ParseError } from "@chainrule/core/parse";
import { readName } from "./readName.ts";

/** A derivative, `\frac{\partial L}{\partial b}`. */
export interface Ratio {
  readonly of: string;
  /** By what it is differentiated last. */
  readonly by: string;
  /** Of higher order: by what it is differentiated before, in this order. */
  readonly before?: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** The derivatives of a function by all that it takes, `\nabla f`. */
export interface Gradient {
  readonly gradient: string;
  readonly start: number;
  readonly end: number;
}

/** `∂L/∂b`, `∂²L/∂a∂b`, `∂²L/∂b²`. */
export function ratioText({ of, by, before = [] }: Omit<Ratio, "start" | "end">): string {
  const all = [...before, by].reverse();
  const order = superscript(all.length);
  const isPure = all.every((name) => name === by);
  return `∂${order}${of}/${isPure ? `∂${by}${order}` : all.map((name) => `∂${name}`).join("")}`;
}

function superscript(order: number): string {
  const digits = order === 1 ? "" : String(order);
  return [...digits].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
}

const D = "(?:\\\\partial(?![a-zA-Z])|\\\\mathrm\\s*\\{?\\s*d\\s*\\}?|\\\\operatorname\\{d\\}|d)";
const fraction = `\\\\[dtc]?frac\\s*\\{\\s*${D}`;

const gaps = "(?:\\s|\\\\[,;:!])*";
const power = "\\^\\s*(?:\\{\\s*([1-9])\\s*\\}|([1-9]))";

/** Where the two names of a derivative stand among its signs. */
const ratios: readonly (readonly (RegExp | "of" | "by")[])[] = [
  // \frac{\partial L}{\partial b}
  [sticky(`${fraction}\\s*`), "of", sticky(`\\s*\\}\\s*\\{\\s*${D}\\s*`), "by", /\s*\}/y],
  // \frac{\partial}{\partial b} L
  [sticky(`${fraction}\\s*\\}\\s*\\{\\s*${D}\\s*`), "by", /\s*\}(?:\s|\\[,;:!])*/y, "of"],
  // \partial L / \partial b
  [/\\partial(?![a-zA-Z])\s*/y, "of", /\s*\/\s*\\partial(?![a-zA-Z])\s*/y, "by"],
  // \partial_b L, \nabla_b L
  [/\\(?:partial|nabla)\s*_\s*(?=[{\\a-zA-Z])/y, "by", /(?:\s|\\[,;:!])*/y, "of"],
];

function sticky(source: string): RegExp {
  return new RegExp(source, "y");
}

/** The derivative that begins at `start`, if one does. Throws ParseError if its orders do not agree. */
export function readRatio(text: string, start: number): Ratio | undefined {
  if (text[start] !== "\\") return undefined;
  const higher = readHigher(text, start);
  if (higher !== undefined) return higher;
  for (const parts of ratios) {
    const names: { of?: string; by?: string } = {};
    let at: number | undefined = start;
    for (const part of parts) {
      if (typeof part === "string") {
        const found = readVariable(text, at);
        if (found !== undefined) names[part] = found.name;
        at = found?.end;
      } else {
        part.lastIndex = at;
        at = part.test(text) ? part.lastIndex : undefined;
      }
      if (at === undefined) break;
    }
    const { of, by } = names;
    if (at !== undefined && of !== undefined && by !== undefined) return { of, by, start, end: at };
  }
  return undefined;
}

/** `L`, `{L}` or `L(w)`: what is differentiated, or by what. */
function readVariable(
  text: string,
  at: number,
): { readonly name: string; readonly end: number } | undefined {
  const braced = text[at] === "{";
  const found = readName(text, braced ? at + 1 : at);
  if (found === undefined) return undefined;
  let { end } = found;
  if (braced) {
    const close = /\s*\}/y;
    close.lastIndex = end;
    if (!close.test(text)) return undefined;
    end = close.lastIndex;
  }
  const call = /\s*(?:\\left\s*)?\([\s\w\\{},]*?(?:\\right\s*)?\)/y;
  call.lastIndex = end;
  if (call.test(text)) end = call.lastIndex;
  return { name: variableName(found.name), end };
}

const nabla = /\\nabla\s*(?=[{\\a-zA-Z])/y;

/** The gradient that begins at `start`, if one does. */
export function readGradient(text: string, start: number): Gradient | undefined {
  const sign = match(nabla, text, start);
  const found = sign === undefined ? undefined : readVariable(text, sign.end);
  return found === undefined ? undefined : { gradient: found.name, start, end: found.end };
}

const top = sticky(`${fraction}\\s*${power}${gaps}`);
const bar = sticky(`${gaps}\\}\\s*\\{${gaps}`);
const below = sticky(`${D}${gaps}`);
const times = sticky(`\\s*${power}`);
const close = sticky(`${gaps}\\}${gaps}`);
const gap = sticky(gaps);

/** `\frac{\partial^2 L}{\partial a \partial b}`, `\frac{d^2}{dx^2} L`. */
function readHigher(text: string, start: number): Ratio | undefined {
  const head = match(top, text, start);
  if (head === undefined) return undefined;
  const inside = readVariable(text, head.end);
  const line = match(bar, text, inside?.end ?? head.end);
  if (line === undefined) return undefined;
  let { end } = line;
  const names: string[] = [];
  for (let d = match(below, text, end); d !== undefined; d = match(below, text, end)) {
    const found = readVariable(text, d.end);
    if (found === undefined) return undefined;
    const more = match(times, text, found.end);
    names.push(...new Array<string>(more?.power ?? 1).fill(found.name));
    end = match(gap, text, more?.end ?? found.end)?.end ?? found.end;
  }
  const closed = match(close, text, end);
  if (closed === undefined) return undefined;
  const behind = inside ?? readVariable(text, closed.end);
  const [by, ...inner] = names;
  if (behind === undefined || by === undefined) return undefined;
  if (names.length !== head.power) {
    throw new ParseError(
      text,
      start,
      `a derivative of order ${head.power} must be by ${head.power} names, got ${names.length}`,
    );
  }
  const ratio = { of: behind.name, by, start, end: inside === undefined ? behind.end : closed.end };
  return inner.length === 0 ? ratio : { ...ratio, before: inner.reverse() };
}

function match(
  pattern: RegExp,
  text: string,
  at: number,
): { readonly end: number; readonly power: number } | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  if (found === null) return undefined;
  return { end: pattern.lastIndex, power: Number(found[1] ?? found[2] ?? 1) };
}

/** σ that is not called is a name, such as a standard deviation. */
export function variableName(name: string): string {
  return name === "σ" ? "sigma" : name;
}
