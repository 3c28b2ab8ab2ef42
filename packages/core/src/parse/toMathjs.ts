import type { MathNode } from "mathjs";
import { ArgumentError } from "../errors.ts";
import type { Expr } from "../expr.ts";
import { literalValue } from "../ops/index.ts";
import { Tensor } from "../tensor.ts";
import { topological } from "../traverse.ts";
import { functions } from "./functions.ts";
import { defaultClasses, MathjsBuilder, type MathjsClasses } from "./mathjsClasses.ts";

/** Options of `toMathjs`. */
export interface ToMathjsOptions {
  /** The instance of mathjs the tree is for; by default that of `import … from "mathjs"`. */
  readonly mathjs?: MathjsClasses;
  /**
   * Whether functions that mathjs lacks are written out, `1 / (1 + exp(-x))` for σ(x) (default);
   * otherwise they keep their names, and `fromMathjs` gives the same node back.
   */
  readonly expand?: boolean;
}

type Write = (nodes: MathjsBuilder, args: readonly MathNode[]) => MathNode;

/** Operators by the name of our op: sign and name of mathjs's function. */
const operators: ReadonlyMap<string, readonly [string, string]> = new Map([
  ["add", ["+", "add"]],
  ["sub", ["-", "subtract"]],
  ["mul", ["*", "multiply"]],
  ["matmul", ["*", "multiply"]],
  ["div", ["/", "divide"]],
  ["pow", ["^", "pow"]],
  ["mod", ["mod", "mod"]],
  ["equal", ["==", "equal"]],
  ["notEqual", ["!=", "unequal"]],
  ["less", ["<", "smaller"]],
  ["lessEqual", ["<=", "smallerEq"]],
  ["greater", [">", "larger"]],
  ["greaterEqual", [">=", "largerEq"]],
  ["logicalAnd", ["and", "and"]],
  ["logicalOr", ["or", "or"]],
  ["logicalNot", ["not", "not"]],
] as const);

/** Between arrays mathjs's own signs are those of matrices. */
const dotted: ReadonlyMap<string, readonly [string, string]> = new Map([
  ["mul", [".*", "dotMultiply"]],
  ["div", ["./", "dotDivide"]],
  ["pow", [".^", "dotPow"]],
] as const);

/** Functions of mathjs that mean what ours do, by our names. */
const shared: ReadonlySet<string> = new Set(
  (
    "abs acos acosh asin asinh atan atan2 atanh cbrt ceil cos cosh erf exp expm1 floor hypot log " +
    "log10 log1p log2 max min round sign sin sinh sqrt tan tanh transpose"
  ).split(" "),
);

const plus = (nodes: MathjsBuilder, a: MathNode, b: MathNode): MathNode =>
  nodes.operator("+", "add", [a, b]);
const over = (nodes: MathjsBuilder, a: MathNode, b: MathNode): MathNode =>
  nodes.operator("/", "divide", [a, b]);
const minus = (nodes: MathjsBuilder, a: MathNode): MathNode =>
  nodes.operator("-", "unaryMinus", [a]);

/** What mathjs has no function for, in terms of what it has. */
const expansions: ReadonlyMap<string, Write> = new Map<string, Write>([
  [
    "sigmoid",
    (nodes, [x]) => {
      const exp = nodes.call("exp", [minus(nodes, x as MathNode)]);
      return over(nodes, nodes.number(1), plus(nodes, nodes.number(1), exp));
    },
  ],
  [
    "logSigmoid",
    (nodes, [x]) => {
      const exp = nodes.call("exp", [minus(nodes, x as MathNode)]);
      return minus(nodes, nodes.call("log", [plus(nodes, nodes.number(1), exp)]));
    },
  ],
  [
    "softplus",
    (nodes, [x]) =>
      nodes.call("log", [plus(nodes, nodes.number(1), nodes.call("exp", [x as MathNode]))]),
  ],
  ["square", (nodes, [x]) => nodes.operator("^", "pow", [x as MathNode, nodes.number(2)])],
  ["reciprocal", (nodes, [x]) => over(nodes, nodes.number(1), x as MathNode)],
]);

/**
 * An expression as a tree of mathjs's nodes, for its `simplify`, `derivative`, `toTex` and others.
 *
 * Subterms that are used twice are one object. Throws ArgumentError for what mathjs cannot say.
 */
export function toMathjs(expr: Expr, options: ToMathjsOptions = {}): MathNode {
  const nodes = new MathjsBuilder(options.mathjs ?? defaultClasses);
  const expand = options.expand ?? true;
  const done = new Map<Expr, MathNode>();
  for (const node of topological([expr]).nodes) {
    const args = node.args.map((arg) => done.get(arg) as MathNode);
    done.set(node, write(nodes, node, args, expand));
  }
  return done.get(expr) as MathNode;
}

function write(
  nodes: MathjsBuilder,
  node: Expr,
  args: readonly MathNode[],
  expand: boolean,
): MathNode {
  const { name } = node.op;
  if (args.length === 0) return leaf(nodes, node);
  const arrays = node.args.every(({ shape }) => shape.length > 0);
  const sign = (arrays ? dotted.get(name) : undefined) ?? operators.get(name);
  if (sign !== undefined) return nodes.operator(...sign, args);
  if (name === "neg") {
    // -2 is a number; the opposite of the number 2 is -(2).
    const literal = literalValue(node.args[0] as Expr) !== undefined;
    return minus(nodes, literal ? nodes.group(args[0] as MathNode) : (args[0] as MathNode));
  }
  if (name === "where") return nodes.conditional(args);
  if (shared.has(name)) return nodes.call(name, args);
  const expansion = expand ? expansions.get(name) : undefined;
  if (expansion !== undefined) return expansion(nodes, args);
  if (name === "stack" && node.attributes["axis"] === 0) return nodes.list(args);
  if (name === "abstract") return nodes.call(node.attributes["name"] as string, args);
  const plain = functions.has(name) && Object.keys(node.attributes).length === 0;
  if (plain) return nodes.call(name, args);
  throw new ArgumentError(`toMathjs: mathjs must know the operation, got ${name}`);
}

function leaf(nodes: MathjsBuilder, { op, attributes, dtype }: Expr): MathNode {
  const { name, value } = attributes;
  if (typeof name === "string") return nodes.symbol(name);
  if (typeof value === "number") {
    return dtype === "bool" ? nodes.boolean(value !== 0) : nodes.number(value);
  }
  if (value instanceof Tensor) return list(nodes, value);
  throw new ArgumentError(`toMathjs: a leaf must be a name or a number, got ${op.name}`);
}

/** The elements in nested arrays, built from the innermost. */
function list(nodes: MathjsBuilder, { shape, data }: Tensor): MathNode {
  let level = Array.from(data, (item) => nodes.number(item));
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    const next: MathNode[] = [];
    for (let at = 0; at < level.length; at += size) {
      next.push(nodes.list(level.slice(at, at + size)));
    }
    level = next;
  }
  return level[0] as MathNode;
}
