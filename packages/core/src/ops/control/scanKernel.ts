import { EvaluationError } from "../../errors.ts";
import type { Expr, Lambda } from "../../expr.ts";
import type { Elements, EvaluationContext, ScalarizeContext, TupleValue } from "../../op.ts";
import { type Dim, elementCount, resolveShape } from "../../shape.ts";
import { Tensor, type Value, zeros } from "../../tensor.ts";
import { greater } from "../comparison.ts";
import { constant } from "../leaf.ts";
import { where } from "../select.ts";

/** The attributes of a scan. */
export interface ScanAttributes {
  readonly body: Lambda;
  /** How many carries and slices the body has; the other inputs are invariants. */
  readonly carries: number;
  readonly slices: number;
  readonly length: Dim;
  readonly reverse: boolean;
  /** Whether the last argument says how many steps run, from step 0. */
  readonly bounded: boolean;
}

/** Element `t` along the first axis. */
export function sliceAt(value: Value, t: number): Value {
  const { shape, data, dtype } = value as Tensor;
  if (shape.length === 1) return data[t] as number;
  const inner = shape.slice(1);
  const count = elementCount(inner);
  return new Tensor(inner, data.subarray(t * count, (t + 1) * count), dtype);
}

/** Writes a value as element `t` along the first axis. */
export function writeAt(target: Tensor, t: number, value: Value): void {
  if (typeof value === "number") target.data[t] = value;
  else target.data.set(value.data, t * value.data.length);
}

/** Runs a scan step by step: last carries, stacked outputs, and those histories that are read. */
export function runScan(
  values: readonly TupleValue[],
  node: Expr,
  attributes: ScanAttributes,
  context: EvaluationContext,
): readonly Value[] {
  const { body, carries, slices, reverse, bounded } = attributes;
  const [length] = resolveShape("scan", [attributes.length], context.sizes) as [number];
  const trips = bounded ? (values.at(-1) as number) : length;
  if (trips < 0 || trips > length) {
    throw new EvaluationError(`scan: trips must lie in 0 … ${length}, got ${trips}`);
  }
  const stacks = body.outputs.slice(carries).map((row) => stackOf(row, length, context));
  const histories = new Map<number, Tensor>();
  for (let i = 0; i < carries; i++) {
    if (!context.wants(node, carries + stacks.length + i)) continue;
    histories.set(i, stackOf(node.args[i] as Expr, length, context));
  }
  const inputs = values.slice(0, body.inputs.length) as Value[];
  const sources = inputs.slice(carries, carries + slices);
  for (let step = 0; step < trips; step++) {
    const t = reverse ? trips - 1 - step : step;
    for (let i = 0; i < slices; i++) inputs[carries + i] = sliceAt(sources[i] as Value, t);
    for (const [i, history] of histories) writeAt(history, t, inputs[i] as Value);
    const rows = context.call(body, inputs) as readonly Value[];
    for (let i = 0; i < carries; i++) inputs[i] = rows[i] as Value;
    for (let i = 0; i < stacks.length; i++) {
      writeAt(stacks[i] as Tensor, t, rows[carries + i] as Value);
    }
  }
  const results: Value[] = [...inputs.slice(0, carries), ...stacks];
  const end = results.length;
  for (const [i, history] of histories) {
    while (results.length <= end + i) results.push(0);
    results[end + i] = history;
  }
  return results;
}

/** Room for `length` values of a row's type along a new first axis. */
export function stackOf(row: Expr, length: number, { sizes }: EvaluationContext): Tensor {
  return zeros([length, ...resolveShape("scan", row.shape, sizes)], row.dtype);
}

/** Element `t` along the first axis, of elements. */
export function elementsAt({ shape, items }: Elements, t: number): Elements {
  const inner = shape.slice(1);
  const count = elementCount(inner);
  return { shape: inner, items: items.slice(t * count, (t + 1) * count) };
}

/** Elements stacked along a new first axis. `shape` serves when there are none. */
export function stackElements(rows: readonly Elements[], shape: readonly number[]): Elements {
  return { shape: [rows.length, ...shape], items: rows.flatMap(({ items }) => items) };
}

/**
 * A scan unrolled over scalars. Where a value decides how many steps run, every step is there and
 * is chosen if it runs.
 */
export function unrollScan(
  args: readonly Elements[],
  { body, carries, slices, length, reverse, bounded }: ScanAttributes,
  context: ScalarizeContext,
): readonly Elements[] {
  const [steps] = resolveShape("scan", [length], context.sizes) as [number];
  const trips = bounded ? (args.at(-1)?.items[0] as Expr) : undefined;
  const inputs = [...args];
  const stacks: Elements[][] = body.outputs.map(() => []);
  const histories: Elements[][] = args.slice(0, carries).map(() => []);
  for (let step = 0; step < steps; step++) {
    const t = reverse ? steps - 1 - step : step;
    const runs = trips && greater(trips, constant(t, "i32"));
    const chosen = (then: Elements, otherwise: Elements | undefined): Elements =>
      runs === undefined ? then : choose(runs, then, otherwise);
    for (let i = carries; i < carries + slices; i++) {
      inputs[i] = elementsAt(args[i] as Elements, t);
    }
    for (let i = 0; i < carries; i++) {
      (histories[i] as Elements[])[t] = chosen(inputs[i] as Elements, undefined);
    }
    const rows = context.call(body, inputs) as readonly Elements[];
    for (const [i, row] of rows.entries()) {
      if (i < carries) inputs[i] = chosen(row, inputs[i]);
      else (stacks[i] as Elements[])[t] = chosen(row, undefined);
    }
  }
  const shapeOf = (row: Expr): readonly number[] => resolveShape("scan", row.shape, context.sizes);
  return [
    ...inputs.slice(0, carries),
    ...body.outputs
      .slice(carries)
      .map((row, i) => stackElements(stacks[carries + i] as Elements[], shapeOf(row))),
    ...histories.map((rows, i) => stackElements(rows, (args[i] as Elements).shape)),
  ];
}

/** Elements if a condition holds, else others, by default zeros. */
export function choose(
  condition: Expr,
  { shape, items }: Elements,
  otherwise: Elements | undefined,
): Elements {
  return {
    shape,
    items: items.map((one, k) =>
      where(condition, one, otherwise?.items[k] ?? constant(0, one.dtype)),
    ),
  };
}
