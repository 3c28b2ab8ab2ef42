import { checkResult, close } from "../../closure.ts";
import { ArgumentError, DifferentiationError, describe, ShapeError } from "../../errors.ts";
import { type Attributes, apply, type Expr, type Lambda, type Type } from "../../expr.ts";
import { named } from "../../notation.ts";
import {
  defineOp,
  type EvaluationContext,
  type ForwardContext,
  type TupleValue,
  type WithOp,
} from "../../op.ts";
import { formatShape, SCALAR } from "../../shape.ts";
import type { Tensor, Value } from "../../tensor.ts";
import { full } from "../movement.ts";
import { item } from "../tuple.ts";
import { argumentOf, flags, PerLambda, relabel, typeOf } from "./lambda.ts";
import { forwardLoop, type Loop, reverseLoop } from "./loopRules.ts";
import { itemsOf, scanResults } from "./scan.ts";
import { stackOf, writeAt } from "./scanKernel.ts";
import {
  checkFunction,
  checkInputs,
  type ExprsOf,
  flatten,
  nextCarries,
  placeholders,
  type Structure,
  unflatten,
} from "./structure.ts";

/** Options of `whileLoop`. */
export interface WhileOptions {
  /**
   * The most trips made: the loop ends after them even where the condition still holds. Reverse
   * mode needs it, to have room for the state of every trip.
   */
  readonly maxTrips?: number;
}

interface WhileAttributes {
  readonly condition: Lambda;
  readonly body: Lambda;
  readonly carries: number;
  readonly maxTrips: number | undefined;
}

function whileAttributes(attributes: Attributes): WhileAttributes {
  return attributes as unknown as WhileAttributes;
}

type WhileBuilder = <const C extends Structure>(
  condition: (carry: ExprsOf<C>) => Expr,
  body: (carry: ExprsOf<C>) => Structure,
  init: C,
  options?: WhileOptions,
) => ExprsOf<C>;

/**
 * Repeats `c = body(c)` while `condition(c)` holds, at most `maxTrips` times.
 *
 * Forward mode always works; reverse mode needs `maxTrips`.
 * Throws ShapeError or DTypeError if a carry changes its type.
 * Source: the limit is that of ONNX, "Loop".
 */
export const whileLoop: WithOp<WhileBuilder> = defineOp(
  {
    name: "whileLoop",
    arity: undefined,
    infer: (args, attributes) => {
      const { condition, body, carries } = whileAttributes(attributes);
      checkInputs("whileLoop", body.inputs, args);
      checkInputs("whileLoop: condition", condition.inputs, args);
      checkInputs("whileLoop: next carries", body.inputs.slice(0, carries), body.outputs);
      return { shape: SCALAR, dtype: "f64" };
    },
    // The last carries, the number of trips, and the histories where there is room for them.
    items: (_args, attributes) => {
      const { body, carries, maxTrips } = whileAttributes(attributes);
      const types = body.inputs.slice(0, carries);
      const history = ({ shape, dtype }: Type): Type => ({
        shape: [maxTrips as number, ...shape],
        dtype,
      });
      const trips: Type = { shape: SCALAR, dtype: "i32" };
      return [...types, trips, ...(maxTrips === undefined ? [] : types.map(history))];
    },
    evaluate: (values, node, context) => runWhile(values as readonly Value[], node, context),
    vjpItems: (node, adjoints, wanted, context) => {
      const loop = loopOf(node);
      if (loop === undefined) {
        throw new DifferentiationError(
          "whileLoop: reverse mode must know the most trips it may make, got no maxTrips; give it, or use jvp",
        );
      }
      const own = withoutTrips(adjoints, loop.init.length);
      return scanResults({ ...loop, reverse: true }, reverseLoop(loop, own, wanted, context));
    },
    jvpItems: (node, tangents, context) => {
      const loop = loopOf(node);
      if (loop === undefined) return jointTangents(node, tangents, context);
      const results = scanResults(loop, forwardLoop(loop, tangents, context));
      results.splice(loop.init.length, 0, undefined);
      return results;
    },
    notation: named("whileLoop"),
  },
  (op) =>
    ((
      condition: (carry: unknown) => unknown,
      body: (carry: unknown) => unknown,
      init: unknown,
      { maxTrips }: WhileOptions = {},
    ): unknown => {
      checkFunction("whileLoop", "the condition", condition);
      checkFunction("whileLoop", "the body", body);
      if (maxTrips !== undefined && !(Number.isSafeInteger(maxTrips) && maxTrips >= 0)) {
        throw new ArgumentError(
          `whileLoop: maxTrips must be a whole number ≥ 0, got ${describe(maxTrips)}`,
        );
      }
      const carries = flatten("whileLoop", init);
      const parameters = placeholders(carries.items.map(typeOf));
      const structure = unflatten(parameters, carries.single);
      const holds: unknown = condition(structure);
      checkResult("whileLoop: condition", holds);
      if (holds.shape.length > 0) {
        throw new ShapeError(
          `whileLoop: the condition must be a scalar, got ${holds.dtype}${formatShape(holds.shape)}`,
        );
      }
      const next = nextCarries("whileLoop", body(structure), carries);
      const { bodies, captures } = close(parameters, [[holds], next], "expressions");
      const node = apply(op, [...carries.items, ...captures], {
        condition: bodies[0] as Lambda,
        body: bodies[1] as Lambda,
        carries: parameters.length,
        maxTrips,
      });
      return unflatten(itemsOf(node, parameters.length), carries.single);
    }) as WhileBuilder,
);

function runWhile(
  values: readonly Value[],
  node: Expr,
  context: EvaluationContext,
): readonly Value[] {
  const { condition, body, carries, maxTrips } = whileAttributes(node.attributes);
  const histories = new Map<number, Tensor>();
  for (let i = 0; i < carries && maxTrips !== undefined; i++) {
    if (!context.wants(node, carries + 1 + i)) continue;
    histories.set(i, stackOf(node.args[i] as Expr, maxTrips, context));
  }
  const inputs: TupleValue[] = [...values];
  let trips = 0;
  while (trips !== maxTrips && context.call(condition, inputs)[0] !== 0) {
    for (const [i, history] of histories) writeAt(history, trips, inputs[i] as Value);
    const next = context.call(body, inputs);
    for (let i = 0; i < carries; i++) inputs[i] = next[i] as TupleValue;
    trips++;
  }
  const results = [...inputs.slice(0, carries), trips] as Value[];
  for (const [i, history] of histories) {
    while (results.length <= carries + 1 + i) results.push(0);
    results[carries + 1 + i] = history;
  }
  return results;
}

/** The trips made as the steps of a loop of known length; `undefined` without `maxTrips`. */
function loopOf(node: Expr): Loop | undefined {
  const { body, carries, maxTrips } = whileAttributes(node.attributes);
  if (maxTrips === undefined) return undefined;
  return {
    body,
    init: node.args.slice(0, carries),
    slices: [],
    invariants: node.args.slice(carries),
    length: maxTrips,
    reverse: false,
    trips: item(node, carries),
    history: (carry) => item(node, carries + 1 + carry),
  };
}

function withoutTrips(
  adjoints: readonly (Expr | undefined)[],
  carries: number,
): readonly (Expr | undefined)[] {
  const at = (i: number): Expr | undefined => adjoints[i < carries ? i : i + 1];
  return Array.from({ length: 2 * carries }, (_, i) => at(i));
}

/** A loop over states and tangents together. */
interface Joint {
  readonly condition: Lambda;
  readonly body: Lambda;
  /** Carries that have a tangent. */
  readonly carries: readonly number[];
}

const joints: PerLambda<PerLambda<Joint>> = /* @__PURE__ */ new PerLambda<PerLambda<Joint>>();

/** Tangents where no history is kept: states and tangents advance side by side. */
function jointTangents(
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
    whileLoop.op,
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
  { pushforward }: ForwardContext,
): Joint {
  const { inputs, outputs } = body;
  const total = inputs.length;
  const types = [...inputs, ...inputs];
  const offered = types.map(argumentOf);
  const varies = tangents.map((tangent) => tangent !== undefined);
  let found: readonly (Expr | undefined)[] = [];
  for (let again = true; again; ) {
    again = false;
    const wrt = varies.flatMap((yes, i) => (yes ? [i] : []));
    found = pushforward(
      outputs,
      wrt.map((i) => offered[i] as Expr),
      wrt.map((i) => offered[total + i] as Expr),
    );
    for (let i = 0; i < count; i++) {
      if (found[i] === undefined || varies[i] === true) continue;
      varies[i] = true;
      again = true;
    }
  }
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
