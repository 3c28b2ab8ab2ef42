import { ArgumentError } from "./errors.ts";
import { Expr, type Lambda } from "./expr.ts";
import { filledFactors, fitting } from "./matrixNotation.ts";
import { matmul } from "./ops/contraction.ts";
import { reshape } from "./ops/movement.ts";
import { attributeTexts, nameText } from "./printAtoms.ts";
import {
  type NodeStyle,
  namePiece,
  numberPiece,
  type Piece,
  printNode,
  transposedPiece,
} from "./printNode.ts";
import { type Order, topological } from "./traverse.ts";

/** Options of `toText`. */
export interface TextOptions {
  /** Names that stand for nodes inside the expressions, in place of what they are made of. */
  readonly names?: ReadonlyMap<Expr, string>;
  /** Written numbers that stand for nodes, such as `-0.5` for a variable. */
  readonly numerals?: ReadonlyMap<Expr, string>;
  /** Significant digits of numbers; by default as many as tell a number from all others. */
  readonly digits?: number;
  /** `exact` (default) is read back as the same nodes; `reading` writes `x^2` for every square. */
  readonly style?: "exact" | "reading";
  /**
   * Whether subterms used more than once are defined by name before they are used, so that the text
   * grows with the graph: `t1 = a + b; t1 t1`. By default only where the text would explode.
   */
  readonly share?: boolean;
}

/** Written out, a graph may take so many terms more than it has nodes before names are used. */
const SHARE_BEYOND = 10_000;

/** A subterm of more nodes than this is worth a name. */
const WORTH_A_NAME = 3;

/** Nesting at which a shared text starts a new definition; the reader of texts takes 1000 levels. */
const DEEPEST = 200;

/**
 * Expressions as text, several separated by `;`: reading it gives the same nodes, for all that text
 * can say; the rest is written as calls.
 *
 * Linear in the graph and its text, without recursion.
 */
export function toText(expr: Expr | readonly Expr[], options: TextOptions = {}): string {
  const outputs = expr instanceof Expr ? [expr] : expr;
  const { digits } = options;
  if (digits !== undefined && !(Number.isInteger(digits) && digits >= 1 && digits <= 100)) {
    throw new ArgumentError(`toText: digits must be a whole number from 1 to 100, got ${digits}`);
  }
  const order = topological(outputs);
  const { nodes } = order;
  const shared = sharedNodes(order, outputs, options);
  const names = newNames(nodes, shared, options.names);
  const reading = options.style === "reading";
  const filled = reading ? filledFactors(nodes) : new Set<Expr>();
  const style: NodeStyle = {
    reading,
    digits,
    fills: (node) => filled.has(node),
    attributes: (node) => attributeTexts(node, (body) => lambdaText(body, options)),
  };
  const pieces: Piece[] = new Array(nodes.length);
  const whole: (Piece | undefined)[] = new Array(nodes.length);
  const definitions: string[] = [];
  const wanted = new Set(outputs);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as Expr;
    const numeral = options.numerals?.get(node);
    if (numeral !== undefined) {
      pieces[i] = numberPiece(numeral);
      continue;
    }
    const name = names.get(node);
    const defined = shared.has(node);
    let piece: Piece | undefined;
    if (name === undefined || defined || wanted.has(node)) {
      const { op, args } = written(node);
      const texts = args.map((arg) => pieces[order.indexOf(arg)] as Piece);
      // Alone, `v = x` would hide what it does to a name.
      const alone = wanted.has(node) && names.has(args[0] as Expr);
      const fit = reading && !alone ? fitting(op) : undefined;
      const operand = texts[0] as Piece;
      if (fit === "same") piece = operand;
      else piece = fit === undefined ? printNode(op, texts, style) : transposedPiece(operand);
      whole[i] = piece;
    }
    if (defined) definitions.push(`${nameText(name as string)} = ${piece?.text}`);
    pieces[i] = name === undefined ? (piece as Piece) : namePiece(name);
  }
  const results = outputs.map((node) => {
    const at = order.indexOf(node);
    return ((shared.has(node) ? undefined : whole[at]) ?? (pieces[at] as Piece)).text;
  });
  return [...definitions, ...results].join("; ");
}

/** The node that a text shows, and its operands: a product of vectors hides how their axes are fitted. */
function written(node: Expr): { op: Expr; args: readonly Expr[] } {
  const product = node.op === reshape.op ? node.args[0] : undefined;
  if (product?.op !== matmul.op) return { op: node, args: node.args };
  const sources = product.args.map((arg) => (arg.op === reshape.op ? (arg.args[0] as Expr) : arg));
  for (const a of new Set([sources[0] as Expr, product.args[0] as Expr])) {
    for (const b of new Set([sources[1] as Expr, product.args[1] as Expr])) {
      const ranks = [a.shape.length, b.shape.length];
      if (ranks.includes(1) && !ranks.includes(0) && fits(a, b) && matmul(a, b) === node) {
        return { op: product, args: [a, b] };
      }
    }
  }
  return { op: node, args: node.args };
}

/** Whether a matrix product of these exists. */
function fits(a: Expr, b: Expr): boolean {
  const lead = Math.max(a.shape.length, b.shape.length) <= 2;
  return lead && a.shape.at(-1) === b.shape.at(b.shape.length === 1 ? -1 : -2);
}

/** The nodes that are defined by name: used more than once, or nested too deep to be read. */
function sharedNodes(
  order: Order,
  outputs: readonly Expr[],
  { share, names }: TextOptions,
): ReadonlySet<Expr> {
  const shared = new Set<Expr>();
  if (share === false || (share === undefined && !explodes(order, outputs, names))) return shared;
  const { nodes } = order;
  const uses = new Float64Array(nodes.length);
  const sizes = new Float64Array(nodes.length);
  const depths = new Float64Array(nodes.length);
  for (const output of outputs) count(uses, order.indexOf(output));
  for (const { args } of nodes) for (const arg of args) count(uses, order.indexOf(arg));
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at] as Expr;
    let size = 1;
    let depth = 0;
    for (let i = 0; i < node.args.length; i++) {
      const arg = order.indexOf(node.args[i] as Expr);
      // The left operands of a long sum stand in one line.
      const inline = i === 0 && node.args[0]?.op === node.op && node.op.notation.form === "infix";
      size += sizes[arg] as number;
      depth = Math.max(depth, (depths[arg] as number) + (inline ? 0 : 1));
    }
    const often = (uses[at] as number) > 1 && size > WORTH_A_NAME;
    const define = often || depth > DEEPEST || names?.has(node) === true;
    if (node.args.length > 0 && define) shared.add(node);
    sizes[at] = shared.has(node) ? 1 : size;
    depths[at] = shared.has(node) ? 0 : depth;
  }
  for (const output of outputs) if (uses[order.indexOf(output)] === 1) shared.delete(output);
  return shared;
}

function count(counts: Float64Array, at: number): void {
  counts[at] = (counts[at] as number) + 1;
}

/** Whether the text without definitions would be far longer than the graph. */
function explodes(
  order: Order,
  outputs: readonly Expr[],
  names: ReadonlyMap<Expr, string> | undefined,
): boolean {
  const sizes = new Float64Array(order.nodes.length);
  for (let i = 0; i < sizes.length; i++) {
    let size = 1;
    for (const arg of (order.nodes[i] as Expr).args) {
      size += names?.has(arg) === true ? 1 : (sizes[order.indexOf(arg)] as number);
    }
    sizes[i] = size;
  }
  let total = 0;
  for (const output of outputs) total += sizes[order.indexOf(output)] as number;
  return total > 2 * order.nodes.length + SHARE_BEYOND;
}

/** The names given, and `t1`, `t2` … for shared nodes without one, apart from all names in use. */
function newNames(
  nodes: readonly Expr[],
  shared: ReadonlySet<Expr>,
  given: ReadonlyMap<Expr, string> | undefined,
): ReadonlyMap<Expr, string> {
  const names = new Map(given ?? []);
  const taken = new Set(names.values());
  for (const { attributes } of nodes) {
    if (typeof attributes["name"] === "string") taken.add(attributes["name"]);
  }
  let count = 0;
  for (const node of nodes) {
    if (!shared.has(node) || names.has(node)) continue;
    do count++;
    while (taken.has(`t${count}`));
    names.set(node, `t${count}`);
  }
  return names;
}

/** `(arg_0, arg_1) => result`: the body of a loop or a function. */
function lambdaText({ inputs, outputs }: Lambda, options: TextOptions): string {
  const parameters = inputs.map((_, i) => `arg_${i}`).join(", ");
  const body = toText(outputs, { ...options, names: new Map() });
  return `(${parameters}) => ${body}`;
}
