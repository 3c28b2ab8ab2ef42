import type { Expr, Lambda, Type } from "../../expr.ts";
import { apply } from "../../intern.ts";
import type { ForwardContext } from "../../op.ts";
import { full } from "../movement.ts";
import { item } from "../tuple.ts";
import { repeatedTangents } from "./bodyDerivatives.ts";
import { flags, PerLambda, relabel } from "./lambda.ts";
import { type WhileAttributes, whileAttributes } from "./whileKernel.ts";

/** A loop over states and tangents together. */
interface Joint {
  readonly condition: Lambda;
  readonly body: Lambda;
  /** Carries that have a tangent. */
  readonly carries: readonly number[];
}

const joints: PerLambda<PerLambda<Joint>> = /* @__PURE__ */ new PerLambda<PerLambda<Joint>>();

/** Tangents where no history is kept: states and tangents advance side by side. */
export function jointTangents(
  node: Expr,
  tangents: readonly (Expr | undefined)[],
  context: ForwardContext,
): (Expr | undefined)[] {
  const attributes = whileAttributes(node.attributes);
  const { condition, body, carries: count } = attributes;
  const joint = joints
    .get(condition, "", () => new PerLambda<Joint>())
    .get(body, flags(tangents), () => planJoint(attributes, tangents, context));
  const { args } = node;
  const made = apply(
    node.op,
    [
      ...args.slice(0, count),
      ...joint.carries.map((i) => {
        const { shape, dtype } = args[i] as Expr;
        return tangents[i] ?? full(0, shape, dtype);
      }),
      ...args.slice(count),
      ...tangents.flatMap((tangent, i) => (i < count || tangent === undefined ? [] : [tangent])),
    ],
    {
      condition: joint.condition,
      body: joint.body,
      carries: count + joint.carries.length,
      maxTrips: undefined,
    },
  );
  const results: (Expr | undefined)[] = new Array(count + 1).fill(undefined);
  for (const [k, i] of joint.carries.entries()) results[i] = item(made, count + k);
  return results;
}

/** Offered: the inputs, then their tangents. Taken: states, their tangents, invariants, theirs. */
function planJoint(
  { condition, body, carries: count }: WhileAttributes,
  tangents: readonly (Expr | undefined)[],
  context: ForwardContext,
): Joint {
  const { inputs, outputs } = body;
  const total = inputs.length;
  const types = [...inputs, ...inputs];
  const given = tangents.map((tangent) => tangent !== undefined);
  const { found, varies } = repeatedTangents(body, count, given, context);
  const carries = varies.flatMap((yes, i) => (yes && i < count ? [i] : []));
  const indices = inputs.map((_, i) => i);
  const order = [
    ...indices.slice(0, count),
    ...carries.map((i) => total + i),
    ...indices.slice(count),
    ...indices.slice(count).flatMap((i) => (varies[i] === true ? [total + i] : [])),
  ];
  const next = carries.map((i) => {
    const { shape, dtype } = inputs[i] as Type;
    return found[i] ?? full(0, shape, dtype);
  });
  return {
    condition: relabel(condition.outputs, types, order),
    body: relabel([...outputs, ...next], types, order),
    carries,
  };
}
