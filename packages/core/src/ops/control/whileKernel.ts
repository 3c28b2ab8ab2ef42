import { ArgumentError } from "../../errors.ts";
import type { Attributes, Expr, Lambda } from "../../expr.ts";
import type { Elements, EvaluationContext, ScalarizeContext, TupleValue } from "../../op.ts";
import type { Tensor, Value } from "../../tensor.ts";
import { add } from "../arithmetic.ts";
import { cast } from "../cast.ts";
import { logicalAnd, notEqual } from "../comparison.ts";
import { constant } from "../leaf.ts";
import { choose, stackElements, stackOf, writeAt } from "./scanKernel.ts";

/** The attributes of a loop that runs while a condition holds. */
export interface WhileAttributes {
  readonly condition: Lambda;
  readonly body: Lambda;
  readonly carries: number;
  readonly maxTrips: number | undefined;
}

/** What the rules read of a node of `whileLoop`. */
export function whileAttributes(attributes: Attributes): WhileAttributes {
  return attributes as unknown as WhileAttributes;
}

/** Runs the loop: last carries, number of trips, and those histories that are read. */
export function runWhile(
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

/** The loop with every trip it may make, each chosen if it is made. */
export function unrollWhile(
  args: readonly Elements[],
  { condition, body, carries, maxTrips }: WhileAttributes,
  context: ScalarizeContext,
): readonly Elements[] {
  if (maxTrips === undefined) {
    throw new ArgumentError(
      "scalarize: a whileLoop must have a most number of trips, got no maxTrips",
    );
  }
  const inputs = [...args];
  const histories: Elements[][] = args.slice(0, carries).map(() => []);
  let runs: Expr = constant(1, "bool");
  let trips: Expr = constant(0, "i32");
  for (let trip = 0; trip < maxTrips; trip++) {
    const [holds] = context.call(condition, inputs) as readonly [Elements];
    runs = logicalAnd(runs, notEqual(holds.items[0] as Expr, 0));
    trips = add(trips, cast(runs, "i32"));
    const next = context.call(body, inputs) as readonly Elements[];
    for (let i = 0; i < carries; i++) {
      const before = inputs[i] as Elements;
      histories[i]?.push(choose(runs, before, undefined));
      inputs[i] = choose(runs, next[i] as Elements, before);
    }
  }
  return [
    ...inputs.slice(0, carries),
    { shape: [], items: [trips] },
    ...histories.map((rows, i) => stackElements(rows, (args[i] as Elements).shape)),
  ];
}
