import {
  type Expr,
  evaluate,
  grad,
  mul,
  relu,
  sin,
  sum,
  tanh,
  type Value,
  variable,
} from "@chainrule/core";
import * as nn from "@chainrule/nn";
import { describe, it } from "vitest";
import { valueLike } from "../../support/points.ts";
import { readBack } from "./readBack.ts";
import { runOnnx } from "./runOnnx.ts";
import { asTensor, expectNear } from "./tensors.ts";

interface Case {
  readonly layer: nn.LayerLike<never, never>;
  readonly shape: readonly (number | string)[];
  readonly training?: boolean;
  /** ONNX Runtime convolves doubles along fixed lengths only. */
  readonly single?: true;
  /** For indices: they lie below it. */
  readonly below?: number;
}

const sizes = { batch: 2, time: 3 };

const of = (layer: unknown, ...shape: (number | string)[]): Case => ({
  layer: layer as never,
  shape,
});
const trained = (layer: unknown, ...shape: (number | string)[]): Case => ({
  ...of(layer, ...shape),
  training: true,
});

const decoding = nn.layer("both", (x: Expr, scope) =>
  scope.use(nn.decoder(1, { heads: 1, hidden: 2 }))({ input: x, memory: sin(x) }),
);

/** Every layer there is, in the forms that differ in what they are written as. */
const cases: Readonly<Record<string, Case>> = {
  dense: of(nn.dense(3, tanh), "batch", 2),
  neurons: of(nn.neurons([2, 3], tanh), "batch", 2),
  conv1d: of(nn.conv1d(3, 2, { padding: "same" }), "batch", 2, 5),
  conv1dNamed: {
    ...of(nn.conv1d(2, 3, { padding: "same" }), "batch", 2, "time"),
    single: true,
  },
  conv2d: of(nn.conv2d(4, [2, 3], { stride: 2, groups: 2 }), "batch", 2, 5, 6),
  conv2dDilated: of(nn.conv2d(2, 2, { dilation: 2 }), 2, 2, 4, 4),
  convTranspose1d: of(nn.convTranspose1d(3, 2, { stride: 2 }), 2, 2, 4),
  convTranspose2d: of(nn.convTranspose2d(4, 2, { groups: 2, stride: 2 }), 2, 2, 2, 2),
  maxPool1d: of(nn.maxPool1d(2), "batch", 2, 6),
  maxPool2d: of(nn.maxPool2d(3, { stride: 2, padding: 1 }), "batch", 2, 5, 4),
  averagePool1d: of(nn.averagePool1d(2), "batch", 2, 6),
  averagePool2d: of(
    nn.averagePool2d(2, { stride: 1, padding: 1, countPadding: false }),
    2,
    1,
    3,
    4,
  ),
  globalAveragePool: of(nn.globalAveragePool(), "batch", 2, 3, 4),
  upsample1d: of(nn.upsample1d(2), "batch", 2, 3),
  upsample2d: of(nn.upsample2d(2), "batch", 1, 2, 3),
  embedding: { ...of(nn.embedding(5, 3), "batch", 4), below: 5 },
  flatten: of(nn.sequential(nn.flatten(), nn.dense(2)), "batch", 2, 3),
  layerNorm: of(nn.layerNorm(), "batch", 2, 4),
  batchNorm: of(nn.batchNorm(), "batch", 3),
  batchNormTrained: trained(nn.batchNorm(), "batch", 3, 2, 2),
  groupNorm: of(nn.groupNorm(2), "batch", 4, 2, 2),
  dropout: trained(nn.dropout(0.4), "batch", 5),
  unitDelay: of(nn.sequential(nn.unitDelay), "batch", 4, 2),
  unitDelayNamed: of(nn.sequential(nn.unitDelay), "batch", "time", 2),
  rnn: of(nn.recurrent(nn.rnnCell(2), { checkpoint: "sqrt" }), "batch", 5, 2),
  lstm: of(nn.recurrent(nn.lstmCell(3), { returns: "last" }), "batch", 4, 2),
  lstmReversed: of(nn.recurrent(nn.lstmCell(2), { reverse: true }), "batch", "time", 2),
  gru: of(nn.recurrent(nn.gruCell(2)), "batch", "time", 2),
  selfAttention: of(nn.selfAttention({ size: 3 }), "batch", 3, 4),
  multiHeadAttention: of(nn.multiHeadAttention(2, { causal: true }), "batch", "time", 4),
  positionalEncoding: of(nn.positionalEncoding(), "batch", 3, 4),
  learntPositions: of(nn.learntPositions(3), "batch", 3, 4),
  transformerBlock: trained(
    nn.transformerBlock({ heads: 2, hidden: 3, causal: true, dropout: 0.2 }),
    "batch",
    2,
    4,
  ),
  encoder: of(nn.encoder(1, { heads: 1, hidden: 2 }), "batch", 2, 3),
  decoder: of(decoding, "batch", 2, 3),
  residual: of(nn.residual(nn.dense(3, relu)), "batch", 3),
};

const tolerances = { f64: 1e-11, f32: 2e-5 } as const;

describe.each(["f64", "f32"] as const)("layers in ONNX Runtime, %s", (dtype) => {
  const suitable = Object.entries(cases).filter(([, { single }]) => dtype === "f32" || !single);
  it.each(suitable)("%s", async (_name, given) => {
    const { layer, shape, training = false, below } = given;
    const registry = new nn.Registry(1);
    const x = variable("x", shape, below === undefined ? dtype : "i32");
    const model = nn.build(layer, x as never, { registry, training, dtype });
    const values = new Map<Expr, Value>([[x, inputOf(x, below)]]);
    for (const [path, { node }] of model.kept) values.set(node, keptValue(path, node));
    if (model.key !== undefined) values.set(model.key, valueLike(model.key, 3));
    const output = model.output as Expr;
    const parameters = [...model.kept.values()].filter(({ kind }) => kind === "parameter");
    const wrt = [...(below === undefined ? [x] : []), ...parameters.map(({ node }) => node)];
    const outputs = [
      output,
      ...grad(sum(mul(output, sin(output))), wrt),
      ...model.updates.values(),
    ];
    const wanted = evaluate(outputs, values) as readonly Value[];
    const results = await runOnnx(outputs, values);
    const back = readBack(outputs, values);
    for (const [i, value] of wanted.entries()) {
      const own = asTensor(value, (outputs[i] as Expr).dtype);
      expectNear(results[i] as never, own, tolerances[dtype]);
      expectNear(back[i] as never, own, tolerances[dtype]);
    }
  });
});

/** Indices below a bound, or numbers. */
function inputOf(x: Expr, below: number | undefined): Value {
  const value = asTensor(valueLike(x, 5, sizes), x.dtype);
  if (below !== undefined) for (const i of value.data.keys()) value.data[i] = (i * 7) % below;
  return value;
}

/** Elements that make no gradient 0; those of variances are positive. */
function keptValue(path: string, node: Expr): Value {
  const value = asTensor(valueLike(node, path.length, sizes), node.dtype);
  const positive = /variance|scale/.test(path);
  for (const [i, item] of value.data.entries()) {
    value.data[i] = positive ? 0.5 + Math.abs(item) : 0.4 * item;
  }
  return value.shape.length === 0 ? (value.data[0] as number) : value;
}
