import { gelu, type Tensor } from "@chainrule/core";
import {
  adam,
  crossEntropy,
  type Dataset,
  dense,
  embedding,
  encoder,
  learntPositions,
  normal,
  reversedSequences,
  sequential,
  type Trainer,
  trainer,
} from "@chainrule/nn";
import type { Example, Run } from "./support/example.ts";
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

/** A transformer that learnt to turn sequences round, and sequences that it has not seen. */
export async function reverser(
  length: number,
  { seed, bar }: Pick<Run, "seed" | "bar">,
): Promise<{ readonly t: Trainer<"accuracy">; readonly heldOut: Dataset }> {
  const places = learntPositions(length, { weight: normal({ deviation: 1 }) });
  const blocks = encoder(1, { heads: HEADS, activation: gelu });
  const t = trainer(sequential(embedding(SYMBOLS, SIZE), places, blocks, dense(SYMBOLS)), {
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
  return { t, heldOut };
}

/** How much each place looks at each, a row a place, for every head, at the first sequence. */
export function attentionOf(
  t: Trainer<"accuracy">,
  { inputs }: Dataset,
): readonly (readonly (readonly number[])[])[] {
  const [, weights] = Object.entries(t.inspect(inputs)).find(([tap]) =>
    tap.endsWith("weights"),
  ) as [string, Tensor];
  return (weights.toArray() as number[][][][])[0] as number[][][];
}

/** Each place must look at the one opposite, whatever stands there. */
export function reversalOf(length: number): Example<ReversalResult> {
  return {
    name: "reversal",
    title: `A transformer reverses sequences of ${length} symbols`,
    goal: "every symbol of 200 sequences it has not seen is right",
    async run(options) {
      const { t, heldOut } = await reverser(length, options);
      const { accuracy } = t.evaluate(heldOut);
      return { length, accuracy, epochs: t.epoch, attention: mostSeen(attentionOf(t, heldOut)) };
    },
    reached: ({ accuracy }) => accuracy === 1,
  };
}

/** For each place, the place that gets most attention, heads together. */
function mostSeen(heads: readonly (readonly (readonly number[])[])[]): number[] {
  const places = heads[0]?.length ?? 0;
  return Array.from({ length: places }, (_, query) => {
    const sums = Array.from({ length: places }, (_, key) =>
      heads.reduce((sum, head) => sum + (head[query]?.[key] ?? 0), 0),
    );
    return sums.indexOf(Math.max(...sums));
  });
}

export const reversal: Example<ReversalResult> = reversalOf(16);

await showIfMain(reversal, import.meta.url);
