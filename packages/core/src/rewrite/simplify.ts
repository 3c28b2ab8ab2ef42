import { isFloat } from "../dtype.ts";
import { ArgumentError, describe } from "../errors.ts";
import { Expr } from "../expr.ts";
import type { Op } from "../op.ts";
import { add, div, mul, neg, pow, sqrt, square, sub } from "../ops/arithmetic.ts";
import { cast } from "../ops/cast.ts";
import { literalValue } from "../ops/leaf.ts";
import { broadcastTo, reshape, transpose } from "../ops/movement.ts";
import { sameShape } from "../shape.ts";
import { topological, withArgs } from "../traverse.ts";
import { collected, finished } from "./collect.ts";
import { written } from "./display.ts";
import { Known } from "./known.ts";
import { rewriteOnce } from "./pattern.ts";
import {
  asAtom,
  atom,
  negated,
  numberPolynomial,
  type Polynomial,
  type Term,
} from "./polynomial.ts";
import { multiplied, raised, raisedTo } from "./powers.ts";
import { MINUS_ONE, type Rational, rational } from "./rational.ts";
import { rulesOfCalls, symbolOf } from "./rules.ts";

/**
 * The same expressions in the form that textbooks print, for reading.
 *
 * Sums and products are collected, fractions reduced in exact arithmetic, and known identities applied;
 * inside the domain no value changes beyond rounding. Where nothing applies an expression is returned as
 * it is. Iterative, deterministic, and with bounded work a node.
 */
export function simplify<E extends Expr>(expr: E): Expr;
export function simplify<const O extends readonly Expr[]>(
  exprs: O,
): { -readonly [K in keyof O]: Expr };
export function simplify(exprs: Expr | readonly Expr[]): unknown {
  const outputs = Array.isArray(exprs) ? (exprs as readonly unknown[]) : [exprs];
  for (const output of outputs) {
    if (!(output instanceof Expr)) {
      throw new ArgumentError(`simplify: there must be expressions, got ${describe(output)}`);
    }
  }
  const results = new Simplifier(outputs as readonly Expr[]).run();
  return exprs instanceof Expr ? results[0] : results;
}

/** Sums of more terms stay a factor of their own in others; bounds the work of one node. */
const MOST_TERMS = 64;

const HALF: Rational = rational(1n, 2n);
const TWO: Rational = rational(2n);

/** How ops of arithmetic act on sums of terms; `undefined` where no rule keeps every value. */
type Arithmetic = (known: Known, args: readonly Polynomial[]) => Polynomial | undefined;

/** Late-bound, so that importing this file builds no table. */
function arithmetic(): ReadonlyMap<Op, Arithmetic> {
  return new Map<Op, Arithmetic>([
    [mul.op, (known, [a, b]) => multiplied(known, a as Polynomial, b as Polynomial)],
    [
      div.op,
      (known, [a, b]) => {
        const below = raised(known, b as Polynomial, MINUS_ONE);
        return below && multiplied(known, a as Polynomial, below);
      },
    ],
    [square.op, (known, [a]) => raised(known, a as Polynomial, TWO)],
    [sqrt.op, (known, [a]) => raised(known, a as Polynomial, HALF)],
    [pow.op, (known, [a, b]) => raisedTo(known, a as Polynomial, b as Polynomial)],
    [broadcastTo.op, (_known, [a]) => a],
    [reshape.op, (_known, [a]) => uniform(a as Polynomial)],
    [transpose.op, (_known, [a]) => uniform(a as Polynomial)],
  ]);
}

/** What is made of numbers and scalars alone is the same number in every element. */
function uniform(terms: Polynomial): Polynomial | undefined {
  const scalar = terms.every(({ factors }) => factors.every(({ base }) => base.shape.length === 0));
  return scalar ? terms : undefined;
}

class Simplifier {
  readonly #known: Known = new Known();
  readonly #outputs: readonly Expr[];
  readonly #arithmetic: ReadonlyMap<Op, Arithmetic> = arithmetic();
  /** Sums inside of one other sum: their terms are gathered there, once. */
  readonly #inner: Set<Expr> = new Set();
  /** Sums before anything is taken out of them, for sums that they stand in. */
  readonly #terms: Map<Expr, Polynomial> = new Map();
  readonly #forms: Map<Expr, Polynomial> = new Map();
  readonly #made: Map<Expr, Expr> = new Map();

  constructor(outputs: readonly Expr[]) {
    this.#outputs = outputs;
  }

  run(): Expr[] {
    const { nodes } = topological(this.#outputs);
    const users = new Map<Expr, Expr | undefined>();
    for (const output of this.#outputs) users.set(output, undefined);
    for (const node of nodes) {
      for (const arg of node.args) users.set(arg, users.has(arg) ? undefined : node);
    }
    for (const node of nodes) {
      const user = users.get(node);
      if (user !== undefined && isSum(node) && isSum(user)) this.#inner.add(node);
    }
    for (const node of nodes) if (!this.#inner.has(node)) this.#form(node);
    return this.#outputs.map((output) => this.#expr(output));
  }

  /** A node as a sum of terms. Its arguments were visited before, so this goes few levels deep. */
  #form(node: Expr): Polynomial {
    let form = this.#forms.get(node);
    if (form === undefined) {
      form = this.#newForm(node);
      this.#forms.set(node, form);
    }
    return form;
  }

  #newForm(node: Expr): Polynomial {
    const literal = literalValue(node);
    if (literal !== undefined) return this.#literal(node, literal);
    if (isSum(node)) return finished(this.#known, this.#sum(node));
    const act = isFloat(node.dtype) ? this.#arithmetic.get(node.op) : undefined;
    if (act !== undefined) {
      const form = act(
        this.#known,
        node.args.map((arg) => this.#form(arg)),
      );
      if (form !== undefined) return form;
    }
    return this.#call(node);
  }

  /** −0, NaN and ∞ are no fractions, and truth values no numbers. */
  #literal(node: Expr, value: number): Polynomial {
    if (!Number.isFinite(value) || Object.is(value, -0) || node.dtype === "bool") return atom(node);
    const symbol = symbolOf(value);
    return symbol === undefined ? numberPolynomial(value) : this.#form(symbol);
  }

  /** All terms of a sum and of the sums inside of it. */
  #sum(root: Expr): Polynomial {
    const known = this.#terms.get(root);
    if (known !== undefined) return known;
    const terms: Term[] = [];
    const open: { readonly node: Expr; readonly minus: boolean }[] = [{ node: root, minus: false }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { node, minus } = next;
      if (node === root || this.#inner.has(node)) {
        const [a, b] = node.args as readonly [Expr, Expr | undefined];
        const turned = node.op === add.op ? minus : !minus;
        if (b !== undefined) open.push({ node: b, minus: turned });
        open.push({ node: a, minus: b === undefined ? turned : minus });
        continue;
      }
      const form = this.#summand(node);
      for (const one of minus ? negated(form) : form) terms.push(one);
    }
    const sum = collected(this.#known, terms);
    this.#terms.set(root, sum);
    return sum;
  }

  #summand(node: Expr): Polynomial {
    const form = isSum(node) ? this.#sum(node) : this.#form(node);
    return form.length <= MOST_TERMS ? form : atom(this.#expr(node));
  }

  /** A node that is no arithmetic, on simplified arguments. */
  #call(node: Expr): Polynomial {
    const early = rewriteOnce(rulesOfCalls, node);
    if (early !== undefined) return this.#form(early);
    const made = withArgs(
      node,
      node.args.map((arg) => this.#expr(arg)),
    );
    const late = made === node ? undefined : rewriteOnce(rulesOfCalls, made);
    if (late !== undefined) return this.#form(late);
    return atom(made);
  }

  /** A node as an expression again, of its own shape and type. */
  #expr(node: Expr): Expr {
    let made = this.#made.get(node);
    if (made === undefined) {
      const leaf = node.args.length === 0 && literalValue(node) === undefined;
      made = leaf ? node : this.#newExpr(node);
      this.#made.set(node, made);
    }
    return made;
  }

  #newExpr(node: Expr): Expr {
    const form = this.#form(node);
    const only = asAtom(form);
    const plain = only ?? written(this.#known, form, node.dtype);
    if (only === undefined && form.length > 1) this.#known.addSum(plain, form);
    else if (only === undefined && form.length === 1) {
      this.#known.addProduct(plain, form[0] as Term);
    }
    const typed = plain.dtype === node.dtype ? plain : cast(plain, node.dtype);
    return sameShape(typed.shape, node.shape) ? typed : broadcastTo(typed, node.shape);
  }
}

/** Whether a node adds, subtracts or negates real numbers. */
function isSum({ op, dtype }: Expr): boolean {
  return isFloat(dtype) && (op === add.op || op === sub.op || op === neg.op);
}
