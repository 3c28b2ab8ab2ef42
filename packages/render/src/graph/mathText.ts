import { type Expr, type Notation, precedence, Tensor } from "@chainrule/core";
import { formatNumber } from "../formatNumber.ts";

/** A formula in one line of Unicode, and how tightly its outermost notation binds. */
export interface TextPiece {
  readonly text: string;
  readonly binds: number;
  /** A written number, beside which a factor may stand without a sign. */
  readonly numeral?: boolean;
}

/** Text that needs parentheses nowhere. */
export function textAtom(text: string): TextPiece {
  return { text, binds: precedence.atom };
}

/** A number with a proper minus. */
export function numeral(value: number, digits?: number): TextPiece {
  const text = minus(formatNumber(value, digits));
  return { text, binds: value < 0 ? precedence.prefix : precedence.atom, numeral: value >= 0 };
}

/** Minus signs as typesetters write them, `−2`, `1.5e−9`. */
export function minus(text: string): string {
  return text.replaceAll("-", "−");
}

/** A node from the texts of its operands, as people write it: `σ(z)`, `2b`, `x²`, `Xᵀ`, `Σ y`. */
export function writeNode(
  node: Expr,
  args: readonly TextPiece[],
  digits: number | undefined,
): TextPiece {
  const { notation, name } = node.op;
  const [a, b] = args as readonly [TextPiece, TextPiece];
  switch (notation.form) {
    case "leaf":
      return writeLeaf(node, args, digits);
    case "infix": {
      const right = inside(b, notation.binds + (notation.associative ? 0 : 0.5), true);
      const text = `${inside(a, notation.binds)} ${minus(notation.text)} ${right}`;
      return { text, binds: notation.binds };
    }
    case "prefix":
      return {
        text: `${minus(notation.text)}${inside(a, notation.binds, true)}`,
        binds: notation.binds,
      };
    case "product":
      return writeProduct(node, a, b);
    case "fraction": {
      const right = inside(b, precedence.prefix, true);
      return { text: `${inside(a, precedence.product)}/${right}`, binds: precedence.product };
    }
    case "power":
      return writePower(a, b, notation.exponent);
    case "root": {
      const sign = notation.index === 2 ? "√" : "∛";
      return { text: `${sign}${inside(a, precedence.atom)}`, binds: precedence.power };
    }
    case "delimited":
      return textAtom(
        `${DELIMITERS[notation.open] ?? "("}${a.text}${DELIMITERS[notation.close] ?? ")"}`,
      );
    case "big":
      return {
        text: `${BIG[notation.latex] ?? name} ${inside(a, precedence.product)}`,
        binds: precedence.product,
      };
    case "transposed":
      if (swapsLast(node))
        return { text: `${inside(a, precedence.atom)}ᵀ`, binds: precedence.power };
      return writeCall(name, args);
    default:
      return writeCall(callName(notation, name), args);
  }
}

const DELIMITERS: Readonly<Record<string, string>> = {
  "|": "|",
  "\\lfloor": "⌊",
  "\\rfloor": "⌋",
  "\\lceil": "⌈",
  "\\rceil": "⌉",
};

const BIG: Readonly<Record<string, string>> = { "\\sum": "∑", "\\prod": "∏" };

const LETTERS: Readonly<Record<string, string>> = { sigma: "σ", Phi: "Φ", Gamma: "Γ" };

/** The name by which formulas call a function, σ for sigmoid. */
function callName(notation: Notation, name: string): string {
  if (notation.form !== "call") return name;
  const found = /^\\(?:operatorname\{(\w+)\}|([A-Za-z]+))$/.exec(notation.latex);
  const [, upright, command] = found ?? [];
  if (command !== undefined) return LETTERS[command] ?? command;
  return upright ?? notation.text ?? name;
}

/** Operands of a call that are written; a row of thousands says nothing. */
const MOST_OPERANDS = 6;

function writeCall(name: string, args: readonly TextPiece[]): TextPiece {
  const shown = args.slice(0, MOST_OPERANDS).map(({ text }) => text);
  if (args.length > MOST_OPERANDS) shown.push("…");
  return textAtom(`${name}(${shown.join(", ")})`);
}

function writeLeaf(node: Expr, args: readonly TextPiece[], digits: number | undefined): TextPiece {
  const { name, value, index } = node.attributes;
  if (typeof name === "string" && name !== "") {
    if (args.length > 0) return writeCall(name, args);
    return textAtom(CONSTANTS[name] !== undefined && value !== undefined ? CONSTANTS[name] : name);
  }
  if (typeof value === "number") {
    if (node.dtype === "bool") return textAtom(value === 0 ? "false" : "true");
    return numeral(value, digits);
  }
  if (value instanceof Tensor) return textAtom("constant");
  if (typeof index === "number") {
    const [of] = args;
    return textAtom(of === undefined ? `x${index}` : `${inside(of, precedence.atom)}[${index}]`);
  }
  return writeCall(node.op.name, args);
}

const CONSTANTS: Readonly<Record<string, string>> = { pi: "π", tau: "τ", e: "e" };

/** In parentheses where it binds too little, or begins with a sign after another. */
function inside({ text, binds }: TextPiece, least: number, follows = false): string {
  return binds < least || (follows && text.startsWith("−")) ? `(${text})` : text;
}

/** `2b`, `a·b`; a matrix product without sign, `⊙` between arrays element by element. */
function writeProduct(node: Expr, a: TextPiece, b: TextPiece): TextPiece {
  const binds = precedence.product;
  const left = inside(a, binds);
  const right = inside(b, precedence.prefix, true);
  const arrays = node.args.every(({ shape }) => shape.length > 0);
  if (node.op.elementwise === undefined) return { text: `${left} ${right}`, binds };
  if (arrays) return { text: `${left} ⊙ ${right}`, binds };
  const bare = a.numeral === true && /^[\p{L}(√]/u.test(right) && !/^e\d/i.test(right);
  return { text: bare ? `${left}${right}` : `${left}·${right}`, binds };
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function writePower(
  a: TextPiece,
  b: TextPiece | undefined,
  exponent: number | undefined,
): TextPiece {
  const base = inside(a, precedence.atom, true);
  const above = b?.text ?? `${exponent === undefined ? "" : minus(String(exponent))}`;
  const raised = /^−?\d+$/.test(above)
    ? above.replace("−", "⁻").replace(/\d/g, (digit) => RAISED[Number(digit)] as string)
    : `^${b === undefined ? above : inside(b, precedence.atom, true)}`;
  return { text: `${base}${raised}`, binds: precedence.power };
}

/** Whether a transposition exchanges the last two axes and no other. */
function swapsLast({ attributes, shape }: Expr): boolean {
  const { permutation } = attributes;
  if (!Array.isArray(permutation) || shape.length < 2) return false;
  const last = shape.length - 1;
  return permutation.every(
    (axis, i) => axis === (i === last ? last - 1 : i === last - 1 ? last : i),
  );
}

/**
 * An expression with names for some of its nodes; what stands below them is not looked at, so the
 * cost is that of the text.
 */
export function mathText(
  expr: Expr,
  nameOf: (node: Expr) => string | undefined,
  digits?: number,
): string {
  const pieces = new Map<Expr, TextPiece>();
  const path: Expr[] = [expr];
  while (path.length > 0) {
    const node = path.at(-1) as Expr;
    const name = nameOf(node);
    const missing = name === undefined ? node.args.filter((arg) => !pieces.has(arg)) : [];
    if (pieces.has(node) || missing.length === 0) {
      path.pop();
      if (pieces.has(node)) continue;
      const args = node.args.map((arg) => pieces.get(arg) ?? textAtom(""));
      const silent = node.op.notation.form === "silent" ? args[0] : undefined;
      pieces.set(
        node,
        name === undefined ? (silent ?? writeNode(node, args, digits)) : textAtom(name),
      );
    } else path.push(...missing);
  }
  return (pieces.get(expr) as TextPiece).text;
}
