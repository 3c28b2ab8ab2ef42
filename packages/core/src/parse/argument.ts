import { ArgumentError } from "../errors.ts";
import { Expr } from "../expr.ts";
import { constant, dimension, literalValue, variable } from "../ops/index.ts";
import type { Dim } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { type Built, Items, Word } from "./built.ts";

/** An argument of a function, as what the function takes it for. */
export class Argument {
  readonly #built: Built;
  readonly #resolve: (built: Built) => Expr;

  constructor(built: Built, resolve: (built: Built) => Expr) {
    this.#built = built;
    this.#resolve = resolve;
  }

  /** A node of the graph. */
  get expression(): Expr {
    return this.#resolve(this.#built);
  }

  get number(): number {
    const value = this.#built instanceof Expr ? literalValue(this.#built) : undefined;
    if (value !== undefined) return value;
    if (this.#built instanceof Word && /^(true|false)$/.test(this.#built.token.text)) {
      return Number(this.#built.token.text === "true");
    }
    throw new ArgumentError("an argument must be a number here, got an expression");
  }

  get flag(): boolean {
    return this.number !== 0;
  }

  /** A number, or a list of numbers. */
  get integers(): readonly number[] {
    if (!(this.#built instanceof Items)) return [this.number];
    return this.#built.items.map((item) => new Argument(item, this.#resolve).number);
  }

  get isText(): boolean {
    return this.#built instanceof Word && this.#built.token.kind === "text";
  }

  /** A text in quotes. */
  get text(): string {
    if (this.#built instanceof Word && this.#built.token.kind === "text") {
      return this.#built.token.text;
    }
    throw new ArgumentError("an argument must be a text in quotes here, got an expression");
  }

  /** The length of an axis: a number or a name. */
  get size(): Dim {
    if (this.#built instanceof Word) return this.#built.token.text;
    const { op, attributes } = this.#built instanceof Expr ? this.#built : this.expression;
    const named = op === variable.op || op === dimension.op;
    return named ? (attributes["name"] as string) : this.number;
  }

  /** A list of sizes. */
  get shape(): readonly Dim[] {
    if (!(this.#built instanceof Items)) return [this.size];
    return this.#built.items.map((item) => new Argument(item, this.#resolve).size);
  }

  /** Whole numbers that pick elements; written in the text, they are integers. */
  get indices(): Expr {
    const node = this.expression;
    const { value } = node.attributes;
    if (node.op !== constant.op || node.dtype !== "f64") return node;
    const items = value instanceof Tensor ? Array.from(value.data) : [value as number];
    return items.every(Number.isInteger) ? constant(value as number | Tensor, "i32") : node;
  }
}
