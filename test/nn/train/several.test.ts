import { type Expr, leakyRelu, mean, neg, softplus, Tensor } from "@chainrule/core";
import { randomNormal } from "@chainrule/core/random";
import {
  adam,
  crossEntropy,
  decoder,
  dense,
  embedding,
  encoder,
  layer,
  positionalEncoding,
  random,
  sequential,
  trainer,
} from "@chainrule/nn";
import { describe, expect, it } from "vitest";

describe("several inputs", () => {
  it("are given by name: an encoder and a decoder learn to copy", async () => {
    const size = 16;
    const translate = layer(
      "translate",
      ({ source, before }: { readonly source: Expr; readonly before: Expr }, scope) => {
        const symbols = scope.use(sequential(embedding(5, size), positionalEncoding()));
        const memory = scope.use(encoder(1, { heads: 2 }))(symbols(source));
        const said = scope.use(decoder(1, { heads: 2 }))({ input: symbols(before), memory });
        return scope.use(dense(5))(said);
      },
    );
    const generator = random(1);
    const rows = Array.from({ length: 64 }, () =>
      Array.from({ length: 3 }, () => 1 + generator.integer(4)),
    );
    const inputs = { source: rows, before: rows.map((row) => [0, ...row.slice(0, -1)]) };
    const t = trainer(translate, {
      input: {
        source: { shape: ["batch", 3], dtype: "i32" },
        before: { shape: ["batch", 3], dtype: "i32" },
      },
      loss: crossEntropy,
      optimizer: adam({ rate: 0.01 }),
      seed: 2,
    });
    const first = t.evaluate({ inputs, targets: rows }).accuracy;
    for await (const epoch of t.fit({ inputs, targets: rows }, { epochs: 25 })) void epoch;
    expect(first).toBeLessThan(0.5);
    expect(t.evaluate({ inputs, targets: rows }).accuracy).toBeGreaterThan(0.95);
    const out = t.predict({ source: [[1, 2, 3]], before: [[0, 1, 2]] }) as number[][][];
    expect(out[0]?.map((row) => row.indexOf(Math.max(...row)))).toEqual([1, 2, 3]);
    expect(() => t.predict({ source: [[1, 2, 3]] })).toThrow(
      "predict: inputs must hold source, before, got no before",
    );
  });
});

describe("a game of two networks", () => {
  it("is one step: each lowers a loss of its own, and no targets are needed", async () => {
    const generator = sequential(dense(8, leakyRelu), dense(1));
    const discriminator = sequential(dense(8, leakyRelu), dense(1));
    type Out = { readonly real: Expr; readonly fake: Expr; readonly sample: Expr };
    const game = layer("game", (x: Expr, scope) => {
      const noise = randomNormal(scope.randomKey(), ["batch", 2]);
      const sample = scope.use({ ...generator, name: "generator" })(noise);
      const judge = scope.use({ ...discriminator, name: "discriminator" });
      return { real: judge(x), fake: judge(sample), sample };
    });
    const judged = ({ real, fake }: Out) => mean(softplus(neg(real))).add(mean(softplus(fake)));
    const t = trainer(game, {
      input: ["batch", 1],
      loss: judged,
      players: [{ parameters: "generator", loss: ({ fake }: Out) => mean(softplus(neg(fake))) }],
      optimizer: adam({ rate: 0.01 }),
      seed: 3,
    });
    const numbers = random(4);
    const real = new Tensor(
      [256, 1],
      Float64Array.from({ length: 256 }, () => 3 + 0.5 * numbers.normal()),
    );
    const middle = () => {
      const { data } = t.inspect(real)["sample"] as Tensor;
      return Array.from(data).reduce((a, b) => a + b) / data.length;
    };
    expect(Math.abs(middle() - 3)).toBeGreaterThan(1);
    for await (const epoch of t.fit({ inputs: real }, { epochs: 60, batch: 64 })) void epoch;
    expect(Math.abs(middle() - 3)).toBeLessThan(1);
    expect(t.graph.usesTarget).toBe(false);
  });
});
