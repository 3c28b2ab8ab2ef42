import { compile } from "@chainrule/compile";
import {
  grad,
  leakyRelu,
  pick,
  relu,
  sigmoid,
  softmax,
  sum,
  type Tensor,
  variable,
} from "@chainrule/core";
import {
  dense,
  diagnose,
  gradientDescent,
  halfSquaredError,
  heNormal,
  type Initialiser,
  type LayerLike,
  mse,
  random,
  sequential,
  sinePoints,
  smallUniform,
  trainer,
} from "@chainrule/nn";
import { average, type Claim, claim, each, truth } from "../support/claim.ts";

const UNITS = 64;

function rows(seed: number, part: string): number[][] {
  const generator = random(seed, part);
  return each(32, () => each(UNITS, () => generator.normal()));
}

function deep(depth: number, weight: Initialiser, seed: number) {
  const hidden = Array.from({ length: depth - 1 }, () => dense(UNITS, relu, { weight }));
  return trainer(sequential(...hidden, dense(UNITS, undefined, { weight })), {
    input: ["batch", UNITS],
    loss: halfSquaredError,
    optimizer: gradientDescent({ rate: 0.1 }),
    seed,
  });
}

const persists = claim({
  name: "ReLU does not vanish",
  section: 9,
  claim: "Behind ReLUs gradients do not vanish.",
  experiment:
    "Twenty layers of 64: the loss’s gradient by the outputs of the first layer over that of the last, with He's weights and with small ones (±0.1).",
  measure(seed) {
    const ratio = (weight: Initialiser) => {
      const examples = { inputs: rows(seed, "x"), targets: rows(seed, "y") };
      const { layers } = diagnose(deep(20, weight, seed), examples);
      return (layers[0]?.gradient ?? 0) / (layers.at(-1)?.gradient ?? 0);
    };
    return { he: ratio(heNormal()), small: ratio(smallUniform(0.1)) };
  },
  verdict({ he, small }) {
    if (he < 0.1) return "false";
    return small < 0.01
      ? "when the weights make up for the zeros, as He's do; with small weights they vanish too"
      : "true";
  },
});

/** Share of hidden outputs that are 0. */
function inactive(activation: LayerLike, seed: number): number {
  const t = trainer(sequential(dense(UNITS, activation, { weight: heNormal() })), {
    input: ["batch", UNITS],
    loss: mse,
    optimizer: gradientDescent({ rate: 0.1 }),
    seed,
  });
  const outputs = (t.predict(rows(seed, "x")) as number[][]).flat();
  return average(outputs.map((y) => Number(y === 0)));
}

const sparse = claim({
  name: "ReLU is sparse",
  section: 9,
  claim: "ReLU leaves many neurons inactive, the sigmoid none.",
  experiment: "Share of outputs of 64 neurons that are exactly 0, for random inputs.",
  measure: (seed) => ({ relu: inactive(relu, seed), sigmoid: inactive(sigmoid, seed) }),
  verdict: ({ relu: own, sigmoid: other }) => truth(own > 0.3 && other === 0),
});

/** A hidden layer of eight that is off for every example; its units that still are after training. */
async function stillDead(activation: LayerLike, seed: number): Promise<number> {
  const data = sinePoints({ points: 40, seed, noise: 0 });
  const t = trainer(sequential(dense(8, activation, { bias: -20 }), dense(1)), {
    input: ["batch", 1],
    loss: mse,
    optimizer: gradientDescent({ rate: 0.002 }),
    seed,
  });
  const [name = ""] = t.parameters;
  const before = Array.from(t.get(name).data);
  await t.train(data, { epochs: 100, batch: "all" });
  const after = t.get(name).data;
  return before.filter((w, i) => w === after[i]).length;
}

const dies = claim({
  name: "ReLU can die",
  section: 9,
  claim: "A ReLU can die and never learn again; Leaky ReLU cures it by a constant slope.",
  experiment:
    "Eight units whose biases (−20) keep them off for every example: units whose weights 100 epochs did not change.",
  async measure(seed) {
    return {
      relu: await stillDead(relu, seed),
      leaky: await stillDead((x) => leakyRelu(x, { alpha: 0.1 }), seed),
    };
  },
  verdict: ({ relu: own, leaky }) => truth(own === 8 && leaky === 0),
});

const activates = claim({
  name: "an output of zero activates",
  section: 9,
  claim: "If the output of a neuron is zero, ReLU activates that neuron.",
  experiment:
    "Sums of −2, −1 and 1: value and slope of ReLU. A unit is active where its slope is not 0.",
  measure() {
    const z = variable("z");
    const run = compile({ outputs: { y: relu(z), slope: grad(relu(z), z) } });
    const found = [-2, -1, 1].map((value) => run({ z: value }));
    return {
      values: found.map(({ y }) => y as number),
      slopes: found.map(({ slope }) => slope as number),
    };
  },
  verdict: ({ values, slopes }) => truth(values.some((y, i) => y === 0 && slopes[i] !== 0)),
});

/** softmax of four logits, and the slope of its first value by the first logit. */
function softmaxRun() {
  const z = variable("z", [4]);
  const p = softmax(z);
  return compile({ outputs: { p, total: sum(p), slope: grad(pick(p, -1, 0), z) } });
}

const distribution = claim({
  name: "softmax is a distribution",
  section: 9,
  claim: "Softmax gives a distribution over several classes: values in [0, 1] with sum 1.",
  experiment:
    "1000 random vectors of four logits, up to ±1000: the least value and the sum farthest from 1.",
  measure(seed) {
    const generator = random(seed, "logits");
    const run = softmaxRun();
    let [least, off] = [1, 0];
    for (let i = 0; i < 1000; i++) {
      const scale = 10 ** (generator.uniform() * 3);
      const { p, total } = run({
        z: Float64Array.from({ length: 4 }, () => scale * (2 * generator.uniform() - 1)),
      });
      least = Math.min(least, ...(p as Tensor).data);
      off = Math.max(off, Math.abs((total as number) - 1));
    }
    return { least, off };
  },
  verdict: ({ least, off }) => truth(least >= 0 && off < 1e-14),
});

const saturates = claim({
  name: "softmax saturates",
  section: 9,
  claim: "Softmax saturates: where one logit leads by far, gradients vanish.",
  experiment:
    "The slope of the first value by its logit, which leads the three others by 0, 5, 10, 20 and 40.",
  measure() {
    const run = softmaxRun();
    const leads = [0, 5, 10, 20, 40];
    const slopes = leads.map((lead) => {
      const { slope } = run({ z: Float64Array.of(lead, 0, 0, 0) });
      return (slope as Tensor).data[0] as number;
    });
    return { leads, slopes };
  },
  verdict: ({ slopes }) => truth((slopes[0] as number) > 0.1 && (slopes.at(-1) as number) < 1e-12),
});

export const rectifierClaims: readonly Claim[] = [
  persists,
  sparse,
  dies,
  activates,
  distribution,
  saturates,
];
