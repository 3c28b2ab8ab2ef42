import { Expr } from "../expr.ts";
import { constant, transpose } from "../ops/index.ts";
import { type Built, Items, Word } from "./built.ts";
import { atIndices } from "./indexing.ts";
import { IndexReader } from "./indexReader.ts";
import { listOf } from "./lists.ts";
import { applyOperator, applyRelation, conditional, power } from "./operators.ts";
import { ParseError } from "./parseError.ts";
import { Access, type Call, Name, Numeral, Operator, type SyntaxNode } from "./syntax.ts";
import type { Token } from "./tokenize.ts";
import { withPlace } from "./withPlace.ts";

/** What names stand for while nodes are built. */
export interface Scope {
  /** The node of a name or a hole. */
  resolve(token: Token): Expr;
  /** The node of a function's call. */
  call(token: Token, args: readonly Built[]): Expr;
  /** Called with each operator and its token. */
  notice?(node: Operator, token: Token): void;
}

/** A part of an expression as a node. */
export function nodeOf(built: Built, scope: Scope): Expr {
  if (built instanceof Expr) return built;
  if (built instanceof Word) return scope.resolve(built.token);
  return listOf(built.items.map((item) => nodeOf(item, scope)));
}

/** Makes nodes of the graph from what was read. Without recursion: a sum may have 10⁶ terms. */
export class Builder {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #parts: ReadonlyMap<number, SyntaxNode>;
  readonly #indices: IndexReader;

  constructor(text: string, tokens: readonly Token[], parts: ReadonlyMap<number, SyntaxNode>) {
    this.#text = text;
    this.#tokens = tokens;
    this.#parts = parts;
    this.#indices = new IndexReader(parts, (node) => this.#number(node));
  }

  /** The node an expression stands for. */
  build(root: SyntaxNode, scope: Scope): Expr {
    const values: Built[] = [];
    for (const node of this.#operandsFirst(root)) {
      const count = operandsOf(node).length;
      const args = count === 0 ? [] : values.splice(-count);
      const token = this.#token(node instanceof Operator ? this.#sign(node) : node.first);
      values.push(withPlace(this.#text, token.start, () => this.#make(node, args, token, scope)));
    }
    const { start } = this.#token(root.first);
    return withPlace(this.#text, start, () => nodeOf(values[0] as Built, scope));
  }

  /** Every node after its operands, these in reading order. */
  #operandsFirst(root: SyntaxNode): readonly SyntaxNode[] {
    const order: SyntaxNode[] = [];
    const rest = [root];
    for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
      const part = node instanceof Name ? (this.#parts.get(node.first) ?? node) : node;
      order.push(part);
      for (const operand of operandsOf(part)) rest.push(operand);
    }
    return order.reverse();
  }

  #make(node: SyntaxNode, built: readonly Built[], token: Token, scope: Scope): Built {
    switch (node.kind) {
      case "number":
        return constant(this.#number(node));
      case "name":
        return token.kind === "hole" ? scope.resolve(token) : new Word(token);
      case "list":
        // An inner list is an array: only a flat one can be a shape.
        return new Items(
          token,
          built.map((item) => (item instanceof Items ? nodeOf(item, scope) : item)),
        );
      case "group":
        return nodeOf(built[0] as Built, scope);
      case "call":
        return this.#call(node, built, token, scope);
      default:
    }
    const args = built.map((value) => nodeOf(value, scope));
    const [first] = args as [Expr];
    switch (node.kind) {
      case "operator":
        scope.notice?.(node, token);
        if (isNegativeNumber(node)) return constant(-this.#number(node.args[0] as Numeral));
        if (this.#isNegativeInfinity(node)) return constant(Number.NEGATIVE_INFINITY);
        return applyOperator(node.fn, args);
      case "relation":
        return applyRelation(node.comparisons, args);
      case "conditional":
        return conditional(args);
      case "access":
        return atIndices(
          first,
          node.indices.map((index, axis) => this.#indices.read(index, first.shape[axis])),
        );
      case "transpose":
        return transpose(first);
      default:
        throw new ParseError(this.#text, token.start, "expected an expression, got a range");
    }
  }

  #call(node: Call, built: readonly Built[], token: Token, scope: Scope): Expr {
    if (!node.powered) return scope.call(token, built);
    const exponent = nodeOf(built.at(-1) as Built, scope);
    const args = built.slice(0, -1);
    return power(token.text, exponent, (text) => scope.call({ ...token, text }, args));
  }

  #number({ first }: Numeral): number {
    return Number(this.#token(first).text);
  }

  #token(at: number): Token {
    return this.#tokens[at] as Token;
  }

  /** `-Infinity` is a number, as `-2` is. */
  #isNegativeInfinity({ fn, args: [inner] }: Operator): boolean {
    if (fn !== "unaryMinus" || !(inner instanceof Name)) return false;
    const { kind, text } = this.#token(inner.first);
    return kind === "name" && text === "Infinity";
  }

  /** The token of an operator: it stands before its right operand and that one's own signs. */
  #sign({ args }: Operator): number {
    const right = (args.at(-1) as SyntaxNode).first;
    let at = this.#before(right);
    if (args.length === 1) return at;
    while (this.#isSign(at) && this.#isSign(this.#before(at))) at = this.#before(at);
    return this.#isSign(at) ? at : right;
  }

  #before(at: number): number {
    let before = at - 1;
    while (this.#tokens[before]?.kind === "newline") before--;
    return before;
  }

  #isSign(at: number): boolean {
    const token = this.#tokens[at];
    if (token?.kind === "name") return token.text === "mod";
    return token?.kind === "operator" && !/^[()[\]|',;]$/.test(token.text);
  }
}

/** The nodes that must be built first. Indices are no nodes, and `-2` is a number. */
function operandsOf(node: SyntaxNode): readonly SyntaxNode[] {
  if (node instanceof Access) return [node.object];
  if (node instanceof Numeral || node instanceof Name || isNegativeNumber(node)) return [];
  return node.args;
}

function isNegativeNumber(node: SyntaxNode): boolean {
  return node instanceof Operator && node.fn === "unaryMinus" && node.args[0] instanceof Numeral;
}
