import { isInput } from "../bind.ts";
import type { Expr } from "../expr.ts";
import { argument, dimension, namedConstant } from "../ops/leaf.ts";
import { toText } from "../print.ts";
import type { Polynomial, Term } from "./polynomial.ts";
import { toNumber } from "./rational.ts";

/** `base ^ exponent` of an exponent that is no number. */
export interface SymbolicPower {
  readonly base: Expr;
  readonly exponent: Polynomial;
}

/** What a factor of a product is, in the order in which factors are written. */
export const kinds = ["constant", "symbol", "power", "call", "sum"] as const;
export type Kind = (typeof kinds)[number];

/** Texts of longer expressions are not compared: the order in which they were met stays. */
const LONGEST_TEXT = 200;

/** What one run of `simplify` knows of the expressions that it made or left. */
export class Known {
  /** Bases that are sums, by their terms. */
  readonly sums: Map<Expr, Polynomial> = new Map();
  /** Sums of two terms: equal for those that differ in coefficients only. */
  readonly pairs: Map<Expr, string> = new Map();
  /** Bases that are products or numbers; they stand under exponents that are not whole. */
  readonly products: Map<Expr, Term> = new Map();
  readonly powers: Map<Expr, SymbolicPower> = new Map();
  /** Sums that were factors before, by their terms. */
  readonly factors: Map<string, Expr> = new Map();
  /** Sums with the fractions of their terms taken out, where they have any. */
  readonly cleared: Map<Expr, Term> = new Map();
  readonly #degrees: Map<Expr, number> = new Map();
  readonly #sizes: Map<Expr, number> = new Map();
  readonly #texts: Map<Expr, string> = new Map();

  kindOf(base: Expr): Kind {
    if (this.sums.has(base)) return "sum";
    if (this.powers.has(base)) return "power";
    if (this.products.has(base)) return base.args.length === 0 ? "constant" : "sum";
    if (base.op === namedConstant.op) return "constant";
    const leaf = isInput(base) || base.op === argument.op || base.op === dimension.op;
    return leaf ? "symbol" : "call";
  }

  /** A base that is a sum. */
  addSum(base: Expr, terms: Polynomial): void {
    if (this.sums.has(base)) return;
    this.#degrees.set(base, this.degreeOfTerms(terms));
    this.sums.set(base, terms);
    const [a, b] = terms;
    if (terms.length === 2 && a !== undefined && b !== undefined) {
      this.pairs.set(base, a.key < b.key ? `${a.key}+${b.key}` : `${b.key}+${a.key}`);
    }
  }

  /** A base that is a product or a number. */
  addProduct(base: Expr, product: Term): void {
    if (this.products.has(base)) return;
    this.#degrees.set(base, this.degreeOfTerms([product]));
    this.products.set(base, product);
  }

  /** Total degree in the symbols: of a sum that of its leading term, of calls and powers 0. */
  degreeOf(base: Expr): number {
    return this.#degrees.get(base) ?? (this.kindOf(base) === "symbol" ? 1 : 0);
  }

  degreeOfTerms(terms: Polynomial): number {
    let degree = Number.NEGATIVE_INFINITY;
    for (const one of terms) degree = Math.max(degree, this.termDegree(one));
    return degree;
  }

  termDegree({ factors }: Term): number {
    let degree = 0;
    for (const { base, exponent } of factors) degree += toNumber(exponent) * this.degreeOf(base);
    return degree;
  }

  /** How an expression reads; empty where it is long. */
  textOf(expr: Expr): string {
    let text = this.#texts.get(expr);
    if (text === undefined) {
      text = this.#sizeOf(expr) <= LONGEST_TEXT ? toText(expr) : "";
      this.#texts.set(expr, text);
    }
    return text;
  }

  /** Nodes of an expression written out. */
  #sizeOf(expr: Expr): number {
    const open = [expr];
    for (let node = open.at(-1); node !== undefined; node = open.at(-1)) {
      let size = 1;
      let ready = true;
      for (const arg of node.args) {
        const known = this.#sizes.get(arg);
        if (known === undefined) {
          open.push(arg);
          ready = false;
        } else size += known;
      }
      if (!ready) continue;
      this.#sizes.set(node, size);
      open.pop();
    }
    return this.#sizes.get(expr) as number;
  }
}
