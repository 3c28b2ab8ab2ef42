import { sigmoid } from "@chainrule/core";
import {
  dense,
  diagnose,
  gradientDescent,
  mse,
  sequential,
  smallUniform,
  trainer,
  xor as xorExamples,
} from "@chainrule/nn";
import { committee as example } from "../committee.ts";
import { average, type Claim, claim, each, truth } from "../support/claim.ts";
import { quiet } from "../support/example.ts";

const EPOCHS = 3000;

/** A mean squared error of XOR below which every corner is on its side. */
const SOLVED = 0.05;

/** XOR by full batches; weights in ±range. */
function xorNet(hidden: number, seed: number, { rate = 2, range = 1 } = {}) {
  const small = { weight: smallUniform(range), bias: smallUniform(range) };
  return trainer(sequential(dense(hidden, sigmoid, small), dense(1, sigmoid, small)), {
    input: ["batch", 2],
    loss: mse,
    optimizer: gradientDescent({ rate }),
    seed,
  });
}

const known = new Map<string, ReturnType<typeof trials>>();

/** The trials with some hidden units; made once, since several claims are about them. */
function errorsOf(hidden: number, count: number, seed: number): ReturnType<typeof trials> {
  const key = [hidden, count, seed].join();
  const made = known.get(key) ?? trials(hidden, count, seed);
  known.set(key, made);
  return made;
}

async function trials(hidden: number, count: number, seed: number) {
  const out = [];
  for (let i = 0; i < count; i++) {
    const t = xorNet(hidden, 1000 * seed + i);
    const epochs = await t.train(xorExamples(), { epochs: EPOCHS, batch: "all" });
    const [before = 0, after = 0] = [epochs.at(-501)?.loss, epochs.at(-1)?.loss];
    out.push({ error: after, falls: (before - after) / before });
  }
  return out;
}

const notZero = claim({
  name: "zero error is not guaranteed",
  section: 3,
  claim: "Training is not guaranteed to reach zero error.",
  experiment: `XOR with one and with four hidden units, six trials of ${EPOCHS} epochs: the lowest error.`,
  async measure(seed) {
    const lowest = async (hidden: number) =>
      Math.min(...(await errorsOf(hidden, 6, seed)).map(({ error }) => error));
    return { oneUnit: await lowest(1), fourUnits: await lowest(4) };
  },
  verdict: ({ oneUnit, fourUnits }) => truth(oneUnit > SOLVED && fourUnits < SOLVED),
});

const stuck = claim({
  name: "gradient descent stops in local optima",
  section: 3,
  claim: "Gradient descent may stop in local optima.",
  experiment: `XOR with two hidden units, 20 trials of ${EPOCHS} epochs: trials that end above an error of ${SOLVED} and fell by less than 2 % in their last 500 epochs, and trials that solve it.`,
  async measure(seed) {
    const all = await errorsOf(2, 20, seed);
    return {
      solved: all.filter(({ error }) => error < SOLVED).length,
      stuck: all.filter(({ error, falls }) => error >= SOLVED && falls < 0.02).length,
    };
  },
  verdict: (result) => truth(result.stuck > 0 && result.solved > 0),
});

const oscillates = claim({
  name: "gradient descent oscillates",
  section: 3,
  claim: "Gradient descent may oscillate indefinitely.",
  experiment:
    "One weight, the loss w², 1000 steps from 1: |w| at the end for rates of 0.5, 0.99, 1 and 1.01 (2 over the curvature is 1).",
  measure() {
    const end = (rate: number) => {
      let w = 1;
      for (let step = 0; step < 1000; step++) w -= rate * 2 * w;
      return Math.abs(w);
    };
    const rates = [0.5, 0.99, 1, 1.01];
    return { rates, ends: rates.map(end) };
  },
  verdict({ ends: [small = 1, below = 1, at = 0, above = 0] }) {
    if (at !== 1) return "false";
    const converges = small < 1e-6 && below < 1e-6;
    return converges && above > 1e6
      ? "when the rate is 2 over the curvature: smaller ones converge, larger ones diverge"
      : "true";
  },
});

const restarts = claim({
  name: "random restarts",
  section: 3,
  claim:
    "Random restarts: of several trials from random weights keep the one with the lowest training error.",
  experiment: `XOR with two hidden units in 20 trials: the share that solve it, alone and as the best of five.`,
  async measure(seed) {
    const errors = (await errorsOf(2, 20, seed)).map(({ error }) => error);
    const share = (values: readonly number[]) =>
      average(values.map((error) => Number(error < SOLVED)));
    const best = each(4, (i) => Math.min(...errors.slice(5 * i, 5 * i + 5)));
    return { alone: share(errors), bestOfFive: share(best) };
  },
  verdict: ({ alone, bestOfFive }) => truth(bestOfFive > alone),
});

const votes = claim({
  name: "a committee",
  section: 3,
  claim:
    "A committee: several trials combined, their votes weighted by training accuracy, do better than one.",
  experiment:
    "Seven networks on 40 points each of two moons, three times: accuracy on new points, the members' mean and the committee's.",
  async measure(seed) {
    const results = [];
    for (let i = 0; i < 3; i++) results.push(await example.run(quiet(3 * seed + i)));
    return {
      members: results.map(({ mean }) => mean),
      committee: results.map((one) => one.committee),
    };
  },
  verdict: ({ members, committee }) => truth(committee.every((one, i) => one > (members[i] ?? 1))),
});

const smallWeights = claim({
  name: "small random weights",
  section: 4,
  claim: "Training begins with small random weights.",
  experiment:
    "The gradient of XOR's first layer, by the range of the weights; and how far its units are apart after 200 epochs from equal weights.",
  async measure(seed) {
    const ranges = [0.5, 5, 50, 500];
    const gradients = ranges.map((range) =>
      average(
        each(
          5,
          (i) =>
            diagnose(xorNet(4, 1000 * seed + i, { range }), xorExamples()).parameters[0]
              ?.gradient ?? 0,
        ),
      ),
    );
    const t = xorNet(4, seed, { range: 1e-12 });
    await t.train(xorExamples(), { epochs: 200, batch: "all" });
    const [name = ""] = t.parameters;
    const { data } = t.get(name);
    const units = Array.from(data.slice(0, 4));
    return { ranges, gradients, apartFromEqual: Math.max(...units) - Math.min(...units) };
  },
  verdict({ gradients: [small = 0, , , huge = 1], apartFromEqual }) {
    return truth(huge < small / 10 && apartFromEqual < 1e-6);
  },
});

const falls = claim({
  name: "the error falls epoch by epoch",
  section: 4,
  claim: "Epoch by epoch the mean squared error falls, until it ceases to.",
  experiment:
    "XOR with four hidden units, 400 epochs at rates of 3 and 30: the share of epochs in which the error fell.",
  async measure(seed) {
    const share = async (rate: number) => {
      const losses = (
        await xorNet(4, seed, { rate }).train(xorExamples(), { epochs: 400, batch: "all" })
      ).map(({ loss }) => loss);
      return average(losses.slice(1).map((loss, i) => Number(loss < (losses[i] ?? 0))));
    };
    return { slow: await share(3), fast: await share(30) };
  },
  verdict({ slow, fast }) {
    if (slow < 0.99) return "false";
    return fast < 0.95 ? "when the rate is small: large steps overshoot" : "true";
  },
});

export const trainingClaims: readonly Claim[] = [
  notZero,
  stuck,
  oscillates,
  restarts,
  votes,
  smallWeights,
  falls,
];
