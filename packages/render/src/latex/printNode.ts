import { type Expr, type Notation, precedence, Tensor } from "@chainrule/core";
import { atom, delimit, following, group, type LatexPiece, leading } from "./latexPiece.ts";
import { matrixLatex } from "./matrixLatex.ts";
import { nameLatex } from "./nameLatex.ts";
import { numberLatex } from "./numberLatex.ts";

/** What printing a node may ask for. */
export interface LatexStyle {
  readonly digits: number | undefined;
}

/** Above the given strength: what a notation that does not associate asks of its operand. */
const MORE = 0.25;

/** A node from the LaTeX of its operands, by its notation. */
export function printNode(node: Expr, args: readonly LatexPiece[], style: LatexStyle): LatexPiece {
  const { notation } = node.op;
  const [a, b] = args as readonly [LatexPiece, LatexPiece];
  switch (notation.form) {
    case "leaf":
      return leafPiece(node, args, style);
    case "infix":
      return infixPiece(notation, a, b);
    case "prefix":
      return prefixPiece(notation, a);
    case "fraction":
      return atom(`\\frac{${a.latex}}{${b.latex}}`, { tall: true });
    case "product":
      return productPiece(node, a, b);
    case "power":
      return powerPiece(a, b ?? numberPiece(notation.exponent as number, style.digits), node.args);
    case "exponential":
      return atom(`e^{${exponentLatex(a, node.args[0])}}`, {
        binds: precedence.power,
        tall: a.tall,
      });
    case "root":
      return atom(`\\sqrt${notation.index === 2 ? "" : `[${notation.index}]`}{${a.latex}}`, {
        tall: a.tall,
      });
    case "delimited":
      return atom(delimit(notation.open, a, notation.close), { tall: a.tall });
    case "cases":
      return casesPiece(args);
    case "transposed":
      return transposedPiece(node, a);
    case "big":
      return bigPiece(notation.latex, node, a);
    case "call":
      return callPiece(notation.latex, args);
    case "silent":
      return a;
  }
}

function leafPiece(node: Expr, args: readonly LatexPiece[], { digits }: LatexStyle): LatexPiece {
  const { name, value, index } = node.attributes;
  if (typeof name === "string") {
    return args.length === 0 ? namePiece(name) : callPiece(nameLatex(name), args);
  }
  if (typeof value === "number") {
    if (node.dtype === "bool") return atom(`\\mathrm{${value === 0 ? "false" : "true"}}`);
    return numberPiece(value, digits);
  }
  if (value instanceof Tensor) return matrixLatex(value, digits);
  if (typeof index === "number") return atom(`x_{${index}}`, { last: "letter" });
  return callPiece(operatorName(node.op.name), args);
}

/** A name as a piece: one letter with a subscript may touch the next factor. */
export function namePiece(name: string): LatexPiece {
  const latex = nameLatex(name);
  const letter = /^(?:[a-zA-Z]|\\[a-zA-Z]+)(?:_\{[^{}]*\})?'*$/.test(latex);
  return atom(latex, { last: letter ? "letter" : "other" });
}

function numberPiece(value: number, digits: number | undefined): LatexPiece {
  const { latex, product } = numberLatex(value, digits);
  const sign = latex.startsWith("-");
  return {
    latex,
    binds: sign ? precedence.prefix : product ? precedence.product : precedence.atom,
    first: sign ? "sign" : /^\d/.test(latex) ? "numeral" : "other",
    last: /[\d}]$/.test(latex) ? "numeral" : "other",
    tall: false,
  };
}

function infixPiece(
  notation: Notation & { form: "infix" },
  a: LatexPiece,
  b: LatexPiece,
): LatexPiece {
  const { binds, latex } = notation;
  const left = leading(a, binds === precedence.comparison ? binds + MORE : binds);
  const tall = a.tall || b.tall;
  const shape = { binds, first: left.first, last: "other", tall } as const;
  // `a + (-2)x` reads `a - 2x`.
  if (latex === "+" && b.first === "sign" && b.binds > binds) {
    return { ...shape, latex: `${left.latex} - ${b.latex.slice(1).trimStart()}` };
  }
  const right = following(b, notation.associative ? binds : binds + MORE);
  return { ...shape, latex: `${left.latex} ${latex} ${right.latex}` };
}

function prefixPiece({ latex, binds }: Notation & { form: "prefix" }, a: LatexPiece): LatexPiece {
  const operand = following(a, precedence.product);
  return { ...operand, latex: `${latex}${operand.latex}`, binds, first: "sign" };
}

/** Elementwise between arrays, where juxtaposition would read as a matrix product. */
function isHadamard({ op, args }: Expr): boolean {
  return op.elementwise !== undefined && args.every(({ shape }) => shape.length > 0);
}

function productPiece(node: Expr, a: LatexPiece, b: LatexPiece): LatexPiece {
  const left = leading(a, precedence.product);
  const right = following(b, precedence.product);
  const shape = { binds: precedence.product, first: left.first, last: right.last } as const;
  const tall = left.tall || right.tall;
  const sign = isHadamard(node) ? "\\odot " : productSign(left, right);
  return { ...shape, latex: `${left.latex}${sign}${right.latex}`, tall };
}

/** `2x`, `c(a + b)`, `2\cdot 3`, `\mathit{rate}\,x`. */
function productSign(left: LatexPiece, right: LatexPiece): string {
  if (right.first === "numeral") return "\\cdot ";
  const touches = /^\[|^\\frac/.test(right.latex);
  if (right.latex.startsWith("(") || right.latex.startsWith("\\left")) return "";
  if (touches || left.last === "numeral") return /[a-zA-Z]$/.test(left.latex) ? " " : "";
  return left.last === "letter" || left.latex.endsWith(")") ? " " : "\\,";
}

/** Functions whose power is written on the name, `\sin^{2}(x)`. */
const POWER_ON_NAME = /^(\\(?:sin|cos|tan|sinh|cosh|tanh))(\(|\\left\()/;

function powerPiece(a: LatexPiece, b: LatexPiece, args: readonly Expr[]): LatexPiece {
  const exponent = exponentLatex(b, args[1]);
  const tall = a.tall || b.tall;
  const shape = { binds: precedence.power, last: "other", tall } as const;
  const named = POWER_ON_NAME.exec(a.latex);
  if (named !== null && a.binds === precedence.atom && /^\d+$/.test(exponent)) {
    const [, name = ""] = named;
    return {
      ...shape,
      first: "other",
      latex: `${name}^{${exponent}}${a.latex.slice(name.length)}`,
    };
  }
  const isFraction = a.latex.startsWith("\\frac") || a.latex.startsWith("\\begin");
  // `f(x)^2` could be read as the function of a square.
  const isCall = /^\\(?:operatorname\{|[a-zA-Z]+[({]|[a-zA-Z]+\\left)/.test(a.latex);
  const base = isFraction || isCall ? group(a) : following(a, precedence.atom);
  return { ...shape, first: base.first, latex: `${base.latex}^{${exponent}}` };
}

/** In an exponent a short fraction stays in the line: `x^{1/2}`. */
function exponentLatex(piece: LatexPiece, exponent: Expr | undefined): string {
  const found = /^(-?)\\frac\{([^{}\\]+)\}\{([^{}\\]+)\}$/.exec(piece.latex);
  const plain = exponent === undefined || exponent.args.every((arg) => arg.args.length === 0);
  return found !== null && plain ? `${found[1]}${found[2]}/${found[3]}` : piece.latex;
}

function casesPiece([condition, x, y]: readonly LatexPiece[]): LatexPiece {
  const rows = [
    `${x?.latex} & \\text{if } ${condition?.latex}`,
    `${y?.latex ?? "0"} & \\text{otherwise}`,
  ];
  return atom(`\\begin{cases}${rows.join(" \\\\ ")}\\end{cases}`, { tall: true });
}

function transposedPiece(node: Expr, a: LatexPiece): LatexPiece {
  const permutation = node.attributes["permutation"] as readonly number[];
  const rank = permutation.length;
  const swapped = permutation.every((axis, i) =>
    i < rank - 2 ? axis === i : axis === (i === rank - 2 ? rank - 1 : rank - 2),
  );
  if (!swapped || rank < 2) return callPiece(operatorName("transpose"), [a]);
  const base = following(a, precedence.atom);
  return { ...base, latex: `${base.latex}^{\\top}`, binds: precedence.power, last: "other" };
}

function bigPiece(operator: string, node: Expr, a: LatexPiece): LatexPiece {
  const axes = node.attributes["axes"] as readonly number[] | undefined;
  const rank = node.args[0]?.shape.length ?? 0;
  const below = axes === undefined || axes.length === rank ? "" : `_{${axes.join(",")}}`;
  const operand = following(a, precedence.product);
  return {
    ...operand,
    latex: `${operator}${below} ${operand.latex}`,
    binds: precedence.product,
    first: "other",
    tall: true,
  };
}

function callPiece(name: string, args: readonly LatexPiece[]): LatexPiece {
  const tall = args.some((arg) => arg.tall);
  const inside = args.map(({ latex }) => latex).join(", ");
  return atom(`${name}${delimit("(", { ...atom(inside), tall }, ")")}`, { tall });
}

function operatorName(name: string): string {
  return `\\operatorname{${name}}`;
}
