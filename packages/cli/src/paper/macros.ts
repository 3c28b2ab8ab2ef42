import { ParseError } from "@chainrule/core/parse";

/** What a command of a paper's own stands for. */
export interface Macro {
  readonly parameters: number;
  /** Of the first parameter, `\newcommand{\d}[2][L]{…}`. */
  readonly preset?: string;
  readonly body: string;
}

/** A text made of what a paper says: parts of it, or with macros written out. */
export interface Expanded {
  readonly text: string;
  /** The place in the original of a place in `text`; of what a macro holds, that of its call. */
  readonly sourceOf: (offset: number) => number;
}

/** What macros may add: formulas are far shorter, and macros that call themselves have no end. */
const LONGEST = 2 ** 20;
const DEEPEST = 100;

const definition =
  /\\(?:(?:re)?newcommand|providecommand|DeclareMathOperator|def)(?![a-zA-Z])\*?\s*\{?\s*\\([a-zA-Z]+)\s*\}?/y;

/** The macros that a paper defines by `\newcommand`, `\def` and `\DeclareMathOperator`. */
export function macrosOf(text: string): ReadonlyMap<string, Macro> {
  const out = new Map<string, Macro>();
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "%") at = endOfLine(text, at);
    if (text[at] !== "\\") continue;
    definition.lastIndex = at;
    const found = definition.exec(text);
    if (found === null) {
      at++;
      continue;
    }
    const words = /\s*(?:((?:#\d)+)|\[(\d)\](?:\[([^\]]*)\])?)?\s*/y;
    words.lastIndex = definition.lastIndex;
    const [, hashes = "", count = "0", preset] = words.exec(text) ?? [];
    const body = argumentAt(text, words.lastIndex);
    if (body === undefined || text[words.lastIndex] !== "{") continue;
    const isOperator = found[0].startsWith("\\DeclareMathOperator");
    out.set(found[1] as string, {
      parameters: hashes === "" ? Number(count) : hashes.length / 2,
      ...(preset === undefined ? {} : { preset }),
      body: isOperator ? `\\operatorname{${body.text}}` : body.text,
    });
    at = body.end - 1;
  }
  return out;
}

interface Frame {
  readonly text: string;
  at: number;
}

/** A text with its macros written out. Throws ParseError for macros without arguments or end. */
export function expandMacros(text: string, macros: ReadonlyMap<string, Macro>): Expanded {
  if (macros.size === 0) return { text, sourceOf: (offset) => offset };
  const root: Frame = { text, at: 0 };
  const frames = [root];
  const marks: { readonly out: number; readonly source: number; readonly within: boolean }[] = [];
  let out = "";
  let call = 0;
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const isRoot = frame === root;
    const { at } = frame;
    const next = nextCall(frame.text, at, macros);
    const to = next?.at ?? frame.text.length;
    marks.push({ out: out.length, source: isRoot ? at : call, within: !isRoot });
    out += frame.text.slice(at, to);
    if (next === undefined) {
      frames.pop();
      continue;
    }
    if (isRoot) call = to;
    const { macro, name } = next;
    const given = argumentsOf(frame.text, next.end, macro);
    if (given === undefined) {
      const many = macro.parameters === 1 ? "1 argument" : `${macro.parameters} arguments`;
      throw new ParseError(text, call, `${name} must have ${many}, got fewer`);
    }
    if (frames.length > DEEPEST || out.length > text.length + LONGEST) {
      throw new ParseError(text, call, `the macro ${name} must come to an end, got itself again`);
    }
    frame.at = given.end;
    const body = macro.body.replace(/#([#1-9])/g, (whole, sign: string) =>
      sign === "#" ? "#" : (given.texts[Number(sign) - 1] ?? whole),
    );
    // A letter behind would become part of a command at the end.
    frames.push({ text: /\\[a-zA-Z]+$/.test(body) ? `${body} ` : body, at: 0 });
  }
  const sourceOf = (offset: number): number => {
    const mark = marks.findLast((one) => one.out <= offset);
    if (mark === undefined) return 0;
    return mark.within ? mark.source : mark.source + offset - mark.out;
  };
  return { text: out, sourceOf };
}

interface Call {
  readonly at: number;
  readonly end: number;
  readonly name: string;
  readonly macro: Macro;
}

function nextCall(
  text: string,
  from: number,
  macros: ReadonlyMap<string, Macro>,
): Call | undefined {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "%") at = endOfLine(text, at);
    if (text[at] !== "\\") continue;
    command.lastIndex = at;
    const [name = "", word = ""] = command.exec(text) ?? [];
    const macro = macros.get(word);
    if (macro !== undefined) return { at, end: at + name.length, name, macro };
    at += Math.max(1, word.length);
  }
  return undefined;
}

const command = /\\([a-zA-Z]+)/y;

interface Arguments {
  readonly texts: readonly string[];
  readonly end: number;
}

function argumentsOf(text: string, from: number, macro: Macro): Arguments | undefined {
  const texts: string[] = [];
  let end = from;
  if (macro.preset !== undefined) {
    const other = /\s*\[([^\]]*)\]/y;
    other.lastIndex = end;
    const found = other.exec(text);
    texts.push(found?.[1] ?? macro.preset);
    if (found !== null) end = other.lastIndex;
  }
  while (texts.length < macro.parameters) {
    const next = argumentAt(text, end);
    if (next === undefined) return undefined;
    texts.push(next.text);
    end = next.end;
  }
  return { texts, end };
}

/** What braces hold, or one sign or command without. */
function argumentAt(
  text: string,
  from: number,
): { readonly text: string; readonly end: number } | undefined {
  let at = from;
  while (/\s/.test(text[at] ?? "")) at++;
  const sign = text[at];
  if (sign === undefined || sign === "}") return undefined;
  if (sign !== "{") {
    command.lastIndex = at;
    const one = command.exec(text)?.[0] ?? sign;
    return { text: one, end: at + one.length };
  }
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return { text: text.slice(at + 1, i), end: i + 1 };
  }
  return undefined;
}

function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== "\n" && text[at] !== "\r") at++;
  return at;
}
