import {
  type Bindings,
  backprop,
  type Contribution,
  constant,
  type Expr,
  fitting,
  isFloat,
  type Program,
  parameter,
  ruleOf,
  type Trace,
  type TraceNode,
  type TupleValue,
  topological,
} from "@chainrule/core";
import { cut } from "../cut.ts";
import { type DerivationOptions, type DerivationSettings, settingsOf } from "../options.ts";
import { nameSteps } from "../steps.ts";
import { wanted } from "../wanted.ts";
import { tidy } from "./tidy.ts";

/** A node of a tensor graph with its name and its value. */
export interface TensorQuantity {
  readonly node: Expr;
  /** A leaf that bears the name, in all expressions of the derivation. */
  readonly symbol: Expr;
  readonly name: string;
  readonly value: TupleValue | undefined;
}

/** A step of the forward pass. */
export interface TensorStep extends TensorQuantity {
  readonly definition: Expr;
}

/** What one user sends back: `(δ_z Wᵀ)`. */
export interface TensorTerm {
  readonly user: TensorQuantity;
  /** In the symbols of quantities and of adjoints. */
  readonly formula: Expr;
  /** The same with derivatives of functions of one variable by name, `f′(z)`. */
  readonly primed: Expr;
  readonly rules: readonly string[];
}

/** A derivative of a function of one variable that formulas refer to by name. */
export interface Primed {
  /** The leaf that stands for it. */
  readonly symbol: Expr;
  /** LaTeX of the function, and its argument in symbols. */
  readonly latex: string;
  readonly name: string;
  readonly argument: Expr;
  /** Its textbook form. */
  readonly shown: Expr;
}

/** The derivative of the output by a quantity, of the quantity's shape. */
export interface TensorAdjoint {
  readonly of: TensorQuantity;
  /** The leaf that stands for it in formulas. */
  readonly symbol: Expr;
  readonly terms: readonly TensorTerm[];
  readonly value: TupleValue | undefined;
}

/** The worked solution of a tensor graph, in matrix form, as data. */
export interface MatrixDerivation {
  readonly kind: "matrix";
  readonly output: TensorQuantity;
  readonly inputs: readonly TensorQuantity[];
  readonly steps: readonly TensorStep[];
  /** Of the steps, from the output down. */
  readonly adjoints: readonly TensorAdjoint[];
  /** Of what derivatives are asked by; without terms where no path leads there. */
  readonly derivatives: readonly TensorAdjoint[];
  readonly primed: readonly Primed[];
  readonly settings: DerivationSettings;
  readonly numbers: boolean;
}

/** Whether a graph has tensors, or ops with several results: then no path is a product of numbers. */
export function needsMatrices(output: Expr): boolean {
  return topological([output]).nodes.some(
    ({ op, shape, args }) =>
      shape.length > 0 ||
      op.items !== undefined ||
      (args.length > 0 && op.elementwise === undefined && op.partial === undefined),
  );
}

/**
 * The worked solution in matrix form: adjoints `δ` of the steps from the output down, then the
 * derivatives asked for, each by the rule of its users. The formulas are the contributions of
 * `backprop`, in the symbols of the steps and of the adjoints above them.
 */
export function matrixDerivation(
  output: Expr,
  program: Program | undefined,
  bindings: Bindings | undefined,
  options: DerivationOptions,
): MatrixDerivation {
  const symbolic = bindings === undefined;
  const trace = backprop(program ?? output, bindings ?? {}, { symbolic });
  const naming = nameSteps(trace, program, options.detail ?? 2);
  const numbers = !symbolic;
  const quantities = new Map<Expr, TensorQuantity>();
  const steps: TensorStep[] = [];
  for (const node of naming.nodes) {
    const quantity: TensorQuantity = {
      node,
      symbol: naming.standIns.get(node) as Expr,
      name: naming.names.get(node) as string,
      value: numbers ? trace.at(node)?.value : undefined,
    };
    quantities.set(node, quantity);
    if (node.args.length > 0)
      steps.push({ ...quantity, definition: cut(node, naming.standIns, node) });
  }
  const inputs = [...quantities.values()].filter(({ node }) => node.args.length === 0);
  const writer = new AdjointWriter(trace, quantities, numbers);
  const adjoints = [...steps].reverse().flatMap((step) => writer.adjoint(step) ?? []);
  const wrt =
    options.wrt === undefined
      ? inputs.filter(({ node }) => isFloat(node.dtype))
      : wanted(options.wrt, [...quantities.values()], program, (node, name) => {
          return { node, symbol: node, name, value: undefined };
        });
  return {
    kind: "matrix",
    output: quantities.get(output) as TensorQuantity,
    inputs,
    steps,
    adjoints,
    derivatives: wrt.map((by) => writer.adjoint(by) ?? writer.none(by)),
    primed: writer.primed(),
    settings: settingsOf(options, false),
    numbers,
  };
}

class AdjointWriter {
  readonly #trace: Trace;
  readonly #quantities: ReadonlyMap<Expr, TensorQuantity>;
  readonly #numbers: boolean;
  /** The leaf that stands for the adjoint of a quantity. */
  readonly #symbols = new Map<Expr, Expr>();
  readonly #primed = new Map<Expr, Primed>();

  constructor(trace: Trace, quantities: ReadonlyMap<Expr, TensorQuantity>, numbers: boolean) {
    this.#trace = trace;
    this.#quantities = quantities;
    this.#numbers = numbers;
    for (const [node, { name }] of quantities) {
      if (isFloat(node.dtype)) {
        this.#symbols.set(node, parameter(`δ_${name}`.slice(0, 100), node.shape, node.dtype));
      }
    }
  }

  adjoint(of: TensorQuantity): TensorAdjoint | undefined {
    const entry = this.#trace.at(of.node);
    const symbol = this.#symbols.get(of.node);
    if (entry?.adjoint === undefined || symbol === undefined) return undefined;
    const value = this.#numbers ? entry.adjoint : undefined;
    const terms = entry.contributions.map((term) => this.#term(entry, term));
    return { of, symbol, terms, value };
  }

  none(of: TensorQuantity): TensorAdjoint {
    const symbol = this.#symbols.get(of.node) ?? constant(0);
    return { of, symbol, terms: [], value: undefined };
  }

  primed(): readonly Primed[] {
    return [...this.#primed.values()];
  }

  #term({ node }: TraceNode, term: Contribution): TensorTerm {
    const inner: Contribution[] = [term];
    const rules: string[] = [];
    const tell = ({ user, index }: Contribution): void => {
      if (fitting(user) === undefined) rules.push(ruleOf(user, index));
    };
    tell(term);
    let user = term.user;
    // Up through what has no name, which is used once.
    for (;;) {
      if (this.#quantities.has(user)) break;
      const next = this.#trace.at(user)?.contributions[0];
      if (next === undefined) break;
      inner.push(next);
      tell(next);
      user = next.user;
    }
    const standIns = this.#standIns(user, node);
    const primes = new Map(standIns);
    for (const one of inner) {
      const prime = this.#prime(one, standIns);
      if (prime !== undefined) primes.set(one.partial?.computed as Expr, prime.symbol);
    }
    // An op with several results is no step: it is called by its kind.
    const quantity = this.#quantities.get(user) ?? {
      node: user,
      symbol: user,
      name: user.op.name,
      value: undefined,
    };
    return {
      user: quantity,
      formula: tidy(cut(this.#shown(term.expression, inner), standIns)),
      primed: tidy(cut(term.expression, primes)),
      rules: [...new Set(rules.length > 0 ? rules.reverse() : [ruleOf(term.user, term.index)])],
    };
  }

  /** The expression with textbook forms of the local partials in place of those computed. */
  #shown(expression: Expr, inner: readonly Contribution[]): Expr {
    const forms = new Map<Expr, Expr>();
    for (const { partial } of inner) {
      if (partial === undefined || partial.computed.args.length === 0) continue;
      if (!this.#quantities.has(partial.computed)) forms.set(partial.computed, partial.shown);
    }
    return forms.size === 0 ? expression : cut(expression, forms);
  }

  /**
   * Names of quantities, and of the adjoints above; that of the direct user goes first. The adjoint of
   * what stands below may be the same expression, as that of a summand: it is told by this one.
   */
  #standIns(user: Expr, node: Expr): ReadonlyMap<Expr, Expr> {
    const out = new Map<Expr, Expr>();
    const index = this.#trace.at(node)?.index ?? 0;
    const name = (one: Expr): void => {
      const entry = this.#trace.at(one);
      const adjoint = entry?.adjointExpression;
      const symbol = this.#symbols.get(one);
      if (symbol === undefined || adjoint === undefined || Array.isArray(adjoint)) return;
      const above = entry !== undefined && entry.index > index;
      if ((adjoint as Expr).args.length > 0 && above) out.set(adjoint as Expr, symbol);
    };
    for (const one of [...this.#quantities.keys()]) name(one);
    for (const [one, { symbol }] of this.#quantities) out.set(one, symbol);
    name(user);
    return out;
  }

  /** `σ′(z)` for the partial of an activation function, which has a name of its own in the field. */
  #prime({ user, partial }: Contribution, standIns: ReadonlyMap<Expr, Expr>): Primed | undefined {
    const { notation } = user.op;
    if (partial === undefined || notation.form !== "call" || user.args.length !== 1)
      return undefined;
    const { computed, shown } = partial;
    if (computed.args.length === 0 || this.#quantities.has(computed)) return undefined;
    const known = this.#primed.get(user);
    if (known !== undefined) return known;
    const made: Primed = {
      symbol: parameter(`${user.op.name}'`, computed.shape, computed.dtype),
      latex: notation.latex,
      name: user.op.name,
      argument: cut(user.args[0] as Expr, standIns),
      shown: cut(shown, standIns),
    };
    this.#primed.set(user, made);
    return made;
  }
}
