import { close } from "../../closure.ts";
import { ArgumentError, ShapeError } from "../../errors.ts";
import type { Attributes, Expr, Lambda, Type } from "../../expr.ts";
import { apply } from "../../intern.ts";
import { named } from "../../notation.ts";
import {
  defineOp,
  type Elements,
  type ForwardContext,
  type ReverseContext,
  type TupleValue,
  type WithOp,
} from "../../op.ts";
import { type Dim, formatShape, normalizeAxis, resolveShape, SCALAR } from "../../shape.ts";
import type { Tensor, Value } from "../../tensor.ts";
import { moveAxis } from "../axes.ts";
import { sum } from "../reduction.ts";
import { item } from "../tuple.ts";
import { bodyAdjoints } from "./bodyDerivatives.ts";
import { argumentOf, flags, PerLambda, relabel, typeOf, usedInputs } from "./lambda.ts";
import { itemsOf } from "./scan.ts";
import { elementsAt, sliceAt, stackElements, stackOf, writeAt } from "./scanKernel.ts";
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

/** Options of `map`. */
export interface MapOptions {
  /** The axis of each of xs that the function is mapped over; the first by default. */
  readonly axis?: number | readonly number[];
  /** Where that axis lies in the results; first by default. */
  readonly outAxis?: number;
}

/** The attributes of a map. */
export interface MapAttributes {
  readonly body: Lambda;
  /** The first `mapped` arguments are taken apart along their first axis, the others whole. */
  readonly mapped: number;
  readonly size: Dim;
}

/** What readers of the graph may know of a node of `map`. */
export function mapAttributes(attributes: Attributes): MapAttributes {
  return attributes as unknown as MapAttributes;
}

type MapBuilder = <const X extends Structure, const Y extends Structure>(
  f: (x: AnyExprsOf<X>) => Y,
  xs: X,
  options?: MapOptions,
) => AnyExprsOf<Y>;

/**
 * A function of one element applied to all elements along an axis, `y_i = f(x_i)`.
 *
 * xs may be one expression or a list, taken apart together; what the function uses from outside is
 * the same for all elements. The axis may be a named size.
 *
 * Shapes: x [..., n, ...] → f sees [..., ...]; its results [...] → [n, ...].
 * Throws ShapeError if the axes differ in length.
 */
export const map: WithOp<MapBuilder> = defineOp(
  {
    name: "map",
    arity: undefined,
    infer: (args, attributes) => {
      const { body, mapped, size } = mapAttributes(attributes);
      const given = args.map((arg, i): Type => {
        if (i >= mapped) return arg;
        if (arg.shape[0] !== size) throw wrongAxis(size, arg);
        return { shape: arg.shape.slice(1), dtype: arg.dtype };
      });
      checkInputs("map", body.inputs, given);
      return { shape: SCALAR, dtype: "f64" };
    },
    items: (_args, attributes) => {
      const { body, size } = mapAttributes(attributes);
      return body.outputs.map(({ shape, dtype }) => ({ shape: [size, ...shape], dtype }));
    },
    evaluate: (values, { attributes }, context) => {
      const { body, mapped, size } = mapAttributes(attributes);
      const [count] = resolveShape("map", [size], context.sizes) as [number];
      const results = body.outputs.map((row) => stackOf(row, count, context));
      const inputs: TupleValue[] = [...values];
      for (let t = 0; t < count; t++) {
        for (let i = 0; i < mapped; i++) inputs[i] = sliceAt(values[i] as Value, t);
        const rows = context.call(body, inputs);
        for (const [i, row] of rows.entries()) writeAt(results[i] as Tensor, t, row as Value);
      }
      return results;
    },
    vjpItems: (node, adjoints, wanted, context) => reverseMap(node, adjoints, wanted, context),
    jvpItems: (node, tangents, context) => forwardMap(node, tangents, context),
    elements: ({ attributes }, args, context) => {
      const { body, mapped, size } = mapAttributes(attributes);
      const [count] = resolveShape("map", [size], context.sizes) as [number];
      const rows: (readonly Elements[])[] = [];
      for (let t = 0; t < count; t++) {
        const inputs = (args as readonly Elements[]).map((arg, i) =>
          i < mapped ? elementsAt(arg, t) : arg,
        );
        rows.push(context.call(body, inputs) as readonly Elements[]);
      }
      return body.outputs.map((output, i) =>
        stackElements(
          rows.map((row) => row[i] as Elements),
          resolveShape("map", output.shape, context.sizes),
        ),
      );
    },
    notation: named("map"),
  },
  (op) =>
    ((f: (x: unknown) => unknown, xs: unknown, options: MapOptions = {}): unknown => {
      checkFunction("map", "the function", f);
      const { axis = 0, outAxis = 0 } = options;
      const { items, single } = flatten("map", xs);
      if (items.length === 0)
        throw new ArgumentError("map: there must be something to map over, got none");
      const args = items.map((x, i) => {
        const at = typeof axis === "number" ? axis : (axis[i] ?? Number.NaN);
        const index = normalizeAxis("map", at, x.shape.length);
        return index === 0 ? x : moveAxis(x, index, 0);
      });
      const size = (args[0] as Expr).shape[0] as Dim;
      for (const arg of args) if (arg.shape[0] !== size) throw wrongAxis(size, arg);
      const parameters = placeholders(
        args.map(({ shape, dtype }) => ({ shape: shape.slice(1), dtype })),
      );
      const rows = resultsOf("map", f(unflatten(parameters, single)));
      const { bodies, captures } = close(parameters, [rows.items], "expressions");
      const node = apply(op, [...args, ...captures], {
        body: bodies[0] as Lambda,
        mapped: args.length,
        size,
      });
      const results = itemsOf(node, rows.items.length).map((result) =>
        outAxis === 0 ? result : moveAxis(result, 0, outAxis),
      );
      return unflatten(results, rows.single);
    }) as MapBuilder,
);

function wrongAxis(size: Dim, { shape }: Expr): ShapeError {
  return new ShapeError(
    `map: the axis mapped over must have one length for all, got ${size} and that of ${formatShape(shape)}`,
  );
}

/** A derivative before it has arguments: positions among what was offered, mapped ones first. */
interface Plan {
  readonly body: Lambda;
  readonly mapped: readonly number[];
  readonly whole: readonly number[];
  /** Which inputs or outputs the results belong to. */
  readonly results: readonly number[];
}

const reversePlans: PerLambda<Plan> = /* @__PURE__ */ new PerLambda<Plan>();
const forwardPlans: PerLambda<Plan> = /* @__PURE__ */ new PerLambda<Plan>();

function makePlan(
  found: readonly (Expr | undefined)[],
  types: readonly Type[],
  isMapped: (index: number) => boolean,
): Plan {
  const results = found.flatMap((one, i) => (one === undefined ? [] : [i]));
  const outputs = results.map((i) => found[i] as Expr);
  const used = usedInputs(outputs);
  const mapped = used.filter(isMapped);
  const whole = used.filter((i) => !isMapped(i));
  return { body: relabel(outputs, types, [...mapped, ...whole]), mapped, whole, results };
}

function applyPlan(plan: Plan, size: Dim, offered: (index: number) => Expr): Expr {
  const args = [...plan.mapped, ...plan.whole].map(offered);
  return apply(map.op, args, { body: plan.body, mapped: plan.mapped.length, size });
}

/** `x̄_i` mapped, and for what is the same for all elements the sum of what each sends back. */
function reverseMap(
  { args, attributes }: Expr,
  adjoints: readonly (Expr | undefined)[],
  wanted: readonly boolean[],
  context: ReverseContext,
): (Expr | undefined)[] {
  const { body, mapped, size } = mapAttributes(attributes);
  const total = args.length;
  const plan = reversePlans.get(body, `${mapped} ${flags(adjoints)} ${flags(wanted)}`, () => {
    const types = [...body.inputs, ...body.outputs.map(typeOf)];
    const found = bodyAdjoints(body, adjoints, wanted, context);
    return makePlan(found, types, (i) => i < mapped || i >= total);
  });
  const contributions: (Expr | undefined)[] = new Array(total).fill(undefined);
  if (plan.results.length === 0) return contributions;
  const node = applyPlan(plan, size, (i) =>
    i < total ? (args[i] as Expr) : (adjoints[i - total] as Expr),
  );
  for (const [k, i] of plan.results.entries()) {
    const sent = item(node, k);
    contributions[i] = i < mapped ? sent : sum(sent, 0);
  }
  return contributions;
}

function forwardMap(
  { args, attributes }: Expr,
  tangents: readonly (Expr | undefined)[],
  { pushforward }: ForwardContext,
): (Expr | undefined)[] {
  const { body, mapped, size } = mapAttributes(attributes);
  const total = args.length;
  const plan = forwardPlans.get(body, `${mapped} ${flags(tangents)}`, () => {
    const types = [...body.inputs, ...body.inputs];
    const offered = types.map(argumentOf);
    const wrt = tangents.flatMap((tangent, i) => (tangent === undefined ? [] : [i]));
    const found = pushforward(
      body.outputs,
      wrt.map((i) => offered[i] as Expr),
      wrt.map((i) => offered[total + i] as Expr),
    );
    return makePlan(found, types, (i) => i % total < mapped);
  });
  const out: (Expr | undefined)[] = new Array(body.outputs.length).fill(undefined);
  if (plan.results.length === 0) return out;
  const node = applyPlan(plan, size, (i) =>
    i < total ? (args[i] as Expr) : (tangents[i - total] as Expr),
  );
  for (const [k, i] of plan.results.entries()) out[i] = item(node, k);
  return out;
}
