import { close, type Lift } from "../../closure.ts";
import { ArgumentError, describe } from "../../errors.ts";
import { type Attributes, type Expr, Lambda, type Operand, type Type } from "../../expr.ts";
import type { Notation } from "../../notation.ts";
import { defineOp, type Op, type WithOp } from "../../op.ts";
import { SCALAR } from "../../shape.ts";
import { add, mul } from "../arithmetic.ts";
import {
  type CallOps,
  callAttributes,
  callBody,
  forwardCall,
  isScalarCall,
  partialsOfCall,
  reverseCall,
} from "./callRules.ts";
import { inline, typeOf } from "./lambda.ts";
import {
  type AnyExprsOf,
  checkFunction,
  checkInputs,
  flatten,
  placeholders,
  resultsOf,
  type Structure,
  unflatten,
} from "./structure.ts";

/** A function of expressions, one parameter an argument. */
export type Callback<Y extends Structure = Structure> = (...args: Expr[]) => Y;

interface CallBuilder {
  (body: Lambda, args: readonly Operand[], name?: string): Expr;
  <const Y extends Structure>(
    f: Callback<Y>,
    args: readonly Operand[],
    name?: string,
  ): AnyExprsOf<Y>;
}

/** The name in its attributes and the arguments behind: `f(x, y)`. */
const applied: Notation = { form: "leaf" };

function inferCall(args: readonly Expr[], attributes: Attributes): readonly Type[] {
  const { name, body } = callAttributes(attributes);
  checkInputs(name, body.inputs, args);
  return body.outputs.map(typeOf);
}

/**
 * A named function with a body, on arguments: `f(x, y)`. The body is traced once; equal bodies are
 * one, and derivatives are functions like itself: `f'(x)`.
 *
 * Variables that the function takes from outside become further arguments; expressions from
 * outside are part of the body, so pass what you differentiate by.
 */
export const call: WithOp<CallBuilder> = defineOp(
  {
    name: "call",
    arity: undefined,
    infer: (args, attributes) => inferCall(args, attributes)[0] as Type,
    evaluate: (values, { attributes }, context) =>
      context.call(callAttributes(attributes).body, values)[0] as never,
    vjp: (node, adjoint, wanted, context) => {
      if (!isScalarCall(node)) return reverseCall(ops, node, [adjoint], wanted, context);
      const partials = partialsOfCall(ops, node, wanted, context);
      return partials.map((partial) => partial && mul(adjoint, partial));
    },
    jvp: (node, tangents, context) => {
      if (!isScalarCall(node)) return forwardCall(ops, node, tangents, context)[0];
      const wanted = tangents.map((tangent) => tangent !== undefined);
      let total: Expr | undefined;
      for (const [i, partial] of partialsOfCall(ops, node, wanted, context).entries()) {
        if (partial === undefined) continue;
        const term = mul(tangents[i] as Expr, partial);
        total = total === undefined ? term : add(total, term);
      }
      return total;
    },
    partial: (node, index, context) =>
      isScalarCall(node)
        ? partialsOfCall(
            ops,
            node,
            node.args.map((_, i) => i === index),
            context,
          )[index]
        : undefined,
    elements: ({ attributes }, args, context) =>
      context.call(callAttributes(attributes).body, args)[0] as never,
    lower: ({ args, attributes }) =>
      inline(callAttributes(attributes).body.outputs, args)[0] as Expr,
    notation: applied,
  },
  () =>
    ((f: unknown, given: readonly Operand[], name = "f"): unknown => {
      if (!Array.isArray(given)) {
        throw new ArgumentError(`call: arguments must be a list, got ${describe(given)}`);
      }
      const args = flatten("call", given).items;
      if (f instanceof Lambda) {
        if (f.outputs.length !== 1) {
          throw new ArgumentError(`call: a body must have one result, got ${f.outputs.length}`);
        }
        return callBody(ops, args, { body: f, name, checkpoint: undefined })[0];
      }
      return callTraced(f as Callback, args, { where: "call", name, lift: "leaves" });
    }) as CallBuilder,
);

/** A call with several results, each read by `item`. */
const several: Op = {
  name: "callItems",
  arity: undefined,
  infer: (args, attributes) => {
    inferCall(args, attributes);
    return { shape: SCALAR, dtype: "f64" };
  },
  items: (_args, attributes) => callAttributes(attributes).body.outputs,
  evaluate: (values, { attributes }, context) =>
    context.call(callAttributes(attributes).body, values) as never,
  vjpItems: (node, adjoints, wanted, context) => reverseCall(ops, node, adjoints, wanted, context),
  jvpItems: (node, tangents, context) => forwardCall(ops, node, tangents, context),
  elements: ({ attributes }, args, context) =>
    context.call(callAttributes(attributes).body, args) as never,
  notation: applied,
};

/** The op of calls with several results. */
export const callItems: { readonly op: Op } = { op: several };

const ops: CallOps = {
  get single() {
    return call.op;
  },
  several,
};

interface TraceOptions {
  readonly where: string;
  readonly name: string;
  readonly lift: Lift;
  readonly checkpoint?: true;
}

/** A function as a closed body, and what it takes from outside. */
export interface Traced {
  readonly body: Lambda;
  readonly captures: readonly Expr[];
  /** Whether it gives one expression rather than a list. */
  readonly single: boolean;
}

/** Traces a function on fresh arguments of given types. */
export function traceCallback(
  where: string,
  f: Callback,
  types: readonly Type[],
  lift: Lift,
): Traced {
  checkFunction(where, "the function", f);
  const parameters = placeholders(types);
  const { items, single } = resultsOf(where, f(...parameters));
  const { bodies, captures } = close(parameters, [items], lift);
  return { body: bodies[0] as Lambda, captures, single };
}

/** The call of a traced function on arguments. */
export function callOf(
  { body, captures, single }: Traced,
  args: readonly Expr[],
  name: string,
  checkpoint?: true,
): unknown {
  return unflatten(callBody(ops, [...args, ...captures], { body, name, checkpoint }), single);
}

/** Traces a function for the types of its arguments, and calls it. */
export function callTraced(
  f: Callback,
  args: readonly Expr[],
  { where, name, lift, checkpoint }: TraceOptions,
): unknown {
  return callOf(traceCallback(where, f, args.map(typeOf), lift), args, name, checkpoint);
}
