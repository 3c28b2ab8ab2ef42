import {
  adam,
  addingProblem,
  clipByGlobalNorm,
  dense,
  lstmCell,
  mse,
  recurrent,
  sequential,
  trainer,
} from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** Mean squared error on sequences not seen, and that of always answering 1. */
export type AddingResult = {
  readonly length: number;
  readonly error: number;
  readonly withoutMemory: number;
  readonly epochs: number;
};

const EPOCHS = 60;

/** Two numbers of a long sequence are marked; an LSTM keeps them until the end and adds them. */
export function lstmAddingOf(length: number): Example<AddingResult> {
  return {
    name: "lstmAdding",
    title: `An LSTM remembers two of ${length} numbers and adds them`,
    goal: "mean squared error < 0.01, where 0.167 needs no memory",
    async run({ seed, bar }) {
      const t = trainer(sequential(recurrent(lstmCell(24), { returns: "last" }), dense(1)), {
        input: ["batch", length, 2],
        loss: mse,
        optimizer: adam({ rate: 0.01 }),
        clip: clipByGlobalNorm(1),
        dtype: "f32",
        seed,
      });
      const heldOut = addingProblem({ examples: 500, length, seed: seed + 1_000_000 });
      await t.train(addingProblem({ examples: 2000, length, seed }), {
        epochs: EPOCHS,
        batch: 50,
        validation: heldOut,
        stop: ({ history }) =>
          (history.at(-1)?.validation?.loss ?? 1) < 0.005 ? "it adds" : undefined,
        ...bar({ epochs: EPOCHS }),
      });
      const { data } = heldOut.targets;
      const total = Array.from(data).reduce((sum, y) => sum + (y - 1) ** 2, 0);
      return {
        length,
        error: t.evaluate(heldOut).loss,
        withoutMemory: total / data.length,
        epochs: t.epoch,
      };
    },
    reached: ({ error }) => error < 0.01,
  };
}

/** At length 50, where a simple recurrent network forgets. */
export const lstmAdding: Example<AddingResult> = lstmAddingOf(50);

await showIfMain(lstmAdding, import.meta.url);
