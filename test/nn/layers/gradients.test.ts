import { type Expr, gelu, relu, sigmoid, tanh } from "@chainrule/core";
import {
  averagePool1d,
  averagePool2d,
  batchNorm,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  decoder,
  dense,
  dropout,
  embedding,
  encoder,
  flatten,
  globalAveragePool,
  groupNorm,
  gruCell,
  layer,
  layerNorm,
  learntPositions,
  lstmCell,
  maxPool1d,
  maxPool2d,
  multiHeadAttention,
  neuron,
  neurons,
  positionalEncoding,
  recurrent,
  residual,
  rnnCell,
  selfAttention,
  sequential,
  transformerBlock,
  unitDelay,
  upsample1d,
  upsample2d,
} from "@chainrule/nn";
import fc from "fast-check";
import { describe, it } from "vitest";
import { checkLayer } from "./checkLayer.ts";

const size = (max = 4) => fc.integer({ min: 1, max });
const seed = fc.integer({ min: 1, max: 1000 });
const runs = { numRuns: 6 };

describe("gradients against differences, and compiled against interpreted:", () => {
  it("dense", () => {
    fc.assert(
      fc.property(
        size(),
        size(),
        size(),
        fc.constantFrom(undefined, tanh, sigmoid, gelu),
        fc.boolean(),
        seed,
        (batch, inputs, outputs, activation, bias, seed) => {
          const options = bias ? {} : { bias: false as const };
          checkLayer(dense(outputs, activation, options), {
            shape: ["batch", inputs],
            sizes: { batch },
            seed,
          });
        },
      ),
      runs,
    );
  });

  it("neurons", () => {
    fc.assert(
      fc.property(
        size(3),
        fc.array(size(3), { minLength: 1, maxLength: 3 }),
        seed,
        (n, sizes, seed) => {
          checkLayer(neurons(sizes, tanh), { shape: ["batch", n], sizes: { batch: 2 }, seed });
          checkLayer(neuron(sigmoid), { shape: ["batch", n], sizes: { batch: 2 }, seed });
        },
      ),
      runs,
    );
  });

  it("convolutions", () => {
    fc.assert(
      fc.property(
        size(2),
        size(3),
        size(2),
        size(2),
        fc.constantFrom("valid" as const, "same" as const),
        seed,
        (channels, kernel, filters, stride, padding, seed) => {
          const options = { stride, padding, activation: tanh };
          const sizes = { batch: 2 };
          checkLayer(conv1d(filters, kernel, options), {
            shape: ["batch", channels, 6],
            sizes,
            seed,
          });
          checkLayer(conv2d(filters, [kernel, 2], options), {
            shape: ["batch", channels, 5, 4],
            sizes,
            seed,
          });
        },
      ),
      runs,
    );
  });

  it("grouped and dilated convolutions", () => {
    checkLayer(conv2d(4, 2, { groups: 2, dilation: 2 }), { shape: [2, 2, 4, 4] });
    checkLayer(convTranspose2d(4, 2, { groups: 2, stride: 2 }), { shape: [2, 2, 2, 2] });
  });

  it("transposed convolutions", () => {
    fc.assert(
      fc.property(
        size(2),
        size(3),
        size(2),
        size(2),
        seed,
        (channels, kernel, filters, stride, seed) => {
          checkLayer(convTranspose1d(filters, kernel, { stride }), {
            shape: [2, channels, 4],
            seed,
          });
          checkLayer(convTranspose2d(filters, kernel, { stride, bias: false }), {
            shape: [2, channels, 3, 2],
            seed,
          });
        },
      ),
      runs,
    );
  });

  it("pooling, upsampling, flattening", () => {
    fc.assert(
      fc.property(size(2), size(3), seed, (channels, window, seed) => {
        for (const pool of [maxPool1d(window), averagePool1d(window), upsample1d(window)]) {
          checkLayer(pool, {
            shape: ["batch", channels, 6],
            sizes: { batch: 2 },
            seed,
            apart: true,
          });
        }
        const pools = [maxPool2d(window), averagePool2d(window), upsample2d(2), flatten()];
        for (const pool of [...pools, globalAveragePool()]) {
          checkLayer(pool, {
            shape: ["batch", channels, 4, 3],
            sizes: { batch: 2 },
            seed,
            apart: true,
          });
        }
      }),
      runs,
    );
  });

  it("embedding", () => {
    checkLayer(embedding(5, 3), {
      shape: ["batch", 4],
      sizes: { batch: 2 },
      dtype: "i32",
      below: 5,
    });
  });

  it("norms", () => {
    fc.assert(
      fc.property(size(3), fc.boolean(), fc.boolean(), seed, (channels, training, affine, seed) => {
        // Where variance is near nothing, norms bend so much that differences tell little.
        const own = { sizes: { batch: 3 }, training, seed, apart: true };
        checkLayer(layerNorm({ affine }), { shape: ["batch", 2, channels + 1], ...own });
        checkLayer(batchNorm({ affine }), { shape: ["batch", channels], ...own });
        const image = { shape: ["batch", 2 * channels, 2, 2], ...own };
        checkLayer(batchNorm({ affine }), image);
        checkLayer(groupNorm(2, { affine }), image);
      }),
      runs,
    );
  });

  it("dropout", () => {
    checkLayer(dropout(0.4), { shape: ["batch", 5], sizes: { batch: 3 }, training: true });
    checkLayer(sequential(dense(4), dropout(0.5), dense(2)), { shape: [3, 2], training: true });
  });

  it("unit delay", () => {
    checkLayer(sequential(unitDelay), { shape: ["batch", 4, 2], sizes: { batch: 2 } });
    checkLayer(sequential(unitDelay), {
      shape: ["batch", "time", 2],
      sizes: { batch: 2, time: 3 },
    });
  });

  it("recurrent layers", () => {
    fc.assert(
      fc.property(
        size(3),
        size(3),
        fc.constantFrom("sequence" as const, "last" as const),
        fc.boolean(),
        seed,
        (time, units, returns, reverse, seed) => {
          const sizes = { batch: 2 };
          for (const cell of [rnnCell(units), lstmCell(units), gruCell(units)]) {
            checkLayer(recurrent(cell, { returns, reverse }), {
              shape: ["batch", time, 2],
              sizes,
              seed,
            });
          }
        },
      ),
      { numRuns: 3 },
    );
    checkLayer(recurrent(rnnCell(2), { checkpoint: "sqrt" }), { shape: [2, 5, 2] });
    checkLayer(recurrent(gruCell(2)), {
      shape: ["batch", "time", 2],
      sizes: { batch: 2, time: 4 },
    });
  });

  it("attention", () => {
    fc.assert(
      fc.property(
        size(2),
        size(3),
        size(2),
        fc.boolean(),
        seed,
        (heads, time, half, causal, seed) => {
          const shape = ["batch", time, 2 * half * heads];
          checkLayer(multiHeadAttention(heads, { causal }), { shape, sizes: { batch: 2 }, seed });
          checkLayer(selfAttention({ causal, size: 3, bias: false }), {
            shape,
            sizes: { batch: 2 },
            seed,
          });
        },
      ),
      { numRuns: 4 },
    );
    const named = { shape: ["batch", "time", 4], sizes: { batch: 2, time: 3 } };
    checkLayer(multiHeadAttention(2, { causal: true }), named);
    checkLayer(multiHeadAttention(2, { dropout: 0.3 }), { ...named, training: true });
  });

  it("positions", () => {
    const fixed = { shape: ["batch", 3, 4], sizes: { batch: 2 } };
    const named = { shape: ["batch", "time", 4], sizes: { batch: 2, time: 3 } };
    for (const place of [positionalEncoding(), learntPositions(5)]) {
      checkLayer(place, fixed);
      checkLayer(place, named);
    }
  });

  it("transformer blocks and encoders", () => {
    const given = { shape: ["batch", 2, 4], sizes: { batch: 2 }, spread: 0.5 };
    checkLayer(transformerBlock({ heads: 2, hidden: 3, norm: "after" }), given);
    checkLayer(transformerBlock({ heads: 2, hidden: 3, causal: true, dropout: 0.2 }), {
      ...given,
      training: true,
    });
    checkLayer(encoder(1, { heads: 1, hidden: 2 }), { ...given, shape: ["batch", 2, 3] });
  });

  it("decoders, through what they attend to as well", () => {
    const both = layer("both", (x: Expr, scope) => {
      const memory = x.mul(0.5).sin();
      return scope.use(decoder(1, { heads: 1, hidden: 2 }))({ input: x, memory });
    });
    checkLayer(both, { shape: ["batch", 2, 3], sizes: { batch: 2 } });
  });

  it("residual", () => {
    checkLayer(residual(dense(3, relu)), { shape: ["batch", 3], sizes: { batch: 2 } });
  });
});
