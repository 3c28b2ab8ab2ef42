/** A piece of text: nested, since joining at every level would copy long formulas over and over. */
export type Piece = string | readonly Piece[] | { readonly text: string; readonly at: number };

/** A function of MathJSON as text, from its operands as texts. */
export type Head = (parts: readonly Piece[]) => Piece;

function joined(parts: readonly Piece[], sign: string): Piece {
  return parts.flatMap((part, i) => (i === 0 ? [part] : [sign, part]));
}

const infix =
  (sign: string): Head =>
  (parts) => ["(", joined(parts, ` ${sign} `), ")"];

const named =
  (name: string): Head =>
  (parts) => [name, "(", joined(parts, ", "), ")"];

const bracketed: Head = (parts) => ["[", joined(parts, ", "), "]"];

function logarithm([x = "", base]: readonly Piece[]): Piece {
  if (base === undefined || base === "10") return ["log10(", x, ")"];
  return base === "2" ? ["log2(", x, ")"] : ["(ln(", x, ") / ln(", base, "))"];
}

/** `\sqrt[n]{x}` */
function root([x = "", n]: readonly Piece[]): Piece {
  if (n === undefined || n === "2") return ["sqrt(", x, ")"];
  return n === "3" ? ["cbrt(", x, ")"] : ["(", x, ")^(1 / ", n, ")"];
}

/** The functions of MathJSON that formulas here may hold; products and sums are read apart. */
export const heads: Readonly<Record<string, Head>> = {
  Abs: named("abs"),
  Add: infix("+"),
  And: named("logicalAnd"),
  Arccos: named("acos"),
  Arcosh: named("acosh"),
  Arcsin: named("asin"),
  Arctan: named("atan"),
  Arsinh: named("asinh"),
  Artanh: named("atanh"),
  Ceil: named("ceil"),
  Cos: named("cos"),
  Cosh: named("cosh"),
  Cot: named("cot"),
  Csc: named("csc"),
  Delimiter: ([inner = ""]) => ["(", inner, ")"],
  Determinant: named("det"),
  Divide: infix("/"),
  Equal: infix("=="),
  Exp: named("exp"),
  Floor: named("floor"),
  Greater: infix(">"),
  GreaterEqual: infix(">="),
  HadamardProduct: infix(".*"),
  Inverse: named("inverse"),
  Lb: named("log2"),
  Less: infix("<"),
  LessEqual: infix("<="),
  List: bracketed,
  Ln: named("ln"),
  Log: logarithm,
  Max: named("max"),
  Min: named("min"),
  Mod: named("mod"),
  Multiply: infix("*"),
  Negate: ([x = ""]) => ["(-", x, ")"],
  Norm: named("norm"),
  Not: named("logicalNot"),
  NotEqual: infix("!="),
  Or: named("logicalOr"),
  Rational: infix("/"),
  Root: root,
  Sec: named("sec"),
  Sequence: (parts) => joined(parts, ", "),
  Sin: named("sin"),
  Sinh: named("sinh"),
  Sqrt: named("sqrt"),
  Square: ([x = ""]) => ["(", x, ")^2"],
  Subtract: infix("-"),
  Tan: named("tan"),
  Tanh: named("tanh"),
  Transpose: named("transpose"),
  Xor: named("logicalXor"),
};

/** Functions by the names that papers and printed formulas give them. */
export const aliases: Readonly<Record<string, string>> = {
  ELU: "elu",
  GELU: "gelu",
  LeakyReLU: "leakyRelu",
  ReLU: "relu",
  SiLU: "silu",
  arcosh: "acosh",
  arsinh: "asinh",
  artanh: "atanh",
  relu: "relu",
  sgn: "sign",
  tr: "trace",
  Φ: "normalCdf",
};

/** Functions that are read apart from those that are a word around their operands. */
const special: ReadonlySet<string> = new Set(
  ["InvisibleOperator", "Power", "Sum", "Product", "Which", "Matrix"].concat(Object.keys(heads)),
);

/** Of all others the operands are not looked at: the message is about the whole. */
export function isKnown(head: string): boolean {
  return special.has(head);
}
