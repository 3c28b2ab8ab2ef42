import { close } from "../../closure.ts";
import { ArgumentError, describe, ShapeError } from "../../errors.ts";
import type { Attributes, Expr, Type } from "../../expr.ts";
import { apply } from "../../intern.ts";
import { named } from "../../notation.ts";
import { defineOp, type Elements, type WithOp } from "../../op.ts";
import { checkShape, type Dim, formatShape, SCALAR } from "../../shape.ts";
import { item } from "../tuple.ts";
import { segmentedScan } from "./checkpointScan.ts";
import { typeOf } from "./lambda.ts";
import { forwardLoop, type Loop, type LoopParts, reverseLoop } from "./loopRules.ts";
import { runScan, type ScanAttributes, unrollScan } from "./scanKernel.ts";
import {
  type AnyExprsOf,
  checkFunction,
  checkInputs,
  type ExprsOf,
  flatten,
  nextCarries,
  placeholders,
  type Structure,
  unflatten,
} from "./structure.ts";

/** Options of `scan`. */
export interface ScanOptions {
  /** Number of steps; that of the first axis of xs where there are any. */
  readonly length?: Dim;
  /** Whether the steps run from the last to the first. */
  readonly reverse?: boolean;
  /**
   * What reverse mode keeps of n steps: every state (default), or about 2√n of them at a time, for
   * which each step is computed once more. Needs a length that is a number.
   */
  readonly checkpoint?: "sqrt";
}

interface ScanBuilder {
  <const C extends Structure, const X extends Structure, const Y extends Structure | undefined>(
    step: (carry: ExprsOf<C>, x: AnyExprsOf<X>) => readonly [Structure, Y],
    init: C,
    xs: X,
    options?: ScanOptions,
  ): [ExprsOf<C>, Y extends undefined ? undefined : AnyExprsOf<Y>];
  <const C extends Structure, const Y extends Structure | undefined>(
    step: (carry: ExprsOf<C>) => readonly [Structure, Y],
    init: C,
    xs: undefined,
    options: ScanOptions,
  ): [ExprsOf<C>, Y extends undefined ? undefined : AnyExprsOf<Y>];
}

/** The attributes of a node of `scan`. */
export function scanAttributes(attributes: Attributes): ScanAttributes {
  return attributes as unknown as ScanAttributes;
}

/**
 * A loop of known length, `[c, y_t] = step(c, x_t)`: the last carry, and the outputs stacked.
 *
 * The step is traced once; carries and xs may be one expression or a list. Reverse mode keeps the
 * carry of every step and computes each step again from it.
 *
 * Shapes: each of xs [n, ...]; outputs [n, ...]; carries as they began.
 * Throws ShapeError or DTypeError if a carry changes its type or lengths differ.
 */
export const scan: WithOp<ScanBuilder> = defineOp(
  {
    name: "scan",
    arity: undefined,
    infer: (args, attributes) => {
      checkScan(args, scanAttributes(attributes));
      return { shape: SCALAR, dtype: "f64" };
    },
    items: (_args, attributes) => {
      const { body, carries, length } = scanAttributes(attributes);
      const stacked = ({ shape, dtype }: Type): Type => ({ shape: [length, ...shape], dtype });
      return [
        ...body.inputs.slice(0, carries),
        ...body.outputs.slice(carries).map(stacked),
        ...body.inputs.slice(0, carries).map(stacked),
      ];
    },
    evaluate: (values, node, context) =>
      runScan(values, node, scanAttributes(node.attributes), context),
    vjpItems: (node, adjoints, wanted, context) => {
      const loop = loopOf(node);
      const parts = reverseLoop(loop, adjoints, wanted, context);
      return scanResults({ ...loop, reverse: !loop.reverse }, parts);
    },
    jvpItems: (node, tangents, context) => {
      const loop = loopOf(node);
      return scanResults(loop, forwardLoop(loop, tangents, context));
    },
    elements: ({ attributes }, args, context) =>
      unrollScan(args as readonly Elements[], scanAttributes(attributes), context),
    notation: named("scan"),
  },
  (op) =>
    ((
      step: (carry: unknown, x: unknown) => readonly [unknown, unknown],
      init: unknown,
      xs: unknown,
      options: ScanOptions = {},
    ): unknown => {
      checkFunction("scan", "the step", step);
      const carries = flatten("scan", init);
      const slices = flatten("scan", xs);
      const length = lengthOf(slices.items, options.length);
      const parameters = placeholders([
        ...carries.items.map(typeOf),
        ...slices.items.map(({ shape, dtype }) => ({ shape: shape.slice(1), dtype })),
      ]);
      const count = carries.items.length;
      const result: unknown = step(
        unflatten(parameters.slice(0, count), carries.single),
        unflatten(parameters.slice(count), slices.single),
      );
      if (!Array.isArray(result) || result.length > 2) {
        throw new ArgumentError(
          `scan: the step must give a pair [carry, output], got ${describe(result)}`,
        );
      }
      const next = nextCarries("scan", result[0], carries);
      const rows = flatten("scan", result[1]);
      const { bodies, captures } = close(parameters, [[...next, ...rows.items]], "expressions");
      const args = [...carries.items, ...slices.items, ...captures];
      const attributes: ScanAttributes = {
        body: bodies[0] as ScanAttributes["body"],
        carries: count,
        slices: slices.items.length,
        length,
        reverse: options.reverse === true,
        bounded: false,
      };
      const results =
        options.checkpoint === undefined
          ? itemsOf(apply(op, args, { ...attributes }), count + rows.items.length)
          : segmentedScan(args, attributes);
      return [
        unflatten(results.slice(0, count), carries.single),
        result[1] === undefined ? undefined : unflatten(results.slice(count), rows.single),
      ];
    }) as ScanBuilder,
);

/** The first results of a node with several. */
export function itemsOf(node: Expr, count: number): Expr[] {
  return Array.from({ length: count }, (_, i) => item(node, i));
}

function lengthOf(xs: readonly Expr[], given: Dim | undefined): Dim {
  let length = given;
  for (const { shape } of xs) {
    const [first] = shape;
    if (first === undefined || (length !== undefined && first !== length)) {
      throw new ShapeError(
        `scan: every xs must have a first axis of ${length ?? "one length"}, got ${formatShape(shape)}`,
      );
    }
    length = first;
  }
  if (length === undefined) {
    throw new ArgumentError("scan: a length must be given where there are no xs, got none");
  }
  checkShape("scan", [length]);
  return length;
}

function checkScan(args: readonly Expr[], attributes: ScanAttributes): void {
  const { body, carries, slices, length, bounded } = attributes;
  const given = args.slice(0, bounded ? -1 : undefined).map((arg, i): Type => {
    if (i < carries || i >= carries + slices) return arg;
    if (arg.shape[0] !== length) {
      throw new ShapeError(
        `scan: xs must have a first axis of ${length}, got ${formatShape(arg.shape)}`,
      );
    }
    return { shape: arg.shape.slice(1), dtype: arg.dtype };
  });
  checkInputs("scan", body.inputs, given);
  checkInputs("scan: next carries", body.inputs.slice(0, carries), body.outputs.slice(0, carries));
}

function loopOf(node: Expr): Loop {
  const { body, carries, slices, length, reverse, bounded } = scanAttributes(node.attributes);
  const { args } = node;
  const inputs = body.inputs.length;
  return {
    body,
    init: args.slice(0, carries),
    slices: args.slice(carries, carries + slices),
    invariants: args.slice(carries + slices, inputs),
    length,
    reverse,
    trips: bounded ? args[inputs] : undefined,
    history: (carry) => item(node, body.outputs.length + carry),
  };
}

/** The derivative of a loop as a scan over its steps, and the results asked for. */
export function scanResults(
  { length, reverse, trips }: Pick<Loop, "length" | "reverse" | "trips">,
  { body, init, slices, invariants, results }: LoopParts,
): (Expr | undefined)[] {
  if (results.every((result) => result === undefined)) return [...results] as undefined[];
  const args = [...init, ...slices, ...invariants, ...(trips === undefined ? [] : [trips])];
  const attributes: ScanAttributes = {
    body,
    carries: init.length,
    slices: slices.length,
    length,
    reverse,
    bounded: trips !== undefined,
  };
  const node = apply(scan.op, args, { ...attributes });
  return results.map((result) => (result === undefined ? undefined : item(node, result)));
}
