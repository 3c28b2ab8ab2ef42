import type { Expr, Trace } from "@chainrule/core";
import { type Arithmetic, printedValue } from "./arithmetic.ts";
import { isOne } from "./components.ts";
import type { DerivationSettings } from "./options.ts";
import type { AdjointTerm, ChainPath, Component, Derivative, Quantity, Shown } from "./quantity.ts";

/** A use of a quantity by a step, with its component. */
interface Use {
  readonly user: Quantity;
  readonly component: Component;
}

/** The chain rule between steps: derivatives of the output by paths, or by upstream derivatives. */
export class Chains {
  readonly #output: Quantity;
  readonly #uses: ReadonlyMap<Expr, readonly Use[]>;
  readonly #order: readonly Quantity[];
  readonly #counts: ReadonlyMap<Expr, bigint>;
  readonly #trace: Trace;
  readonly #arithmetic: Arithmetic;
  readonly #settings: DerivationSettings;
  readonly #known = new Map<Expr, Derivative>();
  readonly #mergers = new Map<Component, Component>();

  constructor(
    output: Quantity,
    all: readonly Quantity[],
    components: ReadonlyMap<Expr, readonly Component[]>,
    trace: Trace,
    arithmetic: Arithmetic,
    settings: DerivationSettings,
  ) {
    this.#output = output;
    this.#order = all;
    this.#trace = trace;
    this.#arithmetic = arithmetic;
    this.#settings = settings;
    this.#uses = usesOf(components);
    this.#counts = countPaths(output, all, this.#uses);
  }

  /** The derivative by a quantity, by paths where these are few. */
  derivative(by: Quantity): Derivative {
    const count = this.#counts.get(by.node) ?? 0n;
    const output = this.#output;
    if (by.node === output.node) return this.#one(by);
    if (count === 0n) return this.#none(by);
    if (count > BigInt(this.#settings.mostPaths)) return this.#adjoint(by);
    const paths = this.#pathsTo(by);
    const full = this.#trace.at(by.node)?.adjoint as number;
    const value = this.#total(
      full,
      paths.map((path) => path.value),
    );
    return { of: output, by, count, method: "paths", paths, terms: [], value };
  }

  /** Upstream derivatives used, from the output down. */
  adjoints(): readonly Derivative[] {
    return [...this.#order].reverse().flatMap(({ node }) => this.#known.get(node) ?? []);
  }

  /** By the upstream derivatives of the users, each of which is derived first. */
  #adjoint(by: Quantity): Derivative {
    const stack = [by];
    while (stack.length > 0) {
      const top = stack.at(-1) as Quantity;
      const uses = this.#uses.get(top.node) ?? [];
      const missing = uses.filter(({ user }) => this.#reaches(user) && !this.#known.has(user.node));
      if (this.#known.has(top.node)) stack.pop();
      else if (missing.length > 0) stack.push(...missing.map(({ user }) => user));
      else {
        stack.pop();
        this.#known.set(top.node, this.#sum(top, uses));
      }
    }
    const found = this.#known.get(by.node) as Derivative;
    // No sum refers to an input: it has its own place.
    if (by.node.args.length === 0) this.#known.delete(by.node);
    return found;
  }

  #sum(by: Quantity, uses: readonly Use[]): Derivative {
    if (by.node === this.#output.node) return this.#one(by);
    const count = this.#counts.get(by.node) ?? 0n;
    const terms = uses.flatMap(({ user, component }): AdjointTerm[] => {
      const upstream = this.#known.get(user.node);
      if (upstream === undefined) return [];
      const value = this.#product([upstream.value, component.value]);
      return [{ upstream: user, upstreamValue: upstream.value, component, value }];
    });
    const full = this.#trace.at(by.node)?.adjoint as number;
    const value = this.#total(
      full,
      terms.map((term) => term.value),
    );
    return { of: this.#output, by, count, method: "adjoints", paths: [], terms, value };
  }

  #reaches(user: Quantity): boolean {
    return (this.#counts.get(user.node) ?? 0n) > 0n;
  }

  #one(by: Quantity): Derivative {
    const value = this.#arithmetic.given(1);
    return { of: this.#output, by, count: 1n, method: "paths", paths: [], terms: [], value };
  }

  #none(by: Quantity): Derivative {
    const value = this.#arithmetic.given(0);
    return { of: this.#output, by, count: 0n, method: "none", paths: [], terms: [], value };
  }

  /** Every path up from a quantity, in the order of its users. */
  #pathsTo(by: Quantity): ChainPath[] {
    const out: ChainPath[] = [];
    const open: { readonly at: Quantity; readonly components: readonly Component[] }[] = [
      { at: by, components: [] },
    ];
    while (open.length > 0) {
      const { at, components } = open.pop() as (typeof open)[number];
      if (at.node === this.#output.node) {
        const merged = this.#merged(components);
        out.push({ components: merged, value: this.#product(merged.map((one) => one.value)) });
        continue;
      }
      const uses = (this.#uses.get(at.node) ?? []).filter(({ user }) => this.#reaches(user));
      for (const { user, component } of [...uses].reverse()) {
        open.push({ at: user, components: [component, ...components] });
      }
    }
    return out;
  }

  /**
   * An output that only adds up: `∂E/∂E1 = 1` and `∂E1/∂o` are one component `∂E/∂o`, as lectures
   * write it, where no other path leads from o to E.
   */
  #merged(components: readonly Component[]): readonly Component[] {
    const [first, second, ...rest] = components;
    if (first === undefined || second === undefined || this.#settings.detail === 3)
      return components;
    const single = this.#counts.get(second.by.node) === 1n;
    if (!single || !isOne(first.shown)) return components;
    const known = this.#mergers.get(second);
    const merger = known ?? {
      ...second,
      of: first.of,
      rules: [...new Set([...first.rules, ...second.rules])],
    };
    this.#mergers.set(second, merger);
    return [merger, ...rest];
  }

  #product(factors: readonly Shown[]): Shown {
    const full = factors.reduce((product, { value }) => product * value, 1);
    const printed = factors.reduce((product, factor) => product * printedValue(factor), 1);
    return this.#arithmetic.result(full, printed, factors, true);
  }

  #total(full: number, terms: readonly Shown[]): Shown {
    if (terms.length === 1) return terms[0] as Shown;
    const printed = terms.reduce((sum, term) => sum + printedValue(term), 0);
    return this.#arithmetic.result(full, printed, terms, true);
  }
}

function usesOf(
  components: ReadonlyMap<Expr, readonly Component[]>,
): ReadonlyMap<Expr, readonly Use[]> {
  const uses = new Map<Expr, Use[]>();
  for (const list of components.values()) {
    for (const component of list) {
      const use = { user: component.of, component };
      const before = uses.get(component.by.node);
      if (before === undefined) uses.set(component.by.node, [use]);
      else before.push(use);
    }
  }
  return uses;
}

function countPaths(
  output: Quantity,
  all: readonly Quantity[],
  uses: ReadonlyMap<Expr, readonly Use[]>,
): ReadonlyMap<Expr, bigint> {
  const counts = new Map<Expr, bigint>([[output.node, 1n]]);
  for (const { node } of [...all].reverse()) {
    if (node === output.node) continue;
    let count = 0n;
    for (const { user } of uses.get(node) ?? []) count += counts.get(user.node) ?? 0n;
    counts.set(node, count);
  }
  return counts;
}
