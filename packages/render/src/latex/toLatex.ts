import { type Expr, filledFactors, fitting, type Lambda, reshape } from "@chainrule/core";
import type { Digits, Rounding } from "../number/roundNumber.ts";
import { breakLines } from "./breakLines.ts";
import type { LatexPiece } from "./latexPiece.ts";
import { nameLatex } from "./nameLatex.ts";
import {
  namePiece,
  numberPiece,
  onesPiece,
  printNode,
  reshapePiece,
  symbolPiece,
  topPiece,
} from "./printNode.ts";
import { reachable, shareNodes } from "./shareNodes.ts";

/** Options of `toLatex`. */
export interface LatexOptions {
  /** Names that stand for nodes inside the expression, in place of what they are made of. */
  readonly names?: ReadonlyMap<Expr, string>;
  /** The same as LaTeX, such as `\delta^{(2)}` for a node or `\hat y` for a variable. */
  readonly symbols?: ReadonlyMap<Expr, string>;
  /** Written numbers that stand for nodes: `-0.5`, `1.5\times 10^{-9}`. */
  readonly numerals?: ReadonlyMap<Expr, string>;
  /** Digits of numbers, significant or after the point; by default all. */
  readonly digits?: Digits | undefined;
  readonly rounding?: Rounding | undefined;
  /**
   * Whether subterms used more than once get names, `\delta_{1}`, that are explained after `where`;
   * by default only where the formula would be far longer than the graph.
   */
  readonly share?: boolean;
  /** Letters of a line after which a sum is broken before its next sign; by default 100. */
  readonly width?: number;
}

/** A formula with names for its shared subterms, each defined before it is used. */
export interface LatexParts {
  readonly definitions: readonly { readonly name: string; readonly lines: readonly string[] }[];
  /** One formula an expression, each broken into lines. */
  readonly results: readonly (readonly string[])[];
}

/** Letters that a line of a slide or a page bears. */
const WIDTH = 100;

/**
 * An expression as LaTeX for math mode; only amsmath is needed.
 *
 * Precedence decides parentheses; two numerals never touch; names are escaped. Nothing below a named
 * node is looked at. Linear in the graph above the names, without recursion.
 */
export function toLatex(expr: Expr, options: LatexOptions = {}): string {
  const { definitions, results } = latexParts([expr], options);
  const [first = []] = results;
  if (definitions.length === 0 && first.length === 1) return first[0] as string;
  const rows = [...aligned("", first)];
  definitions.forEach(({ name, lines }, i) => {
    const where = i === 0 ? "\\text{where } " : "";
    rows.push(...aligned(`${where}${name} = `, lines));
  });
  return `\\begin{aligned}${rows.join(" \\\\ ")}\\end{aligned}`;
}

/** Rows of `aligned`, those after the first moved in. */
function aligned(head: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => (i === 0 ? `& ${head}${line}` : `& \\quad ${line}`));
}

/** Several expressions with common names for the subterms they share. */
export function latexParts(exprs: readonly Expr[], options: LatexOptions = {}): LatexParts {
  const stop = new Set<Expr>();
  for (const table of [options.names, options.symbols, options.numerals]) {
    for (const node of table?.keys() ?? []) stop.add(node);
  }
  const nodes = reachable(exprs, stop);
  const filled = filledFactors(nodes);
  const shared = shareNodes(nodes, exprs, stop, options.share);
  const names = freshNames(nodes, shared, options);
  const pieces = new Map<Expr, LatexPiece>();
  const definitions: { name: string; lines: readonly string[] }[] = [];
  const width = options.width ?? WIDTH;
  for (const node of nodes) {
    const made = given(node, options) ?? printed(node, pieces, filled, options);
    const name = names.get(node);
    if (name === undefined) pieces.set(node, made);
    else {
      pieces.set(node, symbolPiece(name));
      definitions.push({ name, lines: breakLines(made, width) });
    }
  }
  const results = exprs.map((expr) => breakLines(pieces.get(expr) as LatexPiece, width));
  return { definitions, results };
}

/** LaTeX in one line, with what its surroundings must know. */
export function latexPiece(expr: Expr, options: LatexOptions = {}): LatexPiece {
  const stop = new Set<Expr>();
  for (const table of [options.names, options.symbols, options.numerals]) {
    for (const node of table?.keys() ?? []) stop.add(node);
  }
  const pieces = new Map<Expr, LatexPiece>();
  const nodes = reachable([expr], stop);
  const filled = filledFactors(nodes);
  for (const node of nodes) {
    pieces.set(node, given(node, options) ?? printed(node, pieces, filled, options));
  }
  return pieces.get(expr) as LatexPiece;
}

function given(node: Expr, { names, symbols, numerals }: LatexOptions): LatexPiece | undefined {
  const numeral = numerals?.get(node);
  if (numeral !== undefined) return numberPiece(numeral);
  const symbol = symbols?.get(node);
  if (symbol !== undefined) return symbolPiece(symbol);
  const name = names?.get(node);
  return name === undefined ? undefined : namePiece(name);
}

function printed(
  node: Expr,
  pieces: ReadonlyMap<Expr, LatexPiece>,
  filled: ReadonlySet<Expr>,
  options: LatexOptions,
): LatexPiece {
  const args = node.args.map((arg) => pieces.get(arg) as LatexPiece);
  const fit = fitting(node);
  if (fit !== undefined)
    return fit === "same" ? (args[0] as LatexPiece) : topPiece(args[0] as LatexPiece);
  if (node.op === reshape.op) return reshapePiece(node, args[0] as LatexPiece);
  if (filled.has(node)) return onesPiece(args[0] as LatexPiece);
  const { digits, rounding } = options;
  const format = digits === undefined ? undefined : { digits, rounding };
  return printNode(node, args, { format, lambda: (body) => lambdaLatex(body, options) });
}

/** `(x_{0}, x_{1}) \mapsto x_{0} + x_{1}`: the body of a loop or a function. */
function lambdaLatex({ inputs, outputs }: Lambda, { digits, rounding }: LatexOptions): string {
  const parameters = inputs.map((_, i) => `x_{${i}}`).join(", ");
  const bodies = outputs.map((output) => toLatex(output, { digits, rounding }));
  const head = inputs.length === 1 ? parameters : `(${parameters})`;
  return `${head} \\mapsto ${bodies.length === 1 ? bodies[0] : `(${bodies.join(", ")})`}`;
}

/** `\delta_{1}`, `\delta_{2}` … apart from all symbols in use. */
function freshNames(
  nodes: readonly Expr[],
  shared: ReadonlySet<Expr>,
  { names, symbols }: LatexOptions,
): ReadonlyMap<Expr, string> {
  const out = new Map<Expr, string>();
  if (shared.size === 0) return out;
  const taken = new Set<string>(symbols?.values() ?? []);
  for (const name of names?.values() ?? []) taken.add(nameLatex(name));
  for (const { attributes } of nodes) {
    if (typeof attributes["name"] === "string") taken.add(nameLatex(attributes["name"]));
  }
  let count = 0;
  for (const node of nodes) {
    if (!shared.has(node)) continue;
    do count++;
    while (taken.has(`\\delta_{${count}}`));
    out.set(node, `\\delta_{${count}}`);
  }
  return out;
}
