import { ArgumentError, ShapeError } from "../errors.ts";
import type { Dim } from "../shape.ts";
import type { Index } from "./indexing.ts";
import { END, Group, Name, Numeral, Operator, Range, START, type SyntaxNode } from "./syntax.ts";

/** What an index may be computed by, `end - 1`. */
const arithmetic: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ["add", (a, b) => a + b],
  ["subtract", (a, b) => a - b],
  ["multiply", (a, b) => a * b],
  ["unaryMinus", (a) => -a],
  ["unaryPlus", (a) => a],
]);

/** Reads indices, which are whole numbers known beforehand. */
export class IndexReader {
  readonly #parts: ReadonlyMap<number, SyntaxNode>;
  readonly #numberOf: (node: Numeral) => number;

  constructor(parts: ReadonlyMap<number, SyntaxNode>, numberOf: (node: Numeral) => number) {
    this.#parts = parts;
    this.#numberOf = numberOf;
  }

  /** The index that was written for an axis of this length. */
  read(node: SyntaxNode, size: Dim | undefined): Index {
    if (!(node instanceof Range)) return this.#integer(node, size);
    const [start, end, step] = node.args as [SyntaxNode, SyntaxNode, SyntaxNode | undefined];
    if (step === undefined && start.first === START && end.first === END) return undefined;
    return {
      start: start.first === START ? 1 : this.#integer(start, size),
      end: this.#integer(end, size),
      step: step === undefined ? 1 : this.#integer(step, size),
    };
  }

  #integer(root: SyntaxNode, size: Dim | undefined): number {
    const order: SyntaxNode[] = [];
    const rest = [root];
    for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
      const part = node instanceof Name ? (this.#parts.get(node.first) ?? node) : node;
      order.push(part);
      if (part instanceof Operator || part instanceof Group) rest.push(...part.args);
    }
    const values: number[] = [];
    for (const node of order.reverse()) {
      if (node instanceof Group) continue;
      const args = node instanceof Operator ? values.splice(-node.args.length) : [];
      values.push(this.#value(node, args, size));
    }
    const [value] = values as [number];
    if (Number.isInteger(value)) return value;
    throw new ArgumentError(`an index must be a whole number, got ${value}`);
  }

  #value(node: SyntaxNode, [a, b]: readonly number[], size: Dim | undefined): number {
    if (node instanceof Numeral) return this.#numberOf(node);
    if (node.first === END) {
      if (typeof size === "number") return size;
      throw new ShapeError(`end must stand for a number, got an axis of ${size ?? "no length"}`);
    }
    const compute = node instanceof Operator ? arithmetic.get(node.fn) : undefined;
    if (compute !== undefined) return compute(a as number, b as number);
    throw new ArgumentError("an index must be a whole number or a range, got an expression");
  }
}
