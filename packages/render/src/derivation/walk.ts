import type { ScalarDerivation } from "./derivation.ts";
import type { EquationLine, Formula } from "./document.ts";
import {
  factor,
  joined,
  number,
  numbersProduct,
  numbersSum,
  product,
  Symbols,
  substituted,
  symbolic,
} from "./formulas.ts";
import { line, relation, sign } from "./lines.ts";
import type { AdjointTerm, Component, Derivative, Quantity, Shown, Step } from "./quantity.ts";

/** A number with the sign that is true before it. */
export interface WalkNumber {
  readonly relation: "=" | "≈";
  readonly number: Formula;
}

/** A local derivative in its forms: `∂e/∂d`, what the rule makes of it, its number. */
export interface WalkLocal {
  readonly component: Component;
  readonly symbol: Formula;
  readonly shown: Formula;
  /** The same as a factor of a product, in parentheses where it is a sum. */
  readonly factor: Formula;
  readonly rules: readonly string[];
  /** None without values. */
  readonly value: WalkNumber | undefined;
}

/** What one user sends back: `upstream · local`. */
export interface WalkTerm {
  readonly user: Quantity;
  /** `∂L/∂e`, the adjoint of the user. */
  readonly upstream: Formula;
  readonly upstreamValue: WalkNumber | undefined;
  readonly local: WalkLocal;
  /** `−2 · 1` */
  readonly numbers: Formula | undefined;
  readonly value: WalkNumber | undefined;
}

/** One step of the walk: a value forward, or an adjoint backward. */
export interface WalkStep {
  readonly kind: "forward" | "backward";
  readonly quantity: Quantity;
  /** `e` forward, `∂L/∂e` backward. */
  readonly name: Formula;
  /** The step in full, line by line. */
  readonly lines: readonly EquationLine[];
  /** Backward: what the users send back; none for the output, whose adjoint is 1. */
  readonly terms: readonly WalkTerm[];
}

/** A derivation as a walk through its graph: forward step by step, then backward step by step. */
export interface Walk {
  readonly inputs: readonly Quantity[];
  readonly forward: readonly WalkStep[];
  /** From the output, whose adjoint is 1, down to the inputs. */
  readonly backward: readonly WalkStep[];
}

/**
 * The steps of reverse mode one at a time, for pages that show them so: each value from its operands,
 * then each adjoint as the sum of upstream times local over its users.
 *
 * To be given a derivation with `mostPaths: 0`; one that lists paths has no sums over users.
 */
export function walkOf(derivation: ScalarDerivation): Walk {
  const { inputs, steps, adjoints, derivatives, numbers } = derivation;
  const symbols = new Symbols(derivation.settings.notation);
  const own = new Set(adjoints.map(({ by }) => by.node));
  const leaves = derivatives.filter(({ by, method }) => !own.has(by.node) && method !== "none");
  return {
    inputs,
    forward: steps.map(
      (step) => new LazyStep("forward", step, () => forwardStep(step, symbols, numbers)),
    ),
    backward: [...adjoints, ...leaves].map(
      (one) => new LazyStep("backward", one.by, () => backwardStep(one, symbols, numbers)),
    ),
  };
}

/** A step whose formulas are written when they are first read: of hundreds, a page shows one. */
class LazyStep implements WalkStep {
  readonly kind: WalkStep["kind"];
  readonly quantity: Quantity;
  readonly #write: () => Written;
  #written: Written | undefined;

  constructor(kind: WalkStep["kind"], quantity: Quantity, write: () => Written) {
    this.kind = kind;
    this.quantity = quantity;
    this.#write = write;
  }

  get name(): Formula {
    return this.#all().name;
  }

  get lines(): readonly EquationLine[] {
    return this.#all().lines;
  }

  get terms(): readonly WalkTerm[] {
    return this.#all().terms;
  }

  #all(): Written {
    this.#written ??= this.#write();
    return this.#written;
  }
}

type Written = Pick<WalkStep, "name" | "lines" | "terms">;

function forwardStep(step: Step, symbols: Symbols, numbers: boolean): Written {
  const { definition, sources, value } = step;
  const name = symbols.name(step);
  const lines = [line(name, "=", symbolic(definition))];
  if (numbers) {
    const operands = sources.map((source) => source.value);
    lines.push(line(undefined, relation(operands), substituted(definition, sources)));
    lines.push(line(undefined, sign(value), number(value)));
  }
  return { name, lines, terms: [] };
}

function backwardStep(derivative: Derivative, symbols: Symbols, numbers: boolean): Written {
  const { of, by, value } = derivative;
  const name = symbols.total(of, by);
  const terms = derivative.terms.map((term) => termOf(term, of, symbols, numbers));
  if (terms.length === 0) return { name, terms, lines: [line(name, "=", number(value))] };
  const remark = terms.length > 1 ? "chain rule, sum over users" : "chain rule";
  const chain = joined(terms.map(({ upstream, local }) => product([upstream, local.symbol])));
  const lines = [line(name, "=", chain, remark)];
  if (!numbers) return { name, terms, lines };
  const factors = derivative.terms.map((term) => [term.upstreamValue, term.component.value]);
  const products = joined(factors.map((pair) => numbersProduct(pair)));
  lines.push(line(undefined, relation(factors.flat()), products));
  if (terms.length > 1) {
    const values = derivative.terms.map((term) => term.value);
    lines.push(line(undefined, relation(values), numbersSum(values)));
  }
  lines.push(line(undefined, sign(value), number(value)));
  return { name, terms, lines };
}

function termOf(term: AdjointTerm, of: Quantity, symbols: Symbols, numbers: boolean): WalkTerm {
  const { upstream, upstreamValue, component, value } = term;
  return {
    user: upstream,
    upstream: symbols.total(of, upstream),
    upstreamValue: numberOf(upstreamValue, numbers),
    local: localOf(component, symbols, numbers),
    numbers: numbers ? numbersProduct([upstreamValue, component.value]) : undefined,
    value: numberOf(value, numbers),
  };
}

function localOf(component: Component, symbols: Symbols, numbers: boolean): WalkLocal {
  const { shown, rules, value } = component;
  return {
    component,
    symbol: symbols.local(component),
    shown: symbolic(shown),
    factor: factor(shown),
    rules,
    value: numberOf(value, numbers),
  };
}

function numberOf(shown: Shown, numbers: boolean): WalkNumber | undefined {
  return numbers ? { relation: sign(shown), number: number(shown) } : undefined;
}
