import { dependents } from "./dependents.ts";
import { ArgumentError } from "./errors.ts";
import type { Expr } from "./expr.ts";
import type { TupleValue } from "./op.ts";
import { Tensor } from "./tensor.ts";
import type { Contribution, Trace, TraceNode } from "./trace.ts";
import { topological } from "./traverse.ts";

/** One factor of a heavy path. */
export interface Factor {
  readonly from: Expr;
  readonly user: Expr;
  readonly index: number;
  /**
   * The local derivative; for tensors the gain `max|contribution| / max|upstream|`, which is its
   * size along this path.
   */
  readonly value: number;
}

/** What a factor does to its path. */
export type Effect = "kills" | "vanishes" | "explodes" | "nonfinite";

/** A path of large product, and the factor that decides its size. */
export interface HeavyPath {
  /** From x up to the output. */
  readonly nodes: readonly Expr[];
  /** From the output down to x. */
  readonly factors: readonly Factor[];
  readonly product: number;
  readonly culprit: (Factor & { readonly effect: Effect }) | undefined;
}

/** Why a derivative is as large or small as it is. */
export interface Why {
  readonly derivative: TupleValue | undefined;
  /** The heaviest paths, largest |product| first. */
  readonly paths: readonly HeavyPath[];
  /** One sentence a path, heaviest first: `∂E/∂w1 = 3e-14: ∂h3/∂z3 = 2e-9, saturated`. */
  readonly sentences: readonly string[];
}

/** A factor this small kills a gradient: the square root of double precision's step at 1. */
const VANISHING = 1.5e-8;

/** A factor this large explodes a gradient: the inverse of the above. */
const EXPLODING = 1 / VANISHING;

/** Best products from a node up to the output, with the step each begins with. */
interface Candidate {
  readonly magnitude: number;
  readonly product: number;
  readonly step: Contribution | undefined;
  readonly rest: Candidate | undefined;
}

/**
 * The `count` paths of largest |product| from the output down to `x`, in one sweep over the trace, and
 * on each the factor that kills, explodes or makes NaN.
 *
 * A product with NaN counts as the largest, so that a failure is found first.
 * Throws ArgumentError if x is no node of the trace.
 */
export function why(trace: Trace, x: Expr, { count = 3 }: { count?: number } = {}): Why {
  const target = trace.at(x);
  if (target === undefined) {
    throw new ArgumentError(`why: x must be a node of the trace, got ${x.toString()}`);
  }
  const order = topological([trace.output]);
  const reaches = dependents(order, [x]);
  const best = new Map<Expr, readonly Candidate[]>();
  for (let at = trace.nodes.length - 1; at >= target.index; at--) {
    const entry = trace.nodes[at] as TraceNode;
    if (reaches[order.indexOf(entry.node)] !== 1) continue;
    best.set(entry.node, candidates(entry, trace, best, count));
  }
  const found = (best.get(x) ?? []).map((candidate) => pathOf(x, candidate));
  const derivative = target.adjoint;
  return {
    derivative,
    paths: found,
    sentences: found.map((path) => sentence(trace, x, derivative, path)),
  };
}

function candidates(
  entry: TraceNode,
  trace: Trace,
  best: ReadonlyMap<Expr, readonly Candidate[]>,
  count: number,
): readonly Candidate[] {
  if (entry.node === trace.output) {
    return [{ magnitude: 1, product: 1, step: undefined, rest: undefined }];
  }
  const all: Candidate[] = [];
  for (const step of entry.contributions) {
    const factor = gain(step);
    for (const rest of best.get(step.user) ?? []) {
      const product = factor * rest.product;
      all.push({ magnitude: heaviness(product), product, step, rest });
    }
  }
  return all.sort((a, b) => b.magnitude - a.magnitude || 0).slice(0, count);
}

function heaviness(product: number): number {
  return Number.isNaN(product) ? Number.POSITIVE_INFINITY : Math.abs(product);
}

function gain({ partial, value, upstream }: Contribution): number {
  if (typeof partial?.value === "number" && typeof value === "number") return partial.value;
  const size = largest(value);
  const before = largest(upstream);
  return size === 0 && before === 0 ? 0 : size / before;
}

/** Largest magnitude of any element; NaN if one is NaN. */
function largest(value: TupleValue): number {
  if (typeof value === "number") return Math.abs(value);
  let max = 0;
  const items = value instanceof Tensor ? value.data : value;
  for (const item of items) {
    const size = largest(item);
    if (Number.isNaN(size)) return size;
    if (size > max) max = size;
  }
  return max;
}

function pathOf(x: Expr, candidate: Candidate): HeavyPath {
  const nodes: Expr[] = [x];
  const factors: Factor[] = [];
  let from = x;
  for (let at: Candidate | undefined = candidate; at?.step !== undefined; at = at.rest) {
    const { user, index } = at.step;
    factors.push({ from, user, index, value: gain(at.step) });
    nodes.push(user);
    from = user;
  }
  factors.reverse();
  return { nodes, factors, product: candidate.product, culprit: culpritOf(factors) };
}

/** From the output down: the first that is not finite, else the first 0, else the most extreme one. */
function culpritOf(factors: readonly Factor[]): HeavyPath["culprit"] {
  const broken = factors.find(({ value }) => !Number.isFinite(value));
  if (broken !== undefined) return { ...broken, effect: "nonfinite" };
  let worst: Factor | undefined;
  let distance = Math.log(EXPLODING);
  for (const factor of factors) {
    const size = Math.abs(factor.value);
    if (size === 0) return { ...factor, effect: "kills" };
    if (Math.abs(Math.log(size)) >= distance) {
      distance = Math.abs(Math.log(size));
      worst = factor;
    }
  }
  if (worst === undefined) return undefined;
  return { ...worst, effect: Math.abs(worst.value) < 1 ? "vanishes" : "explodes" };
}

function sentence(
  trace: Trace,
  x: Expr,
  derivative: TupleValue | undefined,
  { product, culprit, factors }: HeavyPath,
): string {
  const label = (node: Expr): string =>
    trace.at(node)?.name ?? `${node.op.name}#${trace.at(node)?.index}`;
  const head = `∂${label(trace.output)}/∂${label(x)}`;
  const scalar = typeof derivative === "number";
  const total = scalar ? ` = ${brief(derivative)}` : "";
  const count = factors.length;
  const along = `path with product ${brief(product)} over ${count} ${count === 1 ? "step" : "steps"}`;
  if (culprit === undefined) return `${head}${total}: ${along}`;
  const factor = `∂${label(culprit.user)}/∂${label(culprit.from)} = ${brief(culprit.value)}`;
  const known = `${head}${total}` === factor;
  return `${head}${total}: ${known ? "" : `${factor}, `}${reason(culprit)} (${along})`;
}

function reason(culprit: Factor & { readonly effect: Effect }): string {
  const { flat } = culprit.user.op;
  switch (culprit.effect) {
    case "nonfinite":
      return "not finite";
    case "kills":
      return flat === "rectifies" ? "a dead unit: nothing flows" : "nothing flows";
    case "vanishes":
      return flat === "saturates" ? "saturated" : "almost nothing flows";
    case "explodes":
      return "explodes";
  }
}

function brief(value: number): string {
  return value === 0 ? "0" : String(Number(value.toPrecision(4)));
}
