import { type Attribute, type Expr, Lambda, Tensor } from "@chainrule/core";
import { type LatexPiece, piece } from "./latexPiece.ts";
import { nameLatex } from "./nameLatex.ts";
import { numberLatex } from "./numberLatex.ts";

/** With more parameters than these, such as all the sizes of a convolution, none is written. */
const MOST_PARAMETERS = 3;

/** A function set upright by its name. */
export function operatorName(name: string): string {
  return `\\operatorname{${name}}`;
}

/** `f(a, b)`, by concatenation: joining would copy the operands. */
export function callPiece(name: string, args: readonly LatexPiece[]): LatexPiece {
  const tall = args.some((arg) => arg.tall);
  let operand = tall ? "\\left(" : "(";
  for (let i = 0; i < args.length; i++) {
    const { latex } = args[i] as LatexPiece;
    operand = i === 0 ? `${operand}${latex}` : `${operand}, ${latex}`;
  }
  operand = `${operand}${tall ? "\\right)" : ")"}`;
  return piece(`${name}${operand}`, name, { tall, call: { name, operand } });
}

/**
 * A node as a call: bodies of loops come first, `\operatorname{map}(x \mapsto x^{2}, a)`, other fixed
 * parameters stand below the name, such as the axes of a mean.
 */
export function nodeCall(
  name: string,
  node: Expr,
  args: readonly LatexPiece[],
  lambda: (body: Lambda) => string,
): LatexPiece {
  const bodies: LatexPiece[] = [];
  const below: string[] = [];
  for (const [key, value] of Object.entries(node.attributes)) {
    for (const body of bodiesOf(value)) bodies.push(piece(lambda(body), "", {}));
    if (!assumed(key, value, node)) below.push(attributeLatex(value));
  }
  const index =
    below.length === 0 || below.length > MOST_PARAMETERS ? "" : `_{${below.join(";\\,")}}`;
  // `\log_{2}` has its index already.
  const named = name.includes("_{") && index !== "" ? `{${name}}${index}` : `${name}${index}`;
  return callPiece(named, [...bodies, ...args]);
}

function bodiesOf(value: Attribute): readonly Lambda[] {
  if (value instanceof Lambda) return [value];
  return Array.isArray(value) ? value.filter((one) => one instanceof Lambda) : [];
}

/** Parameters that a reader assumes, or that the operands show: all axes, no flag, step 1. */
function assumed(key: string, value: Attribute, { args, shape }: Expr): boolean {
  if (value === undefined || value === null || typeof value === "boolean") return true;
  if (typeof value === "function" || bodiesOf(value).length > 0) return true;
  if (key === "dtype" || key === "atZero") return true;
  if (key === "carries" || key === "slices" || key === "length") return true;
  const rank = args[0]?.shape.length ?? 0;
  if (key !== "axes" || !Array.isArray(value)) return false;
  // What keeps its shape goes along the last axis unless said otherwise; what does not, along all.
  const same = shape.join() === args[0]?.shape.join();
  return same && value.length === 1 ? value[0] === rank - 1 : value.length === rank;
}

function attributeLatex(value: Attribute): string {
  if (typeof value === "number") return numberLatex(value);
  if (typeof value === "string") {
    return value.includes("->") ? subscriptsLatex(value) : nameLatex(value);
  }
  if (value instanceof Tensor) return "\\ldots";
  if (Array.isArray(value)) return value.map((one: Attribute) => attributeLatex(one)).join(",");
  if (typeof value === "object" && value !== null) {
    return Object.values(value)
      .map((one) => attributeLatex(one))
      .join(",");
  }
  return "";
}

/** `ij,jk->ik` as `ij,jk\to ik`. */
function subscriptsLatex(text: string): string {
  return text
    .replaceAll("->", "\\to ")
    .replaceAll("...", "\\ldots ")
    .replace(/[^\w\\, ]/g, "");
}
