import type { Attributes, Expr, Lambda, Type } from "../../expr.ts";
import { apply } from "../../intern.ts";
import type { ForwardContext, Op, ReverseContext } from "../../op.ts";
import { constant, isDifferentiable } from "../leaf.ts";
import { item } from "../tuple.ts";
import { bodyAdjoints } from "./bodyDerivatives.ts";
import { argumentOf, flags, PerLambda, relabel, typeOf, usedInputs } from "./lambda.ts";

/** The attributes of a call. */
export interface CallAttributes {
  readonly body: Lambda;
  readonly name: string;
  /** Whether compilers must leave the body alone, since reverse mode computes it again on purpose. */
  readonly checkpoint: boolean | undefined;
}

/** The ops of calls with one result and with several. */
export interface CallOps {
  readonly single: Op;
  readonly several: Op;
}

/** What the rules read of a node of a call. */
export function callAttributes(attributes: Attributes): CallAttributes {
  return attributes as unknown as CallAttributes;
}

/** A derived function before it has arguments. Numbers are positions among what was offered. */
interface Plan {
  readonly body: Lambda;
  readonly order: readonly number[];
  /** Which inputs or outputs the results belong to. */
  readonly results: readonly number[];
}

const reversePlans: PerLambda<Plan> = /* @__PURE__ */ new PerLambda<Plan>();
const forwardPlans: PerLambda<Plan> = /* @__PURE__ */ new PerLambda<Plan>();
const partialPlans: PerLambda<Plan> = /* @__PURE__ */ new PerLambda<Plan>();

/** The nodes for the results of a body: of one call, or of one with several results. */
export function callBody(
  { single, several }: CallOps,
  args: readonly Expr[],
  attributes: CallAttributes,
): readonly Expr[] {
  const { outputs } = attributes.body;
  if (outputs.length === 1) return [apply(single, args, { ...attributes })];
  const node = apply(several, args, { ...attributes });
  return outputs.map((_, i) => item(node, i));
}

function makePlan(
  found: readonly (Expr | undefined)[],
  types: readonly Type[],
  keep: number,
): Plan {
  const results = found.flatMap((one, i) => (one === undefined ? [] : [i]));
  const outputs = results.map((i) => found[i] as Expr);
  const used = usedInputs(outputs);
  // The arguments themselves stay, used or not, so that f'(x, y) reads like f(x, y).
  const order = types.flatMap((_, i) => (i < keep || used.includes(i) ? [i] : []));
  return { body: relabel(outputs, types, order), order, results };
}

function applyPlan(
  ops: CallOps,
  { body, order, results }: Plan,
  attributes: CallAttributes,
  count: number,
  offered: (index: number) => Expr,
): (Expr | undefined)[] {
  const out: (Expr | undefined)[] = new Array(count).fill(undefined);
  if (results.length === 0) return out;
  const made = callBody(ops, order.map(offered), { ...attributes, body });
  for (const [k, i] of results.entries()) out[i] = made[k];
  return out;
}

/** Adjoints of a call's arguments, as a call of a function of the arguments and the adjoints. */
export function reverseCall(
  ops: CallOps,
  { args, attributes }: Expr,
  adjoints: readonly (Expr | undefined)[],
  wanted: readonly boolean[],
  context: ReverseContext,
): (Expr | undefined)[] {
  const called = callAttributes(attributes);
  const { body, name } = called;
  const total = args.length;
  const plan = reversePlans.get(body, `${flags(adjoints)} ${flags(wanted)}`, () => {
    const types = [...body.inputs, ...body.outputs.map(typeOf)];
    return makePlan(bodyAdjoints(body, adjoints, wanted, context), types, 0);
  });
  return applyPlan(ops, plan, { ...called, name: `vjp(${name})` }, total, (i) =>
    i < total ? (args[i] as Expr) : (adjoints[i - total] as Expr),
  );
}

/** Tangents of a call's results, as a call of a function of the arguments and their tangents. */
export function forwardCall(
  ops: CallOps,
  { args, attributes }: Expr,
  tangents: readonly (Expr | undefined)[],
  { pushforward }: ForwardContext,
): (Expr | undefined)[] {
  const called = callAttributes(attributes);
  const { body, name } = called;
  const total = args.length;
  const plan = forwardPlans.get(body, flags(tangents), () => {
    const types = [...body.inputs, ...body.inputs];
    const offered = types.map(argumentOf);
    const wrt = tangents.flatMap((tangent, i) => (tangent === undefined ? [] : [i]));
    const found = pushforward(
      body.outputs,
      wrt.map((i) => offered[i] as Expr),
      wrt.map((i) => offered[total + i] as Expr),
    );
    return makePlan(found, types, 0);
  });
  return applyPlan(ops, plan, { ...called, name: `jvp(${name})` }, body.outputs.length, (i) =>
    i < total ? (args[i] as Expr) : (tangents[i - total] as Expr),
  );
}

/** Whether a call takes and gives scalars only, so that its partials are functions like itself. */
export function isScalarCall({ shape, args }: Expr): boolean {
  return shape.length === 0 && args.every((arg) => arg.shape.length === 0);
}

/**
 * Partials `∂f/∂xᵢ` of a call on scalars, each a call on the same arguments: `f'(x)`, `∂₁f(x, y)`;
 * several at once are the results of one call of `∇f`. A partial that is a number stays a number.
 */
export function partialsOfCall(
  ops: CallOps,
  { args, attributes, dtype }: Expr,
  wanted: readonly boolean[],
  { pullback }: ReverseContext,
): readonly (Expr | undefined)[] {
  const called = callAttributes(attributes);
  const { body, name } = called;
  const total = args.length;
  const asked = args.map((arg, i) => wanted[i] === true && isDifferentiable(arg));
  const plan = partialPlans.get(body, flags(asked), () => {
    const offered = body.inputs.map(argumentOf);
    const wrt = asked.flatMap((yes, i) => (yes ? [i] : []));
    const sent = pullback(
      body.outputs,
      [constant(1, dtype)],
      wrt.map((i) => offered[i] as Expr),
    );
    const found: (Expr | undefined)[] = new Array(total).fill(undefined);
    for (const [k, i] of wrt.entries()) found[i] = sent[k];
    return makePlan(found, body.inputs, total);
  });
  const out: (Expr | undefined)[] = new Array(total).fill(undefined);
  const { outputs } = plan.body;
  const fixed = outputs.map((output) => usedInputs([output]).length === 0);
  if (fixed.every((yes) => yes)) {
    for (const [k, i] of plan.results.entries()) out[i] = outputs[k];
    return out;
  }
  const shown =
    plan.results.length > 1 ? `∇${name}` : partialName(name, total, plan.results[0] ?? 0);
  const results = applyPlan(ops, plan, { ...called, name: shown }, total, (i) => args[i] as Expr);
  for (const [k, i] of plan.results.entries()) if (fixed[k] === true) results[i] = outputs[k];
  return results;
}

/** `f'` of a function of one argument, `∂₂f` by the second of several. */
export function partialName(name: string, arity: number, index: number): string {
  if (arity === 1) return `${name}'`;
  const digits = Array.from(String(index + 1), (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);
  return `∂${digits.join("")}${name}`;
}
