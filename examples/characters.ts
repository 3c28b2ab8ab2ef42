import { relu } from "@chainrule/core";
import {
  adamw,
  clipByGlobalNorm,
  cosineDecay,
  crossEntropy,
  dense,
  embedding,
  encoder,
  learntPositions,
  random,
  sequential,
  tokenWindows,
  trainer,
  warmup,
} from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { corpus, nats, neighbours, write } from "./support/language.ts";
import { showIfMain } from "./support/show.ts";

/** Nats a character on held-out text, of the transformer and of n-gram models, and what it writes. */
export type CharactersResult = {
  readonly transformer: number;
  readonly bigram: number;
  readonly kneserNey5: number;
  readonly steps: number;
  readonly sample: string;
};

/** Size of the network, characters seen at once, how far the windows learnt from are apart, how long it learns. */
export type CharactersOptions = Readonly<
  Record<"size" | "blocks" | "window" | "stride" | "epochs", number>
>;

const BATCH = 8;
const DROPOUT = 0.2;

/** A transformer learns to write the project's documentation, character by character. */
export function charactersOf(
  { size, blocks, window, stride, epochs }: CharactersOptions,
  goal: "bigram" | "kneserNey5",
): Example<CharactersResult> {
  const other = goal === "bigram" ? "a bigram" : "an interpolated Kneser–Ney 5-gram";
  return {
    name: "characters",
    title: "A transformer writes the project's documentation, character by character",
    goal: `its loss on held-out text is below that of ${other} model`,
    seeds: 1,
    async run({ seed, bar, say }) {
      const { tokens, learnt, heldOut, ngram } = corpus();
      const data = tokenWindows(learnt, { length: window, stride });
      const steps = epochs * Math.ceil((data.inputs.shape[0] as number) / BATCH);
      const model = sequential(
        embedding(tokens.size, size),
        neighbours,
        learntPositions(window),
        encoder(blocks, { heads: size / 32, causal: true, dropout: DROPOUT, activation: relu }),
        dense(tokens.size),
      );
      const t = trainer(model, {
        input: { shape: ["batch", window], dtype: "i32" },
        loss: crossEntropy,
        optimizer: adamw({
          rate: warmup(cosineDecay(0.004, { steps }), { steps: 100 }),
          weightDecay: 0.1,
        }),
        clip: clipByGlobalNorm(1),
        dtype: "f32",
        seed,
      });
      const language = { window, tokens, logits: t.predict.bind(t) };
      const sample = () =>
        write(language, { start: "The ", length: 120, random: random(seed, "sample") });
      for await (const epoch of t.fit(data, { epochs, batch: BATCH, ...bar({ epochs }) })) {
        say(`epoch ${epoch.epoch}: ${sample()}\n`);
      }
      return {
        transformer: nats(language, heldOut),
        bigram: ngram(2),
        kneserNey5: ngram(5),
        steps: t.steps,
        sample: sample().replaceAll("\n", " / "),
      };
    },
    reached: (result) => result.transformer < result[goal],
  };
}

/**
 * Every character stands at four places of a window. Windows side by side, seen more often instead, are learnt by
 * heart, and text that it has not seen costs 1.45 nats a character.
 */
export const characters: Example<CharactersResult> = charactersOf(
  { size: 128, blocks: 2, window: 128, stride: 32, epochs: 3 },
  "kneserNey5",
);

await showIfMain(characters, import.meta.url);
