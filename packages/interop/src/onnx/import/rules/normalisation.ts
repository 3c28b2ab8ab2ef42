import {
  ArgumentError,
  add,
  cast,
  type Dim,
  div,
  type Expr,
  equal,
  iota,
  logSoftmax,
  mean,
  mul,
  neg,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  where,
} from "@chainrule/core";
import type { ImportRule, ImportRules, NodeReading } from "../nodeReading.ts";

/** (x − mean) / √(variance + ε) over axes. */
function standardized(x: Expr, axes: readonly number[], epsilon: number): Expr {
  const options = { keepDims: true };
  const centred = sub(x, mean(x, axes, options));
  const variance = mean(square(centred), axes, options);
  return div(centred, sqrt(add(variance, epsilon)));
}

const axesFrom = (first: number, rank: number): number[] =>
  Array.from({ length: rank - first }, (_, i) => first + i);

/** One number for each channel, beside the other axes. */
const perChannel = (x: Expr, rank: number): Expr =>
  reshape(x, [1, x.shape[0] as Dim, ...new Array<number>(rank - 2).fill(1)]);

/**
 * By the statistics that the model keeps, as a model that is trained already does; by those of the batch
 * where the node says so, with the running ones as outputs.
 */
const batchNormalization: ImportRule = (n) => {
  const x = n.x();
  const rank = x.shape.length;
  const [scale, bias, mu, variance] = [1, 2, 3, 4].map((i) => n.x(i)) as [Expr, Expr, Expr, Expr];
  const epsilon = n.attributes.number("epsilon", 1e-5);
  const channel = (value: Expr): Expr => perChannel(value, rank);
  const training =
    n.attributes.number("training_mode", 0) !== 0 || (n.opset < 14 && n.proto.output.length > 1);
  if (!training) {
    const factor = div(scale, sqrt(add(variance, epsilon)));
    return add(mul(sub(x, channel(mu)), channel(factor)), channel(bias));
  }
  const axes = [0, ...axesFrom(2, rank)];
  const own = standardized(x, axes, epsilon);
  const momentum = n.attributes.number("momentum", 0.9);
  const moved = (running: Expr, now: Expr): Expr =>
    add(mul(momentum, running), mul(1 - momentum, now));
  const centre = mean(x, axes);
  const spread = mean(square(sub(x, mean(x, axes, { keepDims: true }))), axes);
  return [add(mul(own, channel(scale)), channel(bias)), moved(mu, centre), moved(variance, spread)];
};

const instanceNormalization: ImportRule = (n) => {
  const x = n.x();
  const rank = x.shape.length;
  const own = standardized(x, axesFrom(2, rank), n.attributes.number("epsilon", 1e-5));
  return add(mul(own, perChannel(n.x(1), rank)), perChannel(n.x(2), rank));
};

const layerNormalization: ImportRule = (n) => {
  const x = n.x();
  const rank = x.shape.length;
  const axes = axesFrom(n.axis(n.attributes.number("axis", -1), rank), rank);
  const own = mul(standardized(x, axes, n.attributes.number("epsilon", 1e-5)), n.x(1));
  return n.has(2) ? add(own, n.x(2)) : own;
};

const rmsNormalization: ImportRule = (n) => {
  const x = n.x();
  const rank = x.shape.length;
  const axes = axesFrom(n.axis(n.attributes.number("axis", -1), rank), rank);
  const scale = sqrt(
    add(mean(square(x), axes, { keepDims: true }), n.attributes.number("epsilon", 1e-5)),
  );
  return mul(div(x, scale), n.x(1));
};

/** Channels in groups, each standardised; scale and bias by channel since opset 21, by group before. */
const groupNormalization: ImportRule = (n) => {
  const x = n.x();
  const rank = x.shape.length;
  const groups = n.attributes.number("num_groups");
  const [batch, channels, ...space] = x.shape as readonly [Dim, Dim, ...Dim[]];
  if (typeof channels !== "number" || channels % groups !== 0) {
    throw new ArgumentError(`channels must be a multiple of ${groups} groups, got ${channels}`);
  }
  const apart = reshape(x, [batch, groups, channels / groups, ...space]);
  const own = standardized(apart, axesFrom(2, rank + 1), n.attributes.number("epsilon", 1e-5));
  const back = (y: Expr): Expr => reshape(y, x.shape);
  const [scale, bias] = [n.x(1), n.x(2)];
  if (scale.shape[0] === groups && groups !== channels) {
    return back(add(mul(own, perChannel(scale, rank + 1)), perChannel(bias, rank + 1)));
  }
  return add(mul(back(own), perChannel(scale, rank)), perChannel(bias, rank));
};

const meanVariance: ImportRule = (n) => {
  const x = n.x();
  const axes = n.axes(n.attributes.numbers("axes", [0, 2, 3]), x.shape.length);
  const options = { keepDims: true };
  const centred = sub(x, mean(x, axes, options));
  return div(centred, add(sqrt(mean(square(centred), axes, options)), 1e-9));
};

/** −log p of each label's class, weighted, then brought to one number as asked for. */
function labelLoss(n: NodeReading, logs: Expr): Expr {
  const target = n.x(1);
  const ignored = n.attributes.has("ignore_index")
    ? n.attributes.number("ignore_index")
    : undefined;
  const classes = logs.shape[1];
  if (typeof classes !== "number")
    throw new ArgumentError("the number of classes must be known, got a name");
  const rank = logs.shape.length;
  const sizes = logs.shape.map((_, axis) => (axis === 1 ? classes : 1));
  const labels = reshape(target, [target.shape[0] as Dim, 1, ...target.shape.slice(1)]);
  const hot = equal(labels, reshape(iota(classes), sizes));
  const dtype = logs.dtype;
  const chosen = sum(where(hot, logs, 0), 1);
  const counted = ignored === undefined ? undefined : where(equal(target, ignored), 0, 1);
  const own = n.has(2)
    ? sum(where(hot, perChannel(n.x(2), rank), 0), 1)
    : cast(equal(target, target), dtype);
  const weight = counted === undefined ? own : mul(own, cast(counted, dtype));
  const losses = neg(mul(chosen, weight));
  const how = n.attributes.text("reduction", "mean");
  if (how === "none") return losses;
  return how === "sum" ? sum(losses) : div(sum(losses), sum(weight));
}

/** Norms and losses. */
export const normalisation: ImportRules = {
  BatchNormalization: batchNormalization,
  Dropout: (n) => {
    const training = n.has(2) && n.number(2) !== 0;
    const rate = n.attributes.has("ratio")
      ? n.attributes.number("ratio")
      : n.has(1)
        ? n.number(1)
        : 0.5;
    if (training && rate !== 0) {
      throw new ArgumentError("dropout must be off in a model that is read, got training mode");
    }
    const x = n.x();
    return [x, equal(x, x)];
  },
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  MeanVarianceNormalization: meanVariance,
  NegativeLogLikelihoodLoss: (n) => labelLoss(n, n.x(0)),
  RMSNormalization: rmsNormalization,
  SoftmaxCrossEntropyLoss: (n) => {
    const logs = logSoftmax(n.x(0), 1);
    return [labelLoss(n, logs), logs];
  },
};
