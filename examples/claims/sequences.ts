import { compile } from "@chainrule/compile";
import { type Expr, mean } from "@chainrule/core";
import {
  adam,
  attribute,
  bceWithLogits,
  type Dataset,
  dataset,
  dense,
  type LayerLike,
  lstmCell,
  positionalEncoding,
  random,
  recurrent,
  rnnCell,
  selfAttention,
  sequential,
  smallUniform,
  trainer,
} from "@chainrule/nn";
import { ganRing } from "../ganRing.ts";
import { average, type Claim, claim, each, truth } from "../support/claim.ts";
import { quiet } from "../support/example.ts";

const LENGTH = 60;

/** Was the first of many numbers positive? */
function firstOfMany(examples: number, seed: number, part: string): Dataset {
  const generator = random(seed, part);
  const number = () => 2 * generator.uniform() - 1;
  const inputs = each(examples, () =>
    each(LENGTH, (i) => [i === 0 ? Math.sign(number()) : number()]),
  );
  return dataset(
    inputs,
    inputs.map(([first = []]) => [first[0] === 1 ? 1 : 0]),
  );
}

const overTime = (x: Expr) => mean(x, 1);
const small = { weight: smallUniform(0.3), recurrentWeight: smallUniform(0.3) };

const kinds: Readonly<Record<string, readonly LayerLike[]>> = {
  recurrent: [recurrent(rnnCell(16, small), { returns: "last" })],
  lstm: [recurrent(lstmCell(16), { returns: "last" })],
  attention: [dense(16), positionalEncoding(), selfAttention(), overTime],
};

function network(layers: readonly LayerLike[], seed: number, batch: number | string = "batch") {
  return trainer(sequential(...layers, dense(1)), {
    input: [batch, LENGTH, 1],
    loss: bceWithLogits,
    optimizer: adam({ rate: 0.01 }),
    seed,
  });
}

const longRange = claim({
  name: "long-range dependence",
  section: 11,
  claim: "Transformers handle long-range dependencies, which recurrent networks lose.",
  experiment: `The sign of the first of ${LENGTH} numbers, 20 epochs of 500 examples: accuracy on others of a simple recurrent network with small weights, an LSTM, and self-attention.`,
  async measure(seed) {
    const accuracy = async (layers: readonly LayerLike[] = []) => {
      const t = network(layers, seed);
      await t.train(firstOfMany(500, seed, "training"), { epochs: 20, batch: 50 });
      return t.evaluate(firstOfMany(300, seed, "others")).accuracy;
    };
    return {
      recurrent: await accuracy(kinds["recurrent"]),
      lstm: await accuracy(kinds["lstm"]),
      attention: await accuracy(kinds["attention"]),
    };
  },
  verdict: ({ recurrent: simple, attention }) => truth(attention > 0.95 && simple < 0.75),
});

const reach = claim({
  name: "gradients through time",
  section: 11,
  claim:
    "Recurrence hands gradients from step to step, and loses them; attention looks at every place directly.",
  experiment: `The output's gradient by the first of ${LENGTH} inputs over that by the last, before training.`,
  measure(seed) {
    const ratio = (layers: readonly LayerLike[] = []) => {
      const { inputs } = firstOfMany(50, seed, "others");
      const { values } = attribute(network(layers, seed), inputs, { method: "gradient" });
      const size = (place: number) =>
        average(each(50, (row) => Math.abs(values.data[row * LENGTH + place] as number)));
      return size(0) / size(LENGTH - 1);
    };
    return {
      recurrent: ratio(kinds["recurrent"]),
      lstm: ratio(kinds["lstm"]),
      attention: ratio(kinds["attention"]),
    };
  },
  verdict: ({ recurrent: simple, attention }) => truth(simple < 1e-6 && attention > 0.1),
});

const parallel = claim({
  name: "in parallel, without recurrence",
  section: 11,
  claim: "A transformer takes a sequence in parallel, without recurrence.",
  experiment: `Steps that must follow each other in the compiled training step, for sequences of ${LENGTH}: rounds of loops over time.`,
  measure(seed) {
    const rounds = (layers: readonly LayerLike[] = []) => {
      const { steps } = compile(network(layers, seed, 8).program, { as: "tensors" }).explain();
      return steps.filter(({ text }) => text.startsWith("repeat")).length * LENGTH;
    };
    return { recurrent: rounds(kinds["recurrent"]), attention: rounds(kinds["attention"]) };
  },
  verdict: ({ recurrent: own, attention }) => truth(own > 0 && attention === 0),
});

const positions = claim({
  name: "positional encoding",
  section: 11,
  claim: "A transformer needs positional encoding.",
  experiment:
    "How much the output of self-attention changes when a sequence is turned round, with and without positions.",
  measure(seed) {
    const { inputs } = firstOfMany(20, seed, "others");
    const turned = each(20, (row) =>
      each(LENGTH, (i) => [inputs.data[row * LENGTH + LENGTH - 1 - i] as number]),
    );
    const change = (layers: readonly LayerLike[]) => {
      const t = network(layers, seed);
      const [before, after] = [t.predict(inputs).data, (t.predict(turned) as number[][]).flat()];
      return Math.max(...after.map((y, i) => Math.abs(y - (before[i] as number))));
    };
    const { attention = [] } = kinds;
    const [into = tooFew, , look = tooFew, mix = tooFew] = attention;
    return { with: change(attention), without: change([into, look, mix]) };
  },
  verdict: ({ with: positioned, without }) => truth(positioned > 1e-3 && without < 1e-12),
});

const tooFew: LayerLike = () => {
  throw new Error("positions: the network must have four layers, got fewer");
};

const competes = claim({
  name: "generator and discriminator compete",
  section: 11,
  claim: "A generator that competes with a discriminator comes to make what looks like the data.",
  experiment:
    "Eight Gaussians on a ring: those that 1000 samples cover, and the share of samples at one of them.",
  async measure(seed) {
    const { modes, quality } = await ganRing.run(quiet(seed));
    return { modes, quality };
  },
  verdict({ modes, quality }) {
    if (modes < 4) return "false";
    return modes === 8 && quality > 0.9
      ? "true"
      : "when training is watched: some modes, or some samples, may stay off";
  },
});

export const sequenceClaims: readonly Claim[] = [longRange, reach, parallel, positions, competes];
