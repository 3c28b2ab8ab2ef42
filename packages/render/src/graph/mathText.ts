import { type Expr, fitting, type Notation, precedence, swapsLast, Tensor } from "@chainrule/core";
import { formatNumber } from "../formatNumber.ts";

/** A formula in one line of Unicode, and how tightly its outermost notation binds. */
export interface TextPiece {
  readonly text: string;
  readonly binds: number;
  /** A written number, beside which a factor may stand without a sign. */
  readonly numeral?: boolean;
}

/** The signs of formulas: those of mathematics, or those of a keyboard. */
export interface Signs {
  readonly minus: string;
  readonly times: string;
  /** Between arrays, element by element. */
  readonly each: string;
  readonly root: readonly [string, string];
  readonly sum: string;
  readonly product: string;
  readonly partial: string;
  readonly transposed: string;
  /** Exponents 2, −1 and so on are raised. */
  readonly raised: boolean;
  readonly letters: Readonly<Record<string, string>>;
}

/** For screens and paper. */
export const MATHEMATICAL: Signs = {
  minus: "−",
  times: "·",
  each: " ⊙ ",
  root: ["√", "∛"],
  sum: "∑ ",
  product: "∏ ",
  partial: "∂",
  transposed: "ᵀ",
  raised: true,
  letters: { sigma: "σ", Phi: "Φ", Gamma: "Γ", pi: "π", tau: "τ" },
};

/** For formats whose readers know the widths of ASCII alone, as Graphviz does. */
export const KEYBOARD: Signs = {
  minus: "-",
  times: "*",
  each: " * ",
  root: ["sqrt ", "cbrt "],
  sum: "sum ",
  product: "prod ",
  partial: "d",
  transposed: "^T",
  raised: false,
  letters: {},
};

/** How formulas and numbers are written. */
export interface Writing {
  readonly signs: Signs;
  /** Significant digits. */
  readonly digits: number | undefined;
}

/** Text that needs parentheses nowhere. */
export function textAtom(text: string): TextPiece {
  return { text, binds: precedence.atom };
}

/** A number as it is written: at most so many digits, with the minus of these signs. */
export function numberText(value: number, { signs, digits }: Writing): string {
  return formatNumber(value, digits).replaceAll("-", signs.minus);
}

/** A node from the texts of its operands, as people write it: `σ(z)`, `2b`, `x²`, `Xᵀ`, `∑ y`. */
export function writeNode(node: Expr, args: readonly TextPiece[], writing: Writing): TextPiece {
  const { notation, name } = node.op;
  const { signs } = writing;
  const { index } = node.attributes;
  if (name === "item" && args[0] !== undefined) return textAtom(`${args[0].text}[${index}]`);
  const [a, b] = args as readonly [TextPiece, TextPiece];
  switch (notation.form) {
    case "leaf":
      return writeLeaf(node, args, writing);
    case "infix": {
      const { binds, associative } = notation;
      const right = inside(b, binds + (associative ? 0 : 0.5), true);
      const sign = notation.text === "-" ? signs.minus : notation.text;
      return { text: `${inside(a, binds)} ${sign} ${right}`, binds };
    }
    case "prefix": {
      const sign = notation.text === "-" ? signs.minus : notation.text;
      return { text: `${sign}${inside(a, notation.binds, true)}`, binds: notation.binds };
    }
    case "product":
      return writeProduct(node, a, b, signs);
    case "fraction": {
      const right = inside(b, precedence.prefix, true);
      return { text: `${inside(a, precedence.product)}/${right}`, binds: precedence.product };
    }
    case "power":
      return writePower(a, b, notation.exponent, signs);
    case "root": {
      const sign = signs.root[notation.index === 2 ? 0 : 1];
      return { text: `${sign}${inside(a, precedence.atom)}`, binds: precedence.power };
    }
    case "delimited":
      if (notation.open !== "|" && !signs.raised) return writeCall(name, args);
      return textAtom(`${DELIMITERS[notation.open]}${a.text}${DELIMITERS[notation.close]}`);
    case "big": {
      const sign = notation.latex === "\\sum" ? signs.sum : signs.product;
      return { text: `${sign}${inside(a, precedence.product)}`, binds: precedence.product };
    }
    case "transposed":
      return swapsLast(node) ? transposedPiece(a, signs) : writeCall(name, args);
    default:
      return writeCall(callName(notation, name, signs), args);
  }
}

const DELIMITERS: Readonly<Record<string, string>> = {
  "|": "|",
  "\\lfloor": "⌊",
  "\\rfloor": "⌋",
  "\\lceil": "⌈",
  "\\rceil": "⌉",
};

/** The name by which formulas call a function, σ for sigmoid. */
function callName(notation: Notation, name: string, { letters, raised }: Signs): string {
  if (notation.form !== "call") return name;
  const found = /^\\(?:operatorname\{(\w+)\}|([A-Za-z]+))$/.exec(notation.latex);
  const [, upright, command] = found ?? [];
  if (command !== undefined) return letters[command] ?? (raised ? command : name);
  return upright ?? notation.text ?? name;
}

/** Operands of a call that are written; a row of thousands says nothing. */
const MOST_OPERANDS = 6;

function writeCall(name: string, args: readonly TextPiece[]): TextPiece {
  let text = `${name}(`;
  for (let i = 0; i < args.length && i < MOST_OPERANDS; i++) {
    text += i === 0 ? (args[i] as TextPiece).text : `, ${(args[i] as TextPiece).text}`;
  }
  return textAtom(args.length > MOST_OPERANDS ? `${text}, …)` : `${text})`);
}

function writeLeaf(node: Expr, args: readonly TextPiece[], writing: Writing): TextPiece {
  const { name, value, index } = node.attributes;
  if (typeof name === "string" && name !== "") {
    if (args.length > 0) return writeCall(name, args);
    return textAtom(value === undefined ? name : (writing.signs.letters[name] ?? name));
  }
  if (typeof value === "number") {
    if (node.dtype === "bool") return textAtom(value === 0 ? "false" : "true");
    const binds = value < 0 ? precedence.prefix : precedence.atom;
    return { text: numberText(value, writing), binds, numeral: value >= 0 };
  }
  if (value instanceof Tensor) return textAtom("constant");
  if (typeof index === "number") return textAtom(`x${index}`);
  return writeCall(node.op.name, args);
}

/** In parentheses where it binds too little, or begins with a sign after another. */
function inside({ text, binds }: TextPiece, least: number, follows = false): string {
  return binds < least || (follows && /^[−-]/.test(text)) ? `(${text})` : text;
}

/** `2b`, `a·b`; a matrix product without sign, `⊙` between arrays element by element. */
function writeProduct(node: Expr, a: TextPiece, b: TextPiece, signs: Signs): TextPiece {
  const binds = precedence.product;
  const left = inside(a, binds);
  const right = inside(b, precedence.prefix, true);
  const arrays = node.args.every(({ shape }) => shape.length > 0);
  if (node.op.elementwise === undefined) return { text: `${left} ${right}`, binds };
  if (arrays) return { text: `${left}${signs.each}${right}`, binds };
  const bare = a.numeral === true && /^[\p{L}(√]/u.test(right) && !/^e\d/i.test(right);
  return { text: bare ? `${left}${right}` : `${left}${signs.times}${right}`, binds };
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function writePower(
  a: TextPiece,
  b: TextPiece | undefined,
  exponent: number | undefined,
  { raised }: Signs,
): TextPiece {
  const base = inside(a, precedence.atom, true);
  const binds = precedence.power;
  const above = b?.text ?? String(exponent ?? "");
  if (!raised || !/^[−-]?\d+$/.test(above)) {
    const written = inside(b ?? { text: above, binds: precedence.atom }, precedence.atom, true);
    return { text: `${base}^${written}`, binds };
  }
  const small = above
    .replace(/[−-]/, "⁻")
    .replace(/\d/g, (digit) => RAISED[Number(digit)] as string);
  return { text: `${base}${small}`, binds };
}

/** A node inside of a formula, where casts and the fitting of axes are not written. */
export function writePart(node: Expr, args: readonly TextPiece[], writing: Writing): TextPiece {
  const [a] = args;
  if (a === undefined) return writeNode(node, args, writing);
  const fit = fitting(node);
  if (fit === "transposed") return transposedPiece(a, writing.signs);
  const silent = fit === "same" || node.op.notation.form === "silent";
  return silent ? a : writeNode(node, args, writing);
}

/** `Xᵀ` */
function transposedPiece(a: TextPiece, { transposed }: Signs): TextPiece {
  return { text: `${inside(a, precedence.atom)}${transposed}`, binds: precedence.power };
}

/**
 * An expression with names for some of its nodes; what stands below them is not looked at, so the
 * cost is that of the text.
 */
export function mathText(
  expr: Expr,
  nameOf: (node: Expr) => string | undefined,
  writing: Writing,
): string {
  const pieces = new Map<Expr, TextPiece>();
  const path: Expr[] = [expr];
  while (path.length > 0) {
    const node = path.at(-1) as Expr;
    const name = nameOf(node);
    const missing = name === undefined ? node.args.filter((arg) => !pieces.has(arg)) : [];
    if (!pieces.has(node) && missing.length > 0) {
      path.push(...missing);
      continue;
    }
    path.pop();
    if (pieces.has(node)) continue;
    const args = node.args.map((arg) => pieces.get(arg) ?? textAtom(""));
    pieces.set(node, name === undefined ? writePart(node, args, writing) : textAtom(name));
  }
  return (pieces.get(expr) as TextPiece).text;
}
