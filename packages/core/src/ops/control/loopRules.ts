import { dependents } from "../../dependents.ts";
import type { Expr, Lambda, Type } from "../../expr.ts";
import type { ForwardContext, ReverseContext } from "../../op.ts";
import type { Dim } from "../../shape.ts";
import { topological } from "../../traverse.ts";
import { add } from "../arithmetic.ts";
import { isDifferentiable } from "../leaf.ts";
import { full } from "../movement.ts";
import { repeatedTangents } from "./bodyDerivatives.ts";
import { argumentOf, flags, PerLambda, relabel, typeOf, usedInputs } from "./lambda.ts";

/**
 * A loop whose states are known: `c ← f(c, x_t, p)` with outputs `y_t`.
 *
 * The body's inputs are the carries, the slices x_t, the invariants p; its outputs the next carries
 * and y_t. The history of a carry holds its value at the start of each step.
 */
export interface Loop {
  readonly body: Lambda;
  readonly init: readonly Expr[];
  readonly slices: readonly Expr[];
  readonly invariants: readonly Expr[];
  readonly length: Dim;
  readonly reverse: boolean;
  /** How many of the `length` steps run; all when `undefined`. */
  readonly trips: Expr | undefined;
  history(carry: number): Expr;
}

/** A derivative of a loop: another loop over the same steps. */
export interface LoopParts {
  readonly body: Lambda;
  readonly init: readonly Expr[];
  readonly slices: readonly Expr[];
  readonly invariants: readonly Expr[];
  /**
   * Where the results are, by number: adjoints of init, slices and invariants; or tangents of last
   * carries, stacked outputs and histories.
   */
  readonly results: readonly (number | undefined)[];
}

/** A derivative before it has arguments. Numbers are positions among what was offered. */
interface Plan {
  readonly body: Lambda;
  /** Carries that have an adjoint or tangent. */
  readonly carries: readonly number[];
  /** Invariants whose adjoint is summed up in a carry of its own. */
  readonly sums: readonly number[];
  /** Slices or outputs that the stacked results belong to. */
  readonly stacked: readonly number[];
  /** The body's inputs after the carries. */
  readonly slices: readonly number[];
  readonly invariants: readonly number[];
}

const reversePlans: PerLambda<Plan> = /* @__PURE__ */ new PerLambda<Plan>();
const forwardPlans: PerLambda<Plan> = /* @__PURE__ */ new PerLambda<Plan>();

function zeros({ shape, dtype }: Type): Expr {
  return full(0, shape, dtype);
}

function argumentAt({ init, slices, invariants }: Loop, i: number): Expr {
  const at = i - init.length;
  if (at < 0) return init[i] as Expr;
  return (at < slices.length ? slices[at] : invariants[at - slices.length]) as Expr;
}

/**
 * The loop that runs backward over the steps and gives the adjoints of a loop's arguments:
 * `c̄ ← c̄ ∂f/∂c + ȳ_t ∂y/∂c + h̄_t`, `x̄_t`, `p̄ ← p̄ + p̄_t`. Each step is computed again from its history.
 *
 * `adjoints`: of the last carries, of the stacked outputs, and of the histories.
 */
export function reverseLoop(
  loop: Loop,
  adjoints: readonly (Expr | undefined)[],
  wanted: readonly boolean[],
  context: ReverseContext,
): LoopParts {
  const { body, init } = loop;
  const count = init.length;
  const total = body.inputs.length;
  const slicesEnd = count + loop.slices.length;
  const key = `${count} ${slicesEnd} ${flags(adjoints)} ${flags(wanted)}`;
  const plan = reversePlans.get(body, key, () =>
    planReverse(body, count, slicesEnd, adjoints, wanted, context),
  );
  const results: (number | undefined)[] = new Array(total).fill(undefined);
  const order = [...plan.carries, ...plan.sums, ...plan.stacked];
  for (const [result, i] of order.entries()) results[i] = result;
  return {
    body: plan.body,
    init: [
      ...plan.carries.map((i) => adjoints[i] ?? zeros(init[i] as Expr)),
      ...plan.sums.map((i) => zeros(argumentAt(loop, i))),
    ],
    slices: plan.slices.map((i) =>
      i < count ? loop.history(i) : i < total ? argumentAt(loop, i) : (adjoints[i - total] as Expr),
    ),
    invariants: plan.invariants.map((i) => argumentAt(loop, i)),
    results,
  };
}

/** Offered: the body's inputs, the adjoints of its rows, and for each input the sum so far. */
function planReverse(
  body: Lambda,
  count: number,
  slicesEnd: number,
  adjoints: readonly (Expr | undefined)[],
  wanted: readonly boolean[],
  { pullback }: ReverseContext,
): Plan {
  const { inputs } = body;
  const total = inputs.length;
  // The histories' rows are the carries a step begins with.
  const rows = [...body.outputs, ...inputs.slice(0, count).map(argumentOf)];
  const types = [...inputs, ...rows.map(typeOf), ...inputs];
  const offered = types.map(argumentOf);
  const sumsStart = total + rows.length;
  const varying = varyingInputs(body, count, wanted);
  const leaves = varying.map((i) => offered[i] as Expr);
  const seeded = rows.map((_, row) => adjoints[row] !== undefined);
  for (let row = 0; row < count; row++) if (!varying.includes(row)) seeded[row] = false;
  const found: (Expr | undefined)[] = new Array(total).fill(undefined);
  for (let again = true; again; ) {
    again = false;
    const at = rows.flatMap((_, row) => (seeded[row] === true ? [row] : []));
    const sent = pullback(
      at.map((row) => rows[row] as Expr),
      at.map((row) => offered[total + row] as Expr),
      leaves,
    );
    for (const [k, i] of varying.entries()) {
      found[i] = sent[k];
      if (i >= count || sent[k] === undefined || seeded[i] === true) continue;
      seeded[i] = true;
      again = true;
    }
  }
  const carries = varying.filter((i) => i < count && seeded[i] === true);
  const reached = varying.filter((i) => i >= count && found[i] !== undefined);
  const sums = reached.filter((i) => i >= slicesEnd);
  const stacked = reached.filter((i) => i < slicesEnd);
  const outputs = [
    ...carries.map((i) => found[i] ?? zeros(inputs[i] as Type)),
    ...sums.map((i) => add(offered[sumsStart + i] as Expr, found[i] as Expr)),
    ...stacked.map((i) => found[i] as Expr),
  ];
  const used = usedInputs(outputs);
  const slices = used.filter((i) => i < slicesEnd || (i >= total + count && i < sumsStart));
  const invariants = used.filter((i) => i >= slicesEnd && i < total);
  const order = [
    ...carries.map((i) => total + i),
    ...sums.map((i) => sumsStart + i),
    ...slices,
    ...invariants,
  ];
  return { body: relabel(outputs, types, order), carries, sums, stacked, slices, invariants };
}

/** Inputs of the body that vary with the wanted ones: carries do if a step makes them. */
function varyingInputs(
  { inputs, outputs }: Lambda,
  count: number,
  wanted: readonly boolean[],
): readonly number[] {
  const leaves = inputs.map(argumentOf);
  const varies = leaves.map((leaf, i) => wanted[i] === true && isDifferentiable(leaf));
  const order = topological(outputs);
  for (let again = true; again; ) {
    again = false;
    const active = dependents(
      order,
      leaves.filter((_, i) => varies[i]),
    );
    for (let i = 0; i < count; i++) {
      if (varies[i] === true || active[order.indexOf(outputs[i] as Expr)] !== 1) continue;
      varies[i] = true;
      again = true;
    }
  }
  return varies.flatMap((yes, i) => (yes ? [i] : []));
}

/**
 * The loop of the tangents: `ċ ← ∂f/∂c ċ + ∂f/∂x ẋ_t + ∂f/∂p ṗ`, `ẏ_t`. The states come from the
 * histories, so they are not computed twice, at any order of differentiation.
 *
 * `tangents`: of init, slices and invariants.
 */
export function forwardLoop(
  loop: Loop,
  tangents: readonly (Expr | undefined)[],
  context: ForwardContext,
): LoopParts {
  const { body, init } = loop;
  const count = init.length;
  const total = body.inputs.length;
  const slicesEnd = count + loop.slices.length;
  const plan = forwardPlans.get(body, `${count} ${slicesEnd} ${flags(tangents)}`, () =>
    planForward(body, count, slicesEnd, tangents, context),
  );
  const outputs = body.outputs.length;
  const results: (number | undefined)[] = new Array(outputs + count).fill(undefined);
  const order = [...plan.carries, ...plan.stacked];
  for (const [result, i] of order.entries()) results[i] = result;
  for (const [k, i] of plan.carries.entries()) results[outputs + i] = order.length + k;
  const offered = (i: number): Expr =>
    i < total ? argumentAt(loop, i) : (tangents[i - total] as Expr);
  return {
    body: plan.body,
    init: plan.carries.map((i) => tangents[i] ?? zeros(init[i] as Expr)),
    slices: plan.slices.map((i) => (i < count ? loop.history(i) : offered(i))),
    invariants: plan.invariants.map(offered),
    results,
  };
}

/** Offered: the body's inputs, then their tangents. */
function planForward(
  body: Lambda,
  count: number,
  slicesEnd: number,
  tangents: readonly (Expr | undefined)[],
  context: ForwardContext,
): Plan {
  const { inputs, outputs: rows } = body;
  const total = inputs.length;
  const types = [...inputs, ...inputs];
  const given = inputs.map((_, i) => tangents[i] !== undefined);
  const { found, varies } = repeatedTangents(body, count, given, context);
  const carries = varies.flatMap((yes, i) => (yes && i < count ? [i] : []));
  const stacked = rows.flatMap((_, i) => (i >= count && found[i] !== undefined ? [i] : []));
  const outputs = [
    ...carries.map((i) => found[i] ?? zeros(inputs[i] as Type)),
    ...stacked.map((i) => found[i] as Expr),
  ];
  const used = usedInputs(outputs);
  const sliced = (i: number): boolean => i >= count && i < slicesEnd;
  const slices = used.filter((i) => i < slicesEnd || sliced(i - total));
  const invariants = used.filter((i) => (i < total ? i : i - total) >= slicesEnd);
  const order = [...carries.map((i) => total + i), ...slices, ...invariants];
  return { body: relabel(outputs, types, order), carries, sums: [], stacked, slices, invariants };
}
