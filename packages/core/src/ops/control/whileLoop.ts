import { checkResult, close } from "../../closure.ts";
import { ArgumentError, DifferentiationError, describe, ShapeError } from "../../errors.ts";
import type { Expr, Lambda, Type } from "../../expr.ts";
import { apply } from "../../intern.ts";
import { named } from "../../notation.ts";
import { defineOp, type Elements, type WithOp } from "../../op.ts";
import { formatShape, SCALAR } from "../../shape.ts";
import type { Value } from "../../tensor.ts";
import { item } from "../tuple.ts";
import { typeOf } from "./lambda.ts";
import { forwardLoop, type Loop, reverseLoop } from "./loopRules.ts";
import { itemsOf, scanResults } from "./scan.ts";
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
import { runWhile, unrollWhile, whileAttributes } from "./whileKernel.ts";
import { jointTangents } from "./whileTangents.ts";

/** Options of `whileLoop`. */
export interface WhileOptions {
  /**
   * The most trips made: the loop ends after them even where the condition still holds. Reverse
   * mode needs it, to have room for the state of every trip.
   */
  readonly maxTrips?: number;
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
    elements: ({ attributes }, args, context) =>
      unrollWhile(args as readonly Elements[], whileAttributes(attributes), context),
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
