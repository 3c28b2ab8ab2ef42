import { dependents } from "../dependents.ts";
import { ArgumentError, DifferentiationError, describe } from "../errors.ts";
import { Expr, type Scalar } from "../expr.ts";
import { withFolding } from "../intern.ts";
import type { ReverseContext } from "../op.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { cast } from "../ops/cast.ts";
import { constant, isDifferentiable } from "../ops/leaf.ts";
import { broadcastTo } from "../ops/movement.ts";
import { sumTo } from "../ops/reduction.ts";
import { item } from "../ops/tuple.ts";
import { formatShape } from "../shape.ts";
import { type Order, topological } from "../traverse.ts";

/** One term of an adjoint: what a user of a node sends back to it. */
export interface ContributionRecord {
  readonly node: Expr;
  readonly user: Expr;
  /** Which argument of the user the node is. */
  readonly index: number;
  /** Adjoint of the user; one a result where it has several. */
  readonly upstream: Expr | readonly (Expr | undefined)[];
  /** Local partial derivative as it entered, where the user is elementwise. */
  readonly partial: Expr | undefined;
  /** What is added to the adjoint of the node. */
  readonly contribution: Expr;
}

/**
 * Which form of a local derivative enters: the one to compute, or the one textbooks print, which is
 * equal in exact arithmetic but may lose digits in tails and give NaN at isolated points.
 */
export type RuleForm = "computed" | "reading";

/** Everything a reverse sweep did. */
export interface ReverseLog {
  /** Users before the nodes they use. */
  readonly contributions: ContributionRecord[];
  /** Total adjoint of every node a path leads to. */
  readonly adjoints: Map<Expr, Expr | readonly (Expr | undefined)[]>;
}

/** What the sweep lends to rules with sub-graphs. */
export const reverseContext: ReverseContext = { pullback };

/** Adjoint of a node: one expression, or one an item where the node has several results. */
type Adjoint = Expr | undefined | (Expr | undefined)[];

/**
 * Adjoints of `wrt` from adjoints (`seeds`) of `outputs`: `x̄ = Σ ȳᵢ ∂yᵢ/∂x`, from the outputs down.
 *
 * `undefined` stands where no path leads. Only nodes between `wrt` and `outputs` are visited.
 * Every contribution and adjoint is written to `log`.
 */
export function pullback(
  outputs: readonly Expr[],
  seeds: readonly Expr[],
  wrt: readonly Expr[],
  log?: ReverseLog,
  form: RuleForm = "computed",
): (Expr | undefined)[] {
  const order = topological(outputs);
  const { nodes } = order;
  const active = dependents(order, wrt);
  const adjoints: Adjoint[] = new Array(nodes.length).fill(undefined);
  return withFolding(() => {
    for (let i = 0; i < outputs.length; i++) {
      const at = order.indexOf(outputs[i] as Expr);
      if (active[at] === 1) accumulate(adjoints, at, seeds[i] as Expr);
    }
    for (let at = nodes.length - 1; at >= 0; at--) {
      const adjoint = adjoints[at];
      const node = nodes[at] as Expr;
      if (adjoint === undefined) continue;
      log?.adjoints.set(node, adjoint);
      if (node.args.length === 0) continue;
      propagate(node, adjoint, order, active, adjoints, log, form);
    }
    return wrt.map((node) => {
      const at = order.indexOf(node);
      return at < 0 ? undefined : (adjoints[at] as Expr | undefined);
    });
  });
}

function accumulate(adjoints: Adjoint[], at: number, contribution: Expr): void {
  const before = adjoints[at] as Expr | undefined;
  adjoints[at] = before === undefined ? contribution : add(before, contribution);
}

function propagate(
  node: Expr,
  adjoint: Expr | (Expr | undefined)[],
  order: Order,
  active: Uint8Array,
  adjoints: Adjoint[],
  log: ReverseLog | undefined,
  form: RuleForm,
): void {
  const { op, args } = node;
  if (op === item.op) {
    const at = order.indexOf(args[0] as Expr);
    if (active[at] !== 1) return;
    let items = adjoints[at] as (Expr | undefined)[] | undefined;
    if (items === undefined) {
      const tuple = args[0] as Expr;
      const count = tuple.op.items?.(tuple.args, tuple.attributes).length ?? 0;
      adjoints[at] = items = new Array(count).fill(undefined);
    }
    const index = node.attributes["index"] as number;
    const before = items[index];
    items[index] = before === undefined ? (adjoint as Expr) : add(before, adjoint as Expr);
    return;
  }
  if (usesPartials(node, form)) {
    for (let i = 0; i < args.length; i++) {
      const arg = args[i] as Expr;
      const at = order.indexOf(arg);
      if (active[at] !== 1) continue;
      const partial = localPartial(node, i, form);
      if (partial === undefined) continue;
      const upstream = adjoint as Expr;
      const contribution = fit(mul(upstream, partial), arg);
      accumulate(adjoints, at, contribution);
      log?.contributions.push({ node: arg, user: node, index: i, upstream, partial, contribution });
    }
    return;
  }
  const wanted = args.map((arg) => active[order.indexOf(arg)] === 1);
  if (!wanted.includes(true)) return;
  const contributions =
    op.items === undefined
      ? op.vjp?.(node, adjoint as Expr, wanted, reverseContext)
      : op.vjpItems?.(node, adjoint as (Expr | undefined)[], wanted, reverseContext);
  if (contributions === undefined) {
    throw new DifferentiationError(
      `grad: every op on the path must have a reverse rule, got ${op.name}, which has none`,
    );
  }
  for (let i = 0; i < args.length; i++) {
    const term = contributions[i];
    if (wanted[i] !== true || term === undefined) continue;
    const arg = args[i] as Expr;
    const contribution = fit(term, arg);
    accumulate(adjoints, order.indexOf(arg), contribution);
    log?.contributions.push({
      node: arg,
      user: node,
      index: i,
      upstream: adjoint,
      partial: localPartial(node, i),
      contribution,
    });
  }
}

/** Whether a node contributes `upstream · partial`: elementwise, without a rule of its own to use. */
function usesPartials({ op }: Expr, form: RuleForm): boolean {
  if (op.elementwise === undefined) return false;
  return op.vjp === undefined || (form === "reading" && op.elementwise.shown !== undefined);
}

/** The local partial `∂node/∂args[index]` of an op on scalars, as the rule says it. */
export function localPartial(
  node: Expr,
  index: number,
  form: RuleForm = "computed",
): Expr | undefined {
  if (node.op.partial !== undefined) return node.op.partial(node, index, reverseContext);
  const rules = node.op.elementwise;
  const rule = (form === "reading" ? rules?.shown?.[index] : undefined) ?? rules?.partials[index];
  if (rule === null || rule === undefined) return undefined;
  return (rule as (...all: unknown[]) => Expr)(...node.args, node, node.attributes);
}

/** Sums over broadcast axes and returns to the argument's element type. */
function fit(contribution: Expr, arg: Expr): Expr {
  const summed = contribution.shape === arg.shape ? contribution : sumTo(contribution, arg.shape);
  return summed.dtype === arg.dtype ? summed : cast(summed, arg.dtype);
}

/** A zero of the shape and element type of `like`. */
export function zerosLike(like: Expr): Expr {
  return filled(0, like);
}

/** A one of the shape and element type of `like`. */
export function onesLike(like: Expr): Expr {
  return filled(1, like);
}

function filled(value: number, { shape, dtype }: Expr): Expr {
  const number = constant(value, dtype);
  return shape.length === 0 ? number : broadcastTo(number, shape);
}

/** Checks the arguments of a derivative before any work begins. */
export function checkWrt(where: string, wrt: readonly unknown[]): void {
  for (const node of wrt) {
    if (!(node instanceof Expr)) {
      throw new ArgumentError(
        `${where}: derivatives must be by expressions, got ${describe(node)}`,
      );
    }
    if (!isDifferentiable(node)) {
      throw new DifferentiationError(
        `${where}: derivatives must be by f64 or f32 expressions, got ${node.dtype}${formatShape(node.shape)}`,
      );
    }
  }
}

/** Options of `grad`. */
export interface GradOptions {
  readonly form?: RuleForm;
}

/**
 * Gradient `∂y/∂x` of a scalar, as a graph: one expression for one `x`, a tuple for several.
 *
 * Shapes: each has the shape of its `x`. The gradient by a variable that y does not contain is 0.
 * With `form: "reading"` the rules are those textbooks print, for formulas to be shown.
 * Throws DifferentiationError if y is not a floating-point scalar.
 */
export function grad<X extends Expr>(y: Expr, x: X, options?: GradOptions): X;
export function grad<const W extends readonly Expr[]>(
  y: Expr,
  x: W,
  options?: GradOptions,
): { -readonly [K in keyof W]: W[K] };
export function grad(
  y: Expr,
  x: Expr | readonly Expr[],
  { form = "computed" }: GradOptions = {},
): unknown {
  const wrt = Array.isArray(x) ? (x as readonly Expr[]) : [x as Expr];
  checkWrt("grad", wrt);
  checkScalar("grad", y);
  const adjoints = pullback([y], [constant(1, y.dtype)], wrt, undefined, form);
  const gradients = wrt.map((node, i) => adjoints[i] ?? zerosLike(node));
  return Array.isArray(x) ? gradients : gradients[0];
}

/** Throws unless y is a floating-point scalar. */
export function checkScalar(where: string, y: unknown): asserts y is Scalar {
  if (!(y instanceof Expr)) {
    throw new ArgumentError(`${where}: the output must be an expression, got ${describe(y)}`);
  }
  if (y.shape.length > 0 || !isDifferentiable(y)) {
    throw new DifferentiationError(
      `${where}: the output must be a floating-point scalar, got ${y.dtype}${formatShape(y.shape)}`,
    );
  }
}

/** Value and gradient in one: `[y, ∂y/∂x]`. */
export function valueAndGrad<X extends Expr>(y: Expr, x: X): [Expr, X];
export function valueAndGrad<const W extends readonly Expr[]>(
  y: Expr,
  x: W,
): [Expr, { -readonly [K in keyof W]: W[K] }];
export function valueAndGrad(y: Expr, x: Expr | readonly Expr[]): unknown {
  return [y, grad(y, x as Expr)];
}
