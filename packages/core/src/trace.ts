import { type Bindings, isInput, nameOf } from "./bind.ts";
import {
  type ContributionRecord,
  checkScalar,
  checkWrt,
  localPartial,
  pullback,
  type ReverseLog,
} from "./differentiate/reverse.ts";
import { forward } from "./evaluate.ts";
import { Expr } from "./expr.ts";
import { withFolding, withoutFolding } from "./intern.ts";
import type { TupleValue } from "./op.ts";
import { constant, isDifferentiable } from "./ops/leaf.ts";
import { Program } from "./program.ts";
import type { Value } from "./tensor.ts";
import { topological } from "./traverse.ts";

/** A local partial derivative in its forms: as the rule says it, as it is computed, as one shows it. */
export interface PartialForms {
  /** What the rule gives, before any rewriting: `1 · 2`. */
  readonly raw: Expr;
  /** What is computed. */
  readonly computed: Expr;
  /** The textbook form, such as σ(1 − σ) where σ(x)σ(−x) is computed. */
  readonly shown: Expr;
  readonly value: Value;
}

/** One term of the chain rule: `upstream · ∂user/∂node`. */
export interface Contribution {
  readonly user: Expr;
  /** Which argument of the user the node is. */
  readonly index: number;
  /** Adjoint of the user: `∂output/∂user`; a list where the user has several results. */
  readonly upstream: TupleValue;
  /** Where the user is elementwise; other ops contribute by a rule of their own. */
  readonly partial: PartialForms | undefined;
  readonly expression: Expr;
  readonly value: Value;
}

/** A node of the trace: its value forward, its adjoint backward. */
export interface TraceNode {
  readonly node: Expr;
  /** Position in `nodes`, arguments before users. */
  readonly index: number;
  readonly name: string | undefined;
  /** Positions of the arguments. */
  readonly args: readonly number[];
  readonly value: TupleValue;
  /** `∂output/∂node`, the sum of the contributions; `undefined` where no path leads to the output. */
  readonly adjoint: TupleValue | undefined;
  readonly adjointExpression: Expr | readonly (Expr | undefined)[] | undefined;
  readonly contributions: readonly Contribution[];
}

/** Reverse mode as plain data: what every drawing and derivation reads. */
export interface Trace {
  readonly output: Expr;
  /** In forward order; read from the end it is the backward order. */
  readonly nodes: readonly TraceNode[];
  /** The trace of one node. */
  at(node: Expr): TraceNode | undefined;
  /** The inputs that derivatives were taken by, with their gradients. */
  readonly gradients: readonly { readonly node: Expr; readonly value: Value | undefined }[];
}

/** Options of `backprop`. */
export interface BackpropOptions {
  /** Nodes to take derivatives by; all floating-point inputs by default. */
  readonly wrt?: readonly Expr[];
  /** Whether names that no input bears are passed over (default) or refused. */
  readonly extra?: "refuse" | "allow";
  /** Formulas only: nothing is evaluated, so nothing need be bound; every value is NaN. */
  readonly symbolic?: boolean;
}

/**
 * Values forward and adjoints backward, with every local partial and every product.
 *
 * The adjoints are those of `grad`, term by term, so that numbers and formulas cannot disagree.
 * Throws BindingError or DifferentiationError before any work.
 */
export function backprop(
  target: Expr | Program,
  bindings: Bindings = {},
  options: BackpropOptions = {},
): Trace {
  const output = target instanceof Program ? target.result : target;
  const names = target instanceof Program ? target.names : undefined;
  checkScalar("backprop", output);
  const order = topological([output]);
  const wrt = options.wrt ?? order.nodes.filter((node) => isInput(node) && isDifferentiable(node));
  checkWrt("backprop", wrt);
  const log: ReverseLog = { contributions: [], adjoints: new Map() };
  const seed = constant(1, output.dtype);
  pullback([output], [seed], wrt, log);
  // ∂output/∂output is 1, also where the output depends on nothing.
  log.adjoints.set(output, log.adjoints.get(output) ?? seed);
  const values: Values =
    options.symbolic === true
      ? UNKNOWN
      : forward([output, ...expressionsOf(log)], bindings, {
          extra: options.extra ?? "allow",
        });
  const terms = new Map<Expr, Contribution[]>();
  for (const record of log.contributions) {
    const term = contributionOf(record, values);
    const before = terms.get(record.node);
    if (before === undefined) terms.set(record.node, [term]);
    else before.push(term);
  }
  const nodes = order.nodes.map((node, index): TraceNode => {
    const adjoint = log.adjoints.get(node);
    return {
      node,
      index,
      name: names?.get(node) ?? nameOf(node),
      args: node.args.map((arg) => order.indexOf(arg)),
      value: values.get(node) as TupleValue,
      adjoint: adjoint && adjointValue(adjoint, values),
      adjointExpression: adjoint,
      contributions: terms.get(node) ?? [],
    };
  });
  const positions = new Map(nodes.map((entry) => [entry.node, entry]));
  return {
    output,
    nodes,
    at: (node) => positions.get(node),
    gradients: wrt.map((node) => ({
      node,
      value: positions.get(node)?.adjoint as Value | undefined,
    })),
  };
}

type Values = Pick<ReadonlyMap<Expr, TupleValue>, "get">;

const UNKNOWN: Values = { get: () => Number.NaN };
type Adjoint = Expr | readonly (Expr | undefined)[];

/** All expressions a log speaks of, so that one evaluation gives all numbers. */
function expressionsOf({ contributions, adjoints }: ReverseLog): Expr[] {
  const out: Expr[] = [];
  for (const adjoint of adjoints.values()) {
    for (const one of toList(adjoint)) if (one !== undefined) out.push(one);
  }
  for (const { contribution, partial } of contributions) {
    out.push(contribution);
    if (partial !== undefined) out.push(partial);
  }
  return out;
}

function toList(adjoint: Adjoint): readonly (Expr | undefined)[] {
  return adjoint instanceof Expr ? [adjoint] : adjoint;
}

/** A result that no path leads to counts 0 in the adjoint of a node with several results. */
function adjointValue(adjoint: Adjoint, values: Values): TupleValue {
  if (adjoint instanceof Expr) return values.get(adjoint) as Value;
  return Array.from(adjoint, (one) => (one === undefined ? 0 : (values.get(one) as Value)));
}

function contributionOf(record: ContributionRecord, values: Values): Contribution {
  const { user, index, upstream, partial, contribution } = record;
  return {
    user,
    index,
    upstream: adjointValue(upstream, values),
    partial: partial && partialForms(user, index, partial, values.get(partial) as Value),
    expression: contribution,
    value: values.get(contribution) as Value,
  };
}

function partialForms(user: Expr, index: number, computed: Expr, value: Value): PartialForms {
  const raw = withoutFolding(() => localPartial(user, index)) ?? computed;
  const shown = withFolding(() => localPartial(user, index, "reading")) ?? computed;
  return { raw, computed, shown, value };
}
