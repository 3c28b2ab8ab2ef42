import {
  cast,
  concat,
  constant,
  type Expr,
  evaluate,
  gelu,
  grad,
  mul,
  relu,
  reshape,
  sum,
  Tensor,
  type Value,
  variable,
} from "@chainrule/core";
import * as nn from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { expectClose } from "./expectClose.ts";
import { precisions, readFixture } from "./readFixture.ts";
import * as torch from "./torchWeights.ts";

interface LayerCase {
  readonly name: string;
  readonly layer: string;
  readonly options: Record<string, unknown>;
  readonly weights: readonly string[];
}

const { cases, tensor } = readFixture<LayerCase>("layers");

/** Kinks as PyTorch has them. */
const activations = { relu: (x: Expr) => relu(x, { atZero: 0 }), gelu: (x: Expr) => gelu(x) };

interface StackOptions {
  readonly depth: number;
  readonly heads: number;
  readonly hidden: number;
  readonly activation: "relu" | "gelu";
}

type Made = readonly [layer: nn.LayerLike, convert: torch.Convert];

/** Our layer of a case, from PyTorch's first weight and its options. */
const makers: Readonly<Record<string, (options: never, shape: readonly number[]) => Made>> = {
  dense: ({ bias }: { bias?: false }, [outputs = 0]) =>
    bias === false
      ? [nn.dense(outputs, undefined, { bias }), torch.linearWithoutBias]
      : [nn.dense(outputs), torch.linear],
  conv1d: (options: nn.ConvLayerOptions, [filters = 0, , k = 0]) =>
    options.groups === 2
      ? [nn.conv1d(filters, k, { ...options, bias: false }), torch.kernelWithoutBias]
      : [nn.conv1d(filters, k, options), torch.kernel],
  conv2d: (options: nn.ConvLayerOptions, [filters = 0, , ...window]) => [
    nn.conv2d(filters, window, options),
    torch.kernel,
  ],
  convTranspose1d: (options: nn.ConvTransposeOptions, [, filters = 0, k = 0]) => [
    nn.convTranspose1d(filters, k, options),
    torch.kernel,
  ],
  convTranspose2d: (options: nn.ConvTransposeOptions, [, filters = 0, ...window]) => [
    nn.convTranspose2d(filters, window, options),
    torch.kernel,
  ],
  maxPool1d: ({ size, ...rest }: { size: number }) => [nn.maxPool1d(size, rest), torch.nothing],
  maxPool2d: ({ size, ...rest }: { size: number }) => [nn.maxPool2d(size, rest), torch.nothing],
  averagePool1d: ({ size, ...rest }: { size: number }) => [
    nn.averagePool1d(size, rest),
    torch.nothing,
  ],
  averagePool2d: ({ size, ...rest }: { size: number }) => [
    nn.averagePool2d(size, rest),
    torch.nothing,
  ],
  upsample1d: ({ factor }: { factor: number }) => [nn.upsample1d(factor), torch.nothing],
  upsample2d: ({ factor }: { factor: number }) => [nn.upsample2d(factor), torch.nothing],
  embedding: (_options, [count = 0, size = 0]) => [nn.embedding(count, size), torch.table],
  layerNorm: (options: nn.NormOptions) => [nn.layerNorm(options), torch.norm],
  batchNorm: (options: nn.BatchNormOptions) => [nn.batchNorm(options), torch.norm],
  groupNorm: ({ groups }: { groups: number }) => [nn.groupNorm(groups), torch.norm],
  rnn: (_options, [units = 0]) => [nn.recurrent(nn.rnnCell(units)), torch.recurrent],
  gru: (_options, [rows = 0]) => [nn.recurrent(nn.gruCell(rows / 3)), torch.gru],
  lstm: (_options, [rows = 0]) => [nn.recurrent(nn.lstmCell(rows / 4)), torch.recurrent],
  bidirectional: (_options, [rows = 0]) => [
    nn.bidirectional(nn.lstmCell(rows / 4)),
    torch.bothWays,
  ],
  lstmFrom: (_options, [rows = 0]) => {
    const units = rows / 4;
    const at = (name: string, dtype: Expr["dtype"]) =>
      cast(constant(tensor(`lstmFrom/${name}`)), dtype);
    const recipe = nn.layer("whole", (input: Expr, scope) => {
      const lstm = scope.use(nn.recurrent(nn.lstmCell(units), { returns: "states" }));
      const states = { state: at("state", input.dtype), cell: at("cell", input.dtype) };
      const after = lstm({ input, ...states });
      const row = (state: Expr | undefined) => reshape(state as Expr, [2, 1, units]);
      return concat([after.output, row(after["state"]), row(after["cell"])], 1);
    });
    return [recipe, torch.under("lstm.", "", torch.recurrent)];
  },
  multiHeadAttention: ({ heads, ...rest }: { heads: number }) => [
    nn.multiHeadAttention(heads, rest) as nn.Layer,
    torch.attention,
  ],
  selfAttention: () => [nn.selfAttention() as nn.Layer, torch.attention],
  transformerBlock: ({
    activation,
    ...rest
  }: Omit<nn.TransformerOptions, "activation"> & { activation: "relu" | "gelu" }) => [
    nn.transformerBlock({ ...rest, activation: activations[activation] }) as nn.Layer,
    torch.block,
  ],
  encoder: ({ depth, activation, ...rest }: StackOptions) => [
    nn.encoder(depth, { ...rest, activation: activations[activation] }) as nn.Layer,
    torch.stack(depth, torch.block),
  ],
  decoder: ({ depth, activation, ...rest }: StackOptions) => {
    const stack = nn.decoder(depth, { ...rest, activation: activations[activation] });
    const memory = tensor("decoder/memory");
    const recipe = nn.layer("whole", (input: Expr, scope) =>
      scope.use(stack)({ input, memory: cast(constant(memory), input.dtype) }),
    );
    return [recipe, torch.under("decoder.", "", torch.stack(depth, torch.decoderBlock))];
  },
};

describe("layers give PyTorch's values and gradients", () => {
  it("all of them", () => {
    expect(new Set(cases.map(({ layer }) => layer))).toEqual(new Set(Object.keys(makers)));
  });

  for (const { dtype, tolerance } of precisions) {
    it.each(cases)(`$name in ${dtype}`, ({ name, layer, options, weights }) => {
      const read = (key: string) => tensor(`${name}/${dtype}/${key}`);
      const shape = weights[0] === undefined ? [] : firstShape(weights, read);
      const [recipe, convert] = (makers[layer] as (typeof makers)[string])(options as never, shape);
      const at = read("x");
      const x = variable("x", at.shape, at.dtype);
      const registry = new nn.Registry(1);
      const model = nn.build(recipe, x, { registry, training: true, dtype });
      const values = convert((key) => read(`weights/${key}`), "weights");
      const bindings = bound(model, x, at, values);
      const loss = sum(mul(model.output, constant(read("factors"))));
      const parameters = [...model.kept.values()].filter(({ kind }) => kind === "parameter");
      expect(parameters.map(({ path }) => path).sort()).toEqual(Object.keys(values).sort());
      const wrt = parameters.map(({ node }) => node);
      const float = at.dtype !== "i32";
      const outputs = [model.output, ...grad(loss, float ? [...wrt, x] : wrt)];
      const [value, ...gradients] = evaluate(outputs, bindings);
      expectClose("value", value as Value, read("value"), tolerance);
      const expected = convert((key) => read(`gradients/${key}`), "gradients");
      for (const [i, { path }] of parameters.entries()) {
        expectClose(path, gradients[i] as Value, expected[path] as Tensor, tolerance);
      }
      if (float) expectClose("by x", gradients.at(-1) as Value, read("gradient"), tolerance);
    });
  }

  const normalised = cases.filter(({ layer }) => layer === "batchNorm");
  it.each(normalised)("$name keeps running statistics and predicts by them", (given) => {
    const read = (key: string) => tensor(`${given.name}/f64/${key}`);
    const [recipe, convert] = (makers["batchNorm"] as (typeof makers)[string])(
      given.options as never,
      [],
    );
    const at = read("x");
    const x = variable("x", at.shape);
    const registry = new nn.Registry(1);
    const training = nn.build(recipe, x, { registry, training: true });
    const prediction = nn.build(recipe, x, { registry });
    const values = convert((key) => read(`weights/${key}`), "weights");
    const bindings = bound(training, x, at, values);
    for (const [state, next] of training.updates) {
      const after = evaluate(next, bindings);
      const theirs = state === training.kept.get("mean")?.node ? "running_mean" : "running_var";
      expectClose(theirs, after, read(`after/${theirs}`), 1e-12);
      bindings.set(state, after);
    }
    expectClose("prediction", evaluate(prediction.output, bindings), read("evaluated"), 1e-12);
  });
});

/** The shape that tells sizes: of the weight matrix that stands first. */
function firstShape(weights: readonly string[], read: torch.Read): readonly number[] {
  const name = weights.find((key) => key.includes("weight_hh")) ?? (weights[0] as string);
  const { shape } = read(`weights/${name}`);
  return shape;
}

function bound(
  model: nn.Model,
  x: Expr,
  at: Tensor,
  values: Readonly<Record<string, Tensor>>,
): Map<Expr, Value> {
  const bindings = new Map<Expr, Value>([[x, at]]);
  for (const { path, node, kind, initial, shape, dtype } of model.kept.values()) {
    const value = values[path];
    if (value !== undefined) bindings.set(node, value);
    else if (kind === "state") bindings.set(node, new Tensor(shape, initial(), dtype));
  }
  return bindings;
}
