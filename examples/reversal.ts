import { gelu } from "@chainrule/core";
import {
  adam,
  crossEntropy,
  dense,
  embedding,
  encoder,
  learntPositions,
  normal,
  reversedSequences,
  sequential,
  trainer,
} from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** Share of symbols right in sequences not seen; where each place looks, by the head that looks back most. */
export type ReversalResult = {
  readonly length: number;
  readonly accuracy: number;
  readonly epochs: number;
  readonly attention: readonly number[];
};

const SIZE = 32;
const HEADS = 2;
const SYMBOLS = 10;
const EPOCHS = 40;

/** A transformer turns sequences round: each place must look at the one opposite, whatever stands there. */
export function reversalOf(length: number): Example<ReversalResult> {
  return {
    name: "reversal",
    title: `A transformer reverses sequences of ${length} symbols`,
    goal: "every symbol of 200 sequences it has not seen is right",
    async run({ seed, bar }) {
      const places = learntPositions(length, { weight: normal({ deviation: 1 }) });
      const blocks = encoder(1, { heads: HEADS, activation: gelu });
      const model = sequential(embedding(SYMBOLS, SIZE), places, blocks, dense(SYMBOLS));
      const t = trainer(model, {
        input: { shape: ["batch", length], dtype: "i32" },
        loss: crossEntropy,
        optimizer: adam({ rate: 0.003 }),
        dtype: "f32",
        seed,
      });
      const own = { length, symbols: SYMBOLS };
      const heldOut = reversedSequences({ ...own, examples: 200, seed: seed + 1_000_000 });
      await t.train(reversedSequences({ ...own, examples: 2000, seed }), {
        epochs: EPOCHS,
        validation: heldOut,
        stop: ({ history }) =>
          history.at(-1)?.validation?.["accuracy"] === 1 ? "all right" : undefined,
        ...bar({ epochs: EPOCHS, metric: "accuracy" }),
      });
      const weights = Object.entries(t.inspect(heldOut.inputs)).find(([name]) =>
        name.endsWith("weights"),
      );
      const looks = Array.from(weights?.[1].data.slice(0, HEADS * length * length) ?? []);
      return {
        length,
        accuracy: t.evaluate(heldOut).accuracy,
        epochs: t.epoch,
        attention: mostSeen(looks, length),
      };
    },
    reached: ({ accuracy }) => accuracy === 1,
  };
}

/** For each place, the place that gets most attention, heads together. */
function mostSeen(weights: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, query) => {
    const sums = Array.from({ length }, (_, key) =>
      Array.from(
        { length: HEADS },
        (_, head) => weights[(head * length + query) * length + key] ?? 0,
      ).reduce((a, b) => a + b),
    );
    return sums.indexOf(Math.max(...sums));
  });
}

export const reversal: Example<ReversalResult> = reversalOf(16);

await showIfMain(reversal, import.meta.url);
