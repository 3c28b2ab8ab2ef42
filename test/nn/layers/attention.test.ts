import { type Expr, evaluate, type Tensor, variable } from "@chainrule/core";
import { attend, build, decoder, encoder, multiHeadAttention, Registry } from "@chainrule/nn";
import { describe, expect, it } from "vitest";

describe("attention", () => {
  const q = variable("q", [1, 2, 2]);
  it("is softmax(Q Kᵀ / √d) V", () => {
    const { output, weights } = attend(q, q, q);
    const [w, y] = evaluate([weights, output], {
      q: [
        [
          [1, 0],
          [0, 2],
        ],
      ],
    }) as [Tensor, Tensor];
    const e = [Math.exp(1 / Math.SQRT2), 1, 1, Math.exp(4 / Math.SQRT2)];
    const first = (e[0] as number) / ((e[0] as number) + 1);
    expect(w.data[0]).toBeCloseTo(first, 14);
    expect(y.data[1]).toBeCloseTo(2 * (1 - first), 14);
  });

  it("sees nothing behind a mask, and no NaN where all is hidden", () => {
    const mask = variable("mask", [2, 2], "bool");
    const { weights } = attend(q, q, q, mask);
    const values = {
      q: [
        [
          [1, 0],
          [0, 2],
        ],
      ],
      mask: [
        [true, false],
        [false, false],
      ],
    };
    expect((evaluate(weights, values) as Tensor).toArray()).toEqual([
      [
        [1, 0],
        [0.5, 0.5],
      ],
    ]);
  });

  it("in its causal form tells nothing of the future, and shows its weights by a tap", () => {
    const model = build(multiHeadAttention(2, { causal: true }), variable("x", [1, 3, 4]), {
      registry: new Registry(1),
    });
    const bindings = new Map<Expr, never>();
    for (const { node, initial } of model.kept.values()) bindings.set(node, initial() as never);
    const run = (last: number) => {
      const input = Float64Array.from({ length: 12 }, (_, i) => (i >= 8 ? last : Math.sin(i)));
      bindings.set(model.input, input as never);
      return evaluate([model.output, model.taps.get("weights") as Expr], bindings) as [
        Tensor,
        Tensor,
      ];
    };
    const [[a, weights], [b]] = [run(1), run(5)];
    expect(a.data.slice(0, 8)).toEqual(b.data.slice(0, 8));
    expect(a.data.slice(8)).not.toEqual(b.data.slice(8));
    expect(weights.shape).toEqual([1, 2, 3, 3]);
    expect(weights.data[1]).toBe(0);
  });

  it("of an encoder does not look at padding", () => {
    const input = variable("input", [1, 3, 4]);
    const mask = variable("mask", [1, 1, 3], "bool");
    const registry = new Registry(1);
    const model = build(encoder(2, { heads: 2, hidden: 8 }), { input, mask }, { registry });
    const bindings = new Map<Expr, never>([[mask, [[[true, true, false]]] as never]]);
    for (const { node, initial } of model.kept.values()) bindings.set(node, initial() as never);
    const run = (padding: number) => {
      const values = Float64Array.from({ length: 12 }, (_, i) => (i >= 8 ? padding : Math.cos(i)));
      bindings.set(input, values as never);
      return (evaluate(model.output, bindings) as Tensor).data.slice(0, 8);
    };
    expect(run(0)).toEqual(run(7));
    expect([...registry.kept.keys()].filter((path) => path.endsWith("query.weight"))).toEqual([
      "block.attention.query.weight",
      "block2.attention.query.weight",
    ]);
  });

  it("leads a decoder to what an encoder gave", () => {
    const input = variable("input", ["batch", 3, 4]);
    const memory = variable("memory", ["batch", 5, 4]);
    const model = build(
      decoder(2, { heads: 2, hidden: 8 }),
      { input, memory },
      {
        registry: new Registry(1),
      },
    );
    expect(model.output.shape).toEqual(["batch", 3, 4]);
    expect([...model.taps.keys()]).toEqual([
      "block.attention.weights",
      "block.crossAttention.weights",
      "block2.attention.weights",
      "block2.crossAttention.weights",
    ]);
    expect(model.taps.get("block.crossAttention.weights")?.shape).toEqual(["batch", 2, 3, 5]);
  });
});
