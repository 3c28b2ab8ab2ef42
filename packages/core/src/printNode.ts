import type { Attribute, Expr } from "./expr.ts";
import { swapsLast } from "./matrixNotation.ts";
import { type Notation, precedence } from "./notation.ts";
import { isLetterName, nameText, numberText, valueText } from "./printAtoms.ts";
import type { Tensor } from "./tensor.ts";

/** A printed expression, and what its surroundings must know to put it in parentheses or not. */
export interface Piece {
  readonly text: string;
  /** How tightly its outermost notation binds. */
  readonly binds: number;
  /** Begins with a sign, or with what cannot follow another factor without one. */
  readonly first: "sign" | "literal" | "other";
  /** Its first three characters: looking into a long text would copy it, at every level again. */
  readonly head: string;
  /** What it ends with, for the next factor of a product without sign. */
  readonly last: "number" | "letter" | "group" | "other";
}

/** What printing a node may ask for. */
export interface NodeStyle {
  /** `x²` for a square, operands alone for casts; the text need not be read back. */
  readonly reading: boolean;
  readonly digits: number | undefined;
  /** Whether a node stands for a matrix or vector of one number, of which products need the shape. */
  readonly fills: (node: Expr) => boolean;
  /** The fixed parameters of a node that is written as a call. */
  readonly attributes: (node: Expr) => readonly string[];
}

/** A product without sign binds tighter than one with a sign, and than a quotient. */
const JUXTAPOSED: number = precedence.product + 0.5;

/** Text that needs parentheses nowhere. */
export function atom(
  text: string,
  last: Piece["last"] = "other",
  head: string = headOf(text),
): Piece {
  return { text, binds: precedence.atom, first: "other", last, head };
}

function headOf(text: string): string {
  return text.slice(0, 3);
}

/** A name as a piece. */
export function namePiece(name: string): Piece {
  return atom(nameText(name), isLetterName(name) ? "letter" : "other");
}

/** A node from the texts of its operands, by its notation. */
export function printNode(node: Expr, args: readonly Piece[], style: NodeStyle): Piece {
  const { notation } = node.op;
  const [a, b] = args as readonly [Piece, Piece];
  switch (notation.form) {
    case "leaf":
      return leafPiece(node, args, style);
    case "infix":
      return printInfix(notation, a, b);
    case "prefix":
      return printPrefix(notation, node, a);
    case "fraction":
      return printQuotient(node, a, b);
    case "product":
      return printProduct(node, a, b);
    case "power":
      if (args.length === 2) return printPower(node, a, b);
      if (!style.reading || notation.exponent === undefined) break;
      return printPower(node, a, numberPiece(numberText(notation.exponent)));
    case "silent":
      if (style.reading) return style.fills(node) ? onesPiece(node, a) : a;
      break;
    case "transposed":
      if (style.reading && swapsLast(node)) return transposedPiece(a);
      break;
    case "cases":
      // Where a condition fails without another case, there is 0.
      if (style.reading && args.length === 2) return callPiece("where", [...args, atom("0")], []);
      break;
    default:
      break;
  }
  const text = "text" in notation ? notation.text : undefined;
  return callPiece(text ?? node.op.name, args, style.attributes(node));
}

function callPiece(name: string, args: readonly Piece[], attributes: readonly string[]): Piece {
  const text = `${name}${listed([...args.map((arg) => arg.text), ...attributes])}`;
  return atom(text, "group", headOf(name));
}

/** `(a, b)`, by concatenation: joining would copy the operands. */
function listed(texts: readonly string[]): string {
  let out = "(";
  for (let i = 0; i < texts.length; i++) out = i === 0 ? out + texts[i] : `${out}, ${texts[i]}`;
  return `${out})`;
}

function leafPiece(node: Expr, args: readonly Piece[], style: NodeStyle): Piece {
  const { name, value, index } = node.attributes;
  if (typeof name === "string") {
    const piece = namePiece(name);
    return args.length === 0 ? piece : callPiece(piece.text, args, []);
  }
  if (typeof value === "number") {
    if (node.dtype === "bool") return atom(value === 0 ? "false" : "true");
    return numberPiece(numberText(value, node.dtype === "f32", style.digits));
  }
  if (isTensor(value)) return { ...atom(valueText(value, false, style.digits)), first: "literal" };
  if (typeof index === "number") return namePiece(`arg_${index}`);
  return callPiece(node.op.name, args, style.attributes(node));
}

function isTensor(value: Attribute): value is Tensor {
  return typeof value === "object" && value !== null && "data" in value;
}

/** A written number as a piece. */
export function numberPiece(text: string): Piece {
  const last = /\d$/.test(text) ? "number" : "other";
  if (text.startsWith("-"))
    return { text, binds: precedence.prefix, first: "sign", last, head: headOf(text) };
  const first = last === "number" ? "literal" : "other";
  return { text, binds: precedence.atom, first, last, head: headOf(text) };
}

function group(piece: Piece): Piece {
  return atom(`(${piece.text})`, "group", headOf(`(${piece.head}`));
}

/** An operand that begins an expression: in parentheses if it binds less than `least`. */
function leading(piece: Piece, least: number): Piece {
  return piece.binds < least ? group(piece) : piece;
}

/** An operand after a sign: a minus would stand beside that sign, so it is put in parentheses too. */
function following(piece: Piece, least: number): Piece {
  return piece.binds < least || piece.first === "sign" ? group(piece) : piece;
}

/** Above the given strength: what an operator that does not associate asks of its operands. */
function above(binds: number): number {
  return binds + 0.25;
}

function printInfix(notation: Notation & { form: "infix" }, a: Piece, b: Piece): Piece {
  const { binds, text } = notation;
  const left = leading(a, binds === precedence.comparison ? above(binds) : binds);
  const right = following(b, above(binds));
  return { ...left, text: `${left.text} ${text} ${right.text}`, binds, last: "other" };
}

/** `-(2)` is the opposite of 2, since `-2` is a number; `-x^2` is the opposite of the power. */
function printPrefix(notation: Notation & { form: "prefix" }, node: Expr, a: Piece): Piece {
  const { binds, text } = notation;
  const literal = node.args[0]?.args.length === 0 && (a.first === "literal" || isInfinite(a));
  const operand = literal ? group(a) : following(a, binds);
  const last = operand.last === "letter" ? "letter" : operand.last === "group" ? "group" : "other";
  const head = headOf(text + operand.head);
  return { text: `${text}${operand.text}`, binds, first: "sign", last, head };
}

/** Written like a name, but a number: its opposite is one too. */
function isInfinite({ text }: Piece): boolean {
  return text === "Infinity" || text === "NaN";
}

/** Elementwise between arrays, where the plain sign is that of matrices. */
function dotted(node: Expr): boolean {
  return node.args.every(({ shape }) => shape.length > 0);
}

function printQuotient(node: Expr, a: Piece, b: Piece): Piece {
  const left = leading(a, precedence.product);
  const right = following(b, precedence.prefix);
  const sign = dotted(node) ? "./" : "/";
  const text = `${left.text} ${sign} ${right.text}`;
  return { text, binds: precedence.product, first: left.first, last: "other", head: left.head };
}

function printProduct(node: Expr, a: Piece, b: Piece): Piece {
  const contracts = node.op.elementwise === undefined;
  const left = leading(a, precedence.product);
  const right = following(b, precedence.prefix);
  const signed = !contracts && dotted(node);
  if (signed || left.binds < JUXTAPOSED || right.first === "literal") {
    const text = `${left.text} ${signed ? ".*" : "*"} ${right.text}`;
    return { text, binds: precedence.product, first: left.first, last: "other", head: left.head };
  }
  const text = `${left.text}${separator(left, right)}${right.text}`;
  return { text, binds: JUXTAPOSED, first: left.first, last: right.last, head: left.head };
}

/** `2x`, `2(a + b)`, `c(a + b)`, `(a + b)(c + d)`, `exp(x)(x + 1)`; a space between all else. */
function separator(left: Piece, right: Piece): string {
  if (right.head.startsWith("(")) return left.last === "other" ? " " : "";
  // `2e3` and `0x1` would be read as numbers, `2_a` as a slip.
  return left.last === "number" && !/^(?:[eE]\d|[box][\da-fA-F]|[^\p{L}√|])/u.test(right.head)
    ? ""
    : " ";
}

/** `xᵀ` */
export function transposedPiece(a: Piece): Piece {
  const base = following(a, precedence.atom);
  return { ...base, text: `${base.text}ᵀ`, binds: precedence.power, last: "other" };
}

/** `ones(2, 3)`, `c ones(2, 3)` */
function onesPiece({ shape }: Expr, number: Piece): Piece {
  const ones = callPiece("ones", [], shape.map(String));
  if (number.text === "1") return ones;
  const left = leading(number, precedence.product);
  return { ...left, text: `${left.text} ${ones.text}`, binds: JUXTAPOSED, last: ones.last };
}

function printPower(node: Expr, a: Piece, b: Piece): Piece {
  const base = following(a, precedence.atom);
  const exponent = following(b, precedence.atom);
  const sign = dotted(node) && node.args.length > 1 ? ".^" : "^";
  const text = `${base.text}${sign}${exponent.text}`;
  return { text, binds: precedence.power, first: base.first, last: "other", head: base.head };
}
