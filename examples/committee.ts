import { tanh } from "@chainrule/core";
import {
  adam,
  bceWithLogits,
  committee as committeeOf,
  dense,
  moons,
  sequential,
  trainer,
} from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** Accuracies on new points: of each member, their mean, and of all together. */
export type CommitteeResult = {
  readonly members: readonly number[];
  readonly mean: number;
  readonly committee: number;
};

const MEMBERS = 7;
const EPOCHS = 30;

/** Several trials combined, votes weighted by training accuracy: errors that members do not share are outvoted. */
export const committee: Example<CommitteeResult> = {
  name: "committee",
  title: "A committee of seven networks, votes weighted by training accuracy",
  goal: "the committee is right more often than its members are on average",
  async run({ seed, bar }) {
    const points = (count: number, own: number) => moons({ points: count, noise: 0.25, seed: own });
    const others = points(1000, seed + 1_000_000);
    const members = [];
    for (let i = 0; i < MEMBERS; i++) {
      // Each sees examples of its own: what one learns by heart, the others have not seen.
      const data = points(40, 1000 * seed + i);
      const t = trainer(sequential(dense(16, tanh), dense(1)), {
        input: ["batch", 2],
        loss: bceWithLogits,
        optimizer: adam({ rate: 0.05 }),
        seed: 1000 * seed + i,
      });
      await t.train(data, { epochs: EPOCHS, ...bar({ epochs: EPOCHS, metric: "accuracy" }) });
      members.push({ trainer: t, votes: t.evaluate(data).accuracy });
    }
    const decisions = committeeOf(members).decide(others.inputs);
    const right = decisions.filter((label, i) => label === others.targets.data[i]).length;
    const alone = members.map((member) => member.trainer.evaluate(others).accuracy);
    return {
      members: alone,
      mean: alone.reduce((a, b) => a + b) / MEMBERS,
      committee: right / decisions.length,
    };
  },
  reached: ({ mean, committee: together }) => together > mean,
};

await showIfMain(committee, import.meta.url);
