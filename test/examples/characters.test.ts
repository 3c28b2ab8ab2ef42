import { Tensor } from "@chainrule/core";
import { characterTokens, random } from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { charactersOf } from "../../examples/characters.ts";
import { quiet } from "../../examples/support/example.ts";
import { corpus, type LanguageModel, nats, write } from "../../examples/support/language.ts";

describe("a transformer on characters", () => {
  it("after one epoch knows text it has not seen better than a bigram model does", async () => {
    const said: string[] = [];
    const sizes = { size: 64, blocks: 1, window: 64, stride: 64, epochs: 1 };
    const small = charactersOf(sizes, "bigram");
    const result = await small.run({ ...quiet(1), say: (text) => void said.push(text) });
    expect(result.transformer).toBeLessThan(result.bigram - 0.3);
    expect(result.kneserNey5).toBeLessThan(result.bigram);
    expect(small.reached(result)).toBe(true);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^epoch 1: The /);
  });
});

describe("the frozen corpus", () => {
  it("is what its results were measured on", () => {
    const { tokens, learnt, heldOut } = corpus();
    expect([tokens.size, learnt.length, heldOut.length]).toEqual([94, 288_386, 32_043]);
  });
});

describe("a model of language", () => {
  const tokens = characterTokens("ab");
  /** After each token the other one, e³ times as likely. */
  const alternating: LanguageModel = {
    window: 4,
    tokens,
    logits: ({ shape, data }) => {
      const out = Array.from(data).flatMap((token) => (token === 0 ? [0, 3] : [3, 0]));
      return new Tensor([...shape, 2], Float32Array.from(out));
    },
  };

  it("is judged by the nats of each character", () => {
    const text = tokens.encode("abababababab");
    expect(nats(alternating, text)).toBeCloseTo(Math.log(1 + Math.exp(-3)), 6);
    const other = tokens.encode("aaaaaaaaaaaa");
    expect(nats(alternating, other)).toBeCloseTo(Math.log(1 + Math.exp(3)), 6);
  });

  it("goes on where a text ends, beyond its window too", () => {
    const options = { start: "ab", length: 12, random: random(1, "write") };
    expect(write(alternating, options)).toBe("abababababab");
  });
});
