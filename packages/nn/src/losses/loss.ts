import {
  ArgumentError,
  type DType,
  describe,
  Expr,
  formatShape,
  isFloat,
  mean,
  type Shape,
  ShapeError,
  sum,
  type Tensor,
} from "@chainrule/core";
import type { Metric } from "../metrics/metric.ts";

/** How the losses of single examples become one number; `none` keeps them apart. */
export type Reduction = "mean" | "sum" | "none";

/** Options of every loss. */
export interface LossOptions {
  readonly reduction?: Reduction;
}

/** Shape and element type of a value. */
export interface ValueType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** What a loss met, for a look at the numbers. */
export interface LossValues {
  readonly target: Tensor;
  /** The output's shape is enough to check targets before any work. */
  readonly output: { readonly shape: readonly number[]; readonly data?: Tensor["data"] };
}

/**
 * How far an output lies from its target, as a graph: a scalar unless `reduction` is `none`.
 *
 * A plain function is a loss; the rest serves trainers. M are the names of the metrics.
 */
export interface Loss<M extends string = never> {
  (output: Expr, target: Expr): Expr;
  /** What a trainer shows beside it unless told otherwise, such as accuracy beside cross-entropy. */
  readonly metrics?: Readonly<Record<M, Metric>>;
  /** The type of the targets that belong to an output; that of the output when not given. */
  readonly targetType?: (output: ValueType) => ValueType;
  /** What is wrong with these numbers, in one sentence; `undefined` if nothing is. */
  readonly problem?: (values: LossValues) => string | undefined;
}

/** A loss of this library: options may be given in the call, or fixed by `withOptions`. */
export interface LossWith<O extends LossOptions = LossOptions, M extends string = never> {
  (output: Expr, target: Expr, options?: O): Expr;
  readonly metrics: Readonly<Record<M, Metric>>;
  readonly targetType: (output: ValueType) => ValueType;
  readonly problem: (values: LossValues) => string | undefined;
  /** What it is made of. */
  readonly parts: LossParts<O, M>;
}

/** What a loss is made of. */
export interface LossParts<O extends LossOptions, M extends string = never> {
  /** Its name, for messages. */
  readonly label: string;
  readonly graph: (output: Expr, target: Expr, options: O) => Expr;
  readonly metrics?: (options: O) => Readonly<Record<M, Metric>>;
  readonly targetType?: (output: ValueType) => ValueType;
  readonly problem?: (values: LossValues, options: O) => string | undefined;
}

/** A loss from its graph and, where they differ from a regression's, its targets and metrics. */
// @__NO_SIDE_EFFECTS__
export function defineLoss<O extends LossOptions, M extends string = never>(
  parts: LossParts<O, M>,
): LossWith<O, M> {
  return withOptions({ parts }, {} as O);
}

/** The same loss with options fixed; those given in a call come first. */
// @__NO_SIDE_EFFECTS__
export function withOptions<O extends LossOptions, M extends string>(
  { parts }: Pick<LossWith<O, M>, "parts">,
  fixed: NoInfer<O>,
): LossWith<O, M> {
  const { label, graph } = parts;
  const own: LossParts<O, M> = {
    ...parts,
    graph: (output, target, options) => graph(output, target, { ...fixed, ...options }),
    metrics: (options) =>
      parts.metrics?.({ ...fixed, ...options }) ?? ({} as Readonly<Record<M, Metric>>),
    problem: (values, options) => parts.problem?.(values, { ...fixed, ...options }),
  };
  const call = (output: Expr, target: Expr, options?: O): Expr =>
    graph(floatOutput(label, output), target, { ...fixed, ...options });
  return Object.assign(call, {
    parts: own,
    metrics: own.metrics?.(fixed) as Readonly<Record<M, Metric>>,
    targetType: parts.targetType ?? ((output: ValueType): ValueType => output),
    problem: (values: LossValues): string | undefined =>
      notFinite(`${label}: targets`, values.target.data, values.target.shape) ??
      parts.problem?.(values, fixed),
  });
}

function floatOutput(where: string, output: Expr): Expr {
  if (!(output instanceof Expr)) {
    throw new ArgumentError(
      `${where}: the output must be one expression, got ${describe(output)}; a model of several outputs takes a loss of one's own, (outputs, target) => loss`,
    );
  }
  if (isFloat(output.dtype)) return output;
  throw new ArgumentError(`${where}: the output must be of type f64 or f32, got ${output.dtype}`);
}

/** The losses of examples as one. Throws ArgumentError for an unknown reduction. */
export function reduceLoss(where: string, values: Expr, reduction: Reduction = "mean"): Expr {
  if (reduction === "mean") return values.shape.length === 0 ? values : mean(values);
  if (reduction === "sum") return values.shape.length === 0 ? values : sum(values);
  if (reduction === "none") return values;
  throw new ArgumentError(
    `${where}: reduction must be "mean", "sum" or "none", got ${describe(reduction)}`,
  );
}

/**
 * Throws ShapeError unless output and target have one shape: [batch, 1] beside [batch] would
 * broadcast to [batch, batch] and compare every output with every target.
 */
export function checkSameShape(where: string, output: Expr, target: Expr): void {
  const same =
    output.shape.length === target.shape.length &&
    output.shape.every((dim, i) => dim === target.shape[i]);
  if (same) return;
  throw new ShapeError(
    `${where}: output and target must have the same shape, got ${formatShape(output.shape)} and ${formatShape(target.shape)}`,
  );
}

/** Throws ArgumentError unless the option is a number that `holds`. */
export function checkOption(
  where: string,
  name: string,
  value: number,
  holds: (value: number) => boolean,
  range: string,
): void {
  if (typeof value === "number" && holds(value)) return;
  throw new ArgumentError(`${where}: ${name} must be ${range}, got ${describe(value)}`);
}

/** The first number outside of its range, with its place. */
export function outside(
  what: string,
  data: Tensor["data"],
  shape: readonly number[],
  holds: (value: number) => boolean,
  range: string,
): string | undefined {
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (!holds(value)) return `${what} must be ${range}, got ${value} at ${placeOf(i, shape)}`;
  }
  return undefined;
}

/** The first NaN or ∞, with its place. */
export function notFinite(
  what: string,
  data: Tensor["data"],
  shape: readonly number[],
): string | undefined {
  return outside(what, data, shape, Number.isFinite, "finite numbers");
}

function placeOf(position: number, shape: readonly number[]): string {
  const place: number[] = [];
  let rest = position;
  for (const size of shape.toReversed()) {
    place.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return formatShape(place);
}
