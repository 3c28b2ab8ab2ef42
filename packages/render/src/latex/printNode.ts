import {
  type Expr,
  formatShape,
  type Lambda,
  type Notation,
  precedence,
  swapsLast,
  Tensor,
} from "@chainrule/core";
import type { NumberFormat } from "../number/roundNumber.ts";
import { callPiece, nodeCall, operatorName } from "./callLatex.ts";
import {
  atom,
  begins,
  delimit,
  following,
  group,
  type LatexPiece,
  leading,
  piece,
} from "./latexPiece.ts";
import { matrixLatex } from "./matrixLatex.ts";
import { nameLatex } from "./nameLatex.ts";
import { numberLatex } from "./numberLatex.ts";
import { powerPiece, shortFraction } from "./powerLatex.ts";

/** What printing a node may ask for. */
export interface LatexStyle {
  readonly format: NumberFormat | undefined;
  /** The body of a loop or a function. */
  readonly lambda: (body: Lambda) => string;
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
      return fractionPiece(a, b);
    case "product":
      return productPiece(node, a, b);
    case "power":
      return powerPiece(a, b ?? numberPiece(numberLatex(notation.exponent as number)));
    case "exponential":
      return piece(`e^{${shortFraction(a)}}`, "e^{", { binds: precedence.power, tall: a.tall });
    case "root": {
      const head = `\\sqrt${notation.index === 2 ? "" : `[${notation.index}]`}{`;
      return piece(`${head}${a.latex}}`, head, { tall: a.tall });
    }
    case "delimited":
      return piece(delimit(notation.open, a, notation.close), notation.open, { tall: a.tall });
    case "cases":
      return casesPiece(args);
    case "transposed":
      return transposedPiece(node, a);
    case "big":
      return bigPiece(notation.latex, node, a);
    case "call":
      return nodeCall(notation.latex, node, args, style.lambda);
    case "silent":
      return a;
  }
}

function leafPiece(node: Expr, args: readonly LatexPiece[], { format }: LatexStyle): LatexPiece {
  const { name, value, index } = node.attributes;
  if (typeof name === "string") {
    return args.length === 0 ? namePiece(name) : callPiece(nameLatex(name), args);
  }
  if (typeof value === "number") {
    if (node.dtype === "bool") return atom(`\\mathrm{${value === 0 ? "false" : "true"}}`);
    return numberPiece(numberLatex(value, format));
  }
  if (value instanceof Tensor) return matrixLatex(value, format);
  if (typeof index === "number") return atom(`x_{${index}}`, { last: "letter" });
  return callPiece(operatorName(node.op.name), args);
}

/** A name as a piece: one letter with a subscript may touch the next factor. */
export function namePiece(name: string): LatexPiece {
  return symbolPiece(nameLatex(name));
}

/** LaTeX of a symbol, such as `\delta_{1}`. */
export function symbolPiece(latex: string): LatexPiece {
  const letter = /^(?:[a-zA-Z]|\\[a-zA-Z]+)(?:_\{[^{}]*\})?'*$/.test(latex);
  return atom(latex, { last: letter ? "letter" : "other" });
}

/** A written number as a piece: `-0.5`, `2`, `1.5\times 10^{-9}`. */
export function numberPiece(latex: string): LatexPiece {
  const sign = latex.startsWith("-");
  const product = latex.includes("\\times");
  return piece(latex, latex, {
    binds: sign ? precedence.prefix : product ? precedence.product : precedence.atom,
    first: sign ? "sign" : /^\d/.test(latex) ? "numeral" : "other",
    last: /[\d}]$/.test(latex) ? "numeral" : "other",
    unsigned: sign ? latex.slice(1) : undefined,
  });
}

function fractionPiece(a: LatexPiece, b: LatexPiece): LatexPiece {
  const short = [a, b].every(({ latex }) => latex.length <= 5 && /^-?[\w.]+$/.test(latex));
  return piece(`\\frac{${a.latex}}{${b.latex}}`, "\\frac{", {
    tall: true,
    fraction: short ? `${a.latex}/${b.latex}` : undefined,
  });
}

function infixPiece(
  notation: Notation & { form: "infix" },
  a: LatexPiece,
  b: LatexPiece,
): LatexPiece {
  const { binds, latex } = notation;
  const left = leading(a, binds === precedence.comparison ? binds + MORE : binds);
  // `a + (-2)x` reads `a - 2x`, and `a - (-2)x` reads `a + 2x`.
  const flips = b.unsigned !== undefined && b.binds > binds && binds === precedence.sum;
  const plus = latex === "+";
  const right = following(b, notation.associative ? binds : binds + MORE);
  const term = flips ? ` ${plus ? "-" : "+"} ${b.unsigned}` : ` ${latex} ${right.latex}`;
  return piece(`${left.latex}${term}`, left.head, {
    binds,
    first: left.first,
    tall: left.tall || right.tall,
    sum: binds === precedence.sum ? { before: left, term } : undefined,
  });
}

function prefixPiece({ latex, binds }: Notation & { form: "prefix" }, a: LatexPiece): LatexPiece {
  const operand = following(a, precedence.product);
  return {
    ...operand,
    latex: `${latex}${operand.latex}`,
    head: latex,
    binds,
    first: "sign",
    unsigned: latex === "-" ? operand.latex : undefined,
    call: undefined,
    fraction: operand.fraction && `${latex}${operand.fraction}`,
    sum: undefined,
  };
}

/** Elementwise between arrays, where juxtaposition would read as a matrix product. */
function isHadamard({ op, args }: Expr): boolean {
  return op.elementwise !== undefined && args.every(({ shape }) => shape.length > 0);
}

function productPiece(node: Expr, a: LatexPiece, b: LatexPiece): LatexPiece {
  const left = leading(a, precedence.product);
  const right = following(b, precedence.product);
  // A matrix product of elementwise products, and the reverse, would read as one chain.
  const mixed = node.args.map(
    (arg) =>
      arg.op.notation.form === "product" &&
      isHadamard(arg) !== isHadamard(node) &&
      arg.shape.length > 0,
  );
  const first = mixed[0] && left === a ? group(a) : left;
  const second = mixed[1] && right === b ? group(b) : right;
  return times(first, second, isHadamard(node) ? " \\odot " : productSign(first, second));
}

/** Two factors with a sign between them. */
export function times(left: LatexPiece, right: LatexPiece, sign: string): LatexPiece {
  return piece(`${left.latex}${sign}${right.latex}`, left.head, {
    binds: precedence.product,
    first: left.first,
    last: right.last,
    tall: left.tall || right.tall,
    unsigned: left.unsigned && `${left.unsigned}${sign}${right.latex}`,
  });
}

/** `2x`, `c(a + b)`, `2\cdot 3`, `\mathit{rate}\,x`. */
export function productSign(left: LatexPiece, right: LatexPiece): string {
  if (right.first === "numeral") return "\\cdot ";
  if (begins(right, "(", "\\left(")) return "";
  // After a command, `[` would be its option.
  if (begins(right, "[")) return "\\,";
  // `2\frac{1}{2}` would read as two and a half.
  if (left.last === "numeral") return begins(right, "\\frac{") ? "\\cdot " : "";
  return left.last === "letter" || begins(left, "(", "\\left(") ? " " : "\\,";
}

function casesPiece([condition, x, y]: readonly LatexPiece[]): LatexPiece {
  const latex =
    `\\begin{cases}${x?.latex} & \\text{if } ${condition?.latex} \\\\ ` +
    `${y?.latex ?? "0"} & \\text{otherwise}\\end{cases}`;
  return piece(latex, "\\begin{", { tall: true });
}

function transposedPiece(node: Expr, a: LatexPiece): LatexPiece {
  if (swapsLast(node)) return topPiece(a);
  const permutation = node.attributes["permutation"] as readonly number[];
  return callPiece(`${operatorName("transpose")}_{${permutation.join(",")}}`, [a]);
}

/** `A^{\top}` */
export function topPiece(a: LatexPiece): LatexPiece {
  const base = begins(a, "\\frac{", "\\begin{") ? group(a) : following(a, precedence.atom);
  return piece(`${base.latex}^{\\top}`, base.head, { binds: precedence.power, tall: base.tall });
}

function bigPiece(operator: string, node: Expr, a: LatexPiece): LatexPiece {
  const axes = node.attributes["axes"] as readonly number[] | undefined;
  const rank = node.args[0]?.shape.length ?? 0;
  const below = axes === undefined || axes.length === rank ? "" : `_{${axes.join(",")}}`;
  const operand = following(a, precedence.product);
  return piece(`${operator}${below} ${operand.latex}`, operator, {
    binds: precedence.product,
    last: operand.last,
    tall: true,
  });
}

/** `\operatorname{reshape}_{2 \times 3}(x)` */
export function reshapePiece({ shape }: Expr, a: LatexPiece): LatexPiece {
  return callPiece(`${operatorName("reshape")}_{${shapeLatex(shape)}}`, [a]);
}

/** `\mathbf{1}`, `c\,\mathbf{1}`: a vector or matrix of one number. */
export function onesPiece(number: LatexPiece): LatexPiece {
  const ones = atom("\\mathbf{1}");
  return number.latex === "1" ? ones : times(leading(number, precedence.product), ones, "\\,");
}

/** `3 \times n` */
export function shapeLatex(shape: Expr["shape"]): string {
  if (shape.length === 0) return formatShape(shape);
  return shape
    .map((dim) => (typeof dim === "number" ? `${dim}` : nameLatex(dim)))
    .join(" \\times ");
}
