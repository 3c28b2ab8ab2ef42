import { close } from "../../closure.ts";
import { ArgumentError, DTypeError, describe, ShapeError } from "../../errors.ts";
import type { Attributes, Expr, Lambda, Operand, Type } from "../../expr.ts";
import { apply } from "../../intern.ts";
import { named } from "../../notation.ts";
import { defineOp, type Elements, type WithOp } from "../../op.ts";
import { operand } from "../../operands.ts";
import { formatShape, SCALAR, sameShape } from "../../shape.ts";
import { full } from "../movement.ts";
import { item } from "../tuple.ts";
import type { Callback } from "./call.ts";
import { argumentOf, flags, PerLambda, relabel, typeOf, usedInputs } from "./lambda.ts";
import { itemsOf } from "./scan.ts";
import { choose } from "./scanKernel.ts";
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

/** The attributes of a condition: its branches, over the arguments behind the predicate. */
export interface CondAttributes {
  readonly consequent: Lambda;
  readonly alternative: Lambda;
}

/** What readers of the graph may know of a node of `cond`. */
export function condAttributes(attributes: Attributes): CondAttributes {
  return attributes as unknown as CondAttributes;
}

type CondBuilder = <const Y extends Structure>(
  predicate: Operand,
  then: Callback<Y>,
  otherwise: Callback,
  args?: readonly Operand[],
) => AnyExprsOf<Y>;

/**
 * `then(…args)` if the predicate holds, else `otherwise(…args)`: one of them is evaluated.
 *
 * What a branch builds is part of it, also what it takes from outside; only variables are further
 * arguments. So pass what you differentiate by.
 * Throws ShapeError or DTypeError unless both branches give the same types.
 */
export const cond: WithOp<CondBuilder> = defineOp(
  {
    name: "cond",
    arity: undefined,
    infer: ([predicate, ...args], attributes) => {
      const { consequent, alternative } = condAttributes(attributes);
      checkPredicate(predicate as Expr);
      checkInputs("cond", consequent.inputs, args);
      checkInputs("cond", alternative.inputs, args);
      checkBranches(consequent.outputs, alternative.outputs);
      return { shape: SCALAR, dtype: "f64" };
    },
    items: (_args, attributes) => condAttributes(attributes).consequent.outputs,
    evaluate: ([predicate, ...values], { attributes }, context) => {
      const { consequent, alternative } = condAttributes(attributes);
      return context.call(predicate !== 0 ? consequent : alternative, values) as never;
    },
    vjpItems: (node, adjoints, wanted, { pullback }) => {
      const inputs = condAttributes(node.attributes).consequent.inputs;
      const wrt = inputs.flatMap((_, i) => (wanted[i + 1] === true ? [i] : []));
      const key = `reverse ${flags(adjoints)} ${flags(wanted)}`;
      const plan = planOf(
        node,
        key,
        (outputs, offered) => {
          const seeded = outputs.flatMap((_, i) => (adjoints[i] === undefined ? [] : [i]));
          const sent = pullback(
            seeded.map((i) => outputs[i] as Expr),
            seeded.map((i) => offered[inputs.length + i] as Expr),
            wrt.map((i) => offered[i] as Expr),
          );
          const found: (Expr | undefined)[] = new Array(inputs.length).fill(undefined);
          for (const [k, i] of wrt.entries()) found[i] = sent[k];
          return found;
        },
        (then) => [...inputs, ...then.map(typeOf)],
        inputs,
      );
      return [undefined, ...applyPlan(node, plan, inputs.length, adjoints)];
    },
    jvpItems: (node, [, ...tangents], { pushforward }) => {
      const { inputs, outputs: results } = condAttributes(node.attributes).consequent;
      const wrt = tangents.flatMap((tangent, i) => (tangent === undefined ? [] : [i]));
      const plan = planOf(
        node,
        `forward ${flags(tangents)}`,
        (outputs, offered) =>
          pushforward(
            outputs,
            wrt.map((i) => offered[i] as Expr),
            wrt.map((i) => offered[inputs.length + i] as Expr),
          ),
        () => [...inputs, ...inputs],
        results.map(typeOf),
      );
      return applyPlan(node, plan, results.length, tangents);
    },
    elements: ({ attributes }, [predicate, ...args], context) => {
      const { consequent, alternative } = condAttributes(attributes);
      const holds = (predicate as Elements).items[0] as Expr;
      const yes = context.call(consequent, args) as readonly Elements[];
      const no = context.call(alternative, args) as readonly Elements[];
      return yes.map((one, i) => choose(holds, one, no[i]));
    },
    notation: named("cond"),
  },
  (op) =>
    ((
      given: Operand,
      then: Callback,
      otherwise: Callback,
      args: readonly Operand[] = [],
    ): unknown => {
      const predicate = operand("cond", given);
      checkPredicate(predicate);
      checkFunction("cond", "the first branch", then);
      checkFunction("cond", "the second branch", otherwise);
      if (!Array.isArray(args)) {
        throw new ArgumentError(`cond: arguments must be a list, got ${describe(args)}`);
      }
      const { items } = flatten("cond", args);
      const parameters = placeholders(items.map(typeOf));
      const yes = resultsOf("cond", then(...parameters));
      const no = resultsOf("cond", otherwise(...parameters));
      checkBranches(yes.items, no.items);
      const { bodies, captures } = close(parameters, [yes.items, no.items], "leaves");
      const node = apply(op, [predicate, ...items, ...captures], {
        consequent: bodies[0] as Lambda,
        alternative: bodies[1] as Lambda,
      });
      return unflatten(itemsOf(node, yes.items.length), yes.single);
    }) as CondBuilder,
);

function checkPredicate({ shape, dtype }: Expr): void {
  if (shape.length > 0) {
    throw new ShapeError(
      `cond: the predicate must be a scalar, got ${dtype}${formatShape(shape)}; where selects by element`,
    );
  }
}

function checkBranches(then: readonly Expr[], otherwise: readonly Expr[]): void {
  if (then.length !== otherwise.length) {
    throw new ArgumentError(
      `cond: both branches must give as many results, got ${then.length} and ${otherwise.length}`,
    );
  }
  for (const [i, a] of then.entries()) {
    const b = otherwise[i] as Expr;
    const types = `${a.dtype}${formatShape(a.shape)} and ${b.dtype}${formatShape(b.shape)}`;
    const where = `cond: result ${i} of both branches must have one`;
    if (!sameShape(a.shape, b.shape)) throw new ShapeError(`${where} shape, got ${types}`);
    if (a.dtype !== b.dtype) throw new DTypeError(`${where} type, got ${types}`);
  }
}

/** Both branches of a derivative before they have arguments. */
interface Plan {
  readonly consequent: Lambda;
  readonly alternative: Lambda;
  readonly order: readonly number[];
  /** Which inputs or outputs the results belong to. */
  readonly results: readonly number[];
}

const plans: PerLambda<PerLambda<Plan>> = /* @__PURE__ */ new PerLambda<PerLambda<Plan>>();

/** Derives both branches; where one has no path and the other has, it gives zeros. */
function planOf(
  node: Expr,
  key: string,
  derive: (outputs: readonly Expr[], offered: readonly Expr[]) => readonly (Expr | undefined)[],
  typesOf: (outputs: readonly Expr[]) => readonly Type[],
  zeros: readonly Type[],
): Plan {
  const { consequent, alternative } = condAttributes(node.attributes);
  return plans
    .get(consequent, "", () => new PerLambda<Plan>())
    .get(alternative, key, () => {
      const types = typesOf(consequent.outputs);
      const offered = types.map(argumentOf);
      const yes = derive(consequent.outputs, offered);
      const no = derive(alternative.outputs, offered);
      const results = zeros.flatMap((_, i) =>
        yes[i] === undefined && no[i] === undefined ? [] : [i],
      );
      const pick = (found: readonly (Expr | undefined)[]): Expr[] =>
        results.map((i) => {
          const { shape, dtype } = zeros[i] as Type;
          return found[i] ?? full(0, shape, dtype);
        });
      const order = usedInputs([...pick(yes), ...pick(no)]);
      return {
        consequent: relabel(pick(yes), types, order),
        alternative: relabel(pick(no), types, order),
        order,
        results,
      };
    });
}

function applyPlan(
  { op, args }: Expr,
  { consequent, alternative, order, results }: Plan,
  count: number,
  further: readonly (Expr | undefined)[],
): (Expr | undefined)[] {
  const out: (Expr | undefined)[] = new Array(count).fill(undefined);
  if (results.length === 0) return out;
  const inputs = args.length - 1;
  const given = order.map((i) => (i < inputs ? args[i + 1] : further[i - inputs]) as Expr);
  const node = apply(op, [args[0] as Expr, ...given], { consequent, alternative });
  for (const [k, i] of results.entries()) out[i] = item(node, k);
  return out;
}
