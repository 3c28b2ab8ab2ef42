import { type Expr, evaluate, grad, sum } from "@chainrule/core";
import { fromJSON, toJSON } from "@chainrule/core/json";
import * as nn from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { type LayerCase, makeLayer } from "./checkLayer.ts";

const sequence: LayerCase = { shape: [2, 3, 4] };
const image: LayerCase = { shape: [2, 4, 6, 6] };

/** One of each kind of layer. */
const layers: Readonly<Record<string, readonly [nn.Layer<never>, LayerCase]>> = {
  dense: [nn.dense(3), { shape: ["batch", 4], sizes: { batch: 2 } }],
  conv1d: [nn.conv1d(2, 2), sequence],
  conv2d: [nn.conv2d(2, 3), image],
  convTranspose2d: [nn.convTranspose2d(2, 3), image],
  maxPool2d: [nn.maxPool2d(2), image],
  averagePool2d: [nn.averagePool2d(2), image],
  upsample2d: [nn.upsample2d(2), image],
  globalAveragePool: [nn.globalAveragePool(), image],
  flatten: [nn.flatten(), image],
  embedding: [nn.embedding(5, 3), { shape: [2, 3], dtype: "i32", below: 5 }],
  layerNorm: [nn.layerNorm(), sequence],
  batchNorm: [nn.batchNorm(), image],
  groupNorm: [nn.groupNorm(2), image],
  unitDelay: [nn.sequential(nn.unitDelay) as nn.Layer<never>, sequence],
  "unitDelay of unknown length": [
    nn.sequential(nn.unitDelay) as nn.Layer<never>,
    { shape: [2, "time", 4], sizes: { time: 3 } },
  ],
  recurrent: [nn.recurrent(nn.lstmCell(3)), sequence],
  bidirectional: [nn.bidirectional(nn.gruCell(3)), sequence],
  positionalEncoding: [nn.positionalEncoding(), sequence],
  learntPositions: [nn.learntPositions(3), sequence],
  selfAttention: [nn.selfAttention(), sequence],
  multiHeadAttention: [nn.multiHeadAttention(2) as nn.Layer<never>, sequence],
  transformerBlock: [nn.transformerBlock({ heads: 2, causal: true }), sequence],
  encoder: [nn.encoder(2, { heads: 2 }), sequence],
};

describe("models are read back from JSON, with their gradients", () => {
  it.each(Object.entries(layers))("%s", (_name, [recipe, given]) => {
    const { model, bindings, x } = makeLayer(recipe, given);
    const inputs = [...model.kept.values()].map(({ node }) => node);
    const float = x.dtype !== "i32";
    const slopes = grad(sum(model.output.mul(model.output)), float ? [...inputs, x] : inputs);
    const named: Record<string, Expr> = { output: model.output };
    slopes.forEach((slope, i) => {
      named[`slope${i}`] = slope;
    });
    const back = fromJSON(toJSON(named), { ops: nn.nnOps });
    // Nodes are interned: the same graph is the same node, unless it holds an input that is a parameter.
    const names = Object.keys(named);
    expect(Object.keys(back)).toEqual(names);
    const byName = Object.fromEntries(
      [...bindings].map(([node, value]) => [node.attributes["name"] as string, value]),
    );
    const want = evaluate(Object.values(named), bindings);
    const got = evaluate(Object.values(back), byName as never);
    expect(got).toEqual(want);
  });

  it("ops of layers are asked for by name where they are not given", () => {
    const { model } = makeLayer(nn.sequential(nn.unitDelay) as nn.Layer<never>, sequence);
    expect(() => fromJSON(toJSON({ y: model.output }))).toThrow(/unitDelay/);
  });
});
