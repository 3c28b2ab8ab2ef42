import { compile } from "@chainrule/compile";
import { type Expr, grad, relu, sigmoid, sum, type Tensor, tanh, variable } from "@chainrule/core";
import {
  bceWithLogits,
  dense,
  diagnose,
  gradientDescent,
  halfSquaredError,
  type LayerLike,
  lecunNormal,
  moons,
  random,
  sequential,
  smallUniform,
  trainer,
  whenLossBelow,
} from "@chainrule/nn";
import { average, type Claim, claim, each, truth } from "../support/claim.ts";

/** Points of [−40, 40], 0 among them. */
const points = Float64Array.from({ length: 8001 }, (_, i) => (i - 4000) / 100);

/** A function at all points. */
function at(f: (x: Expr) => Expr): Float64Array {
  const x = variable("x", ["n"]);
  const { y } = compile({ outputs: { y: f(x) } })({ x: points });
  return (y as Tensor).data as Float64Array;
}

const slope = (f: (x: Expr) => Expr) => (x: Expr) => grad(sum(f(x)), x);

function extremes(values: Float64Array): { least: number; most: number } {
  return { least: Math.min(...values), most: Math.max(...values) };
}

const squashes = claim({
  name: "the sigmoid squashes to (0, 1)",
  section: 9,
  claim: "The sigmoid squashes every number into (0, 1).",
  experiment: "Its values on [−40, 40] in double precision.",
  measure() {
    const values = at(sigmoid);
    const first = values.indexOf(1);
    return {
      ...extremes(values),
      reachesOneAt: first < 0 ? Number.POSITIVE_INFINITY : (points[first] as number),
    };
  },
  verdict({ least, most, reachesOneAt }) {
    if (least <= 0 || most > 1) return "false";
    return most < 1 ? "true" : `when |z| < ${reachesOneAt}: beyond, doubles round it to 1`;
  },
});

const slopeRange = claim({
  name: "the sigmoid's slope",
  section: 9,
  claim: "The derivative of the sigmoid lies between 0 and 0.25 (one slide says between 0 and 1).",
  experiment: "g′ on [−40, 40], and that of tanh.",
  measure() {
    const [own, other] = [extremes(at(slope(sigmoid))), extremes(at(slope(tanh)))];
    return { sigmoid: [own.least, own.most], tanh: [other.least, other.most] };
  },
  verdict: ({ sigmoid: [least = -1, most = 1], tanh: [, steepest = 0] }) =>
    truth(least >= 0 && most === 0.25 && steepest === 1),
});

const doubled = claim({
  name: "tanh is a sigmoid",
  section: 9,
  claim: "tanh x = 2σ(2x) − 1",
  experiment: "The largest difference on [−40, 40].",
  measure() {
    const [one, other] = [at(tanh), at((x) => sigmoid(x.mul(2)).mul(2).sub(1))];
    return {
      difference: Math.max(...one.map((value, i) => Math.abs(value - (other[i] as number)))),
    };
  },
  verdict: ({ difference }) => truth(difference <= 2 ** -52),
});

/** Share of 200 random neurons all of whose weights have gradients of one sign, for inputs by an activation. */
function oneSign(f: (x: Expr) => Expr, seed: number): number {
  const generator = random(seed, "signs");
  const z = variable("z", [5]);
  const w = variable("w", [5]);
  const error = sigmoid(sum(f(z).mul(w))).sub(variable("target"));
  const run = compile({ outputs: { slopes: grad(error.mul(error), w) } });
  const numbers = () => Float64Array.from({ length: 5 }, () => generator.normal());
  const shares = each(200, () => {
    const { slopes } = run({ z: numbers(), w: numbers(), target: generator.uniform() });
    const signs = new Set(Array.from((slopes as Tensor).data, Math.sign));
    return Number(signs.size === 1);
  });
  return average(shares);
}

const signs = claim({
  name: "the sigmoid is not zero-centred",
  section: 9,
  claim: "After sigmoids the gradients of one neuron's weights share a sign; tanh is zero-centred.",
  experiment:
    "200 neurons with five random inputs through each function: the share whose five gradients have one sign.",
  measure: (seed) => ({ sigmoid: oneSign(sigmoid, seed), tanh: oneSign(tanh, seed) }),
  verdict: ({ sigmoid: own, tanh: centred }) => truth(own === 1 && centred < 0.5),
});

const faster = claim({
  name: "zero-centred learns faster",
  section: 9,
  claim: "Being zero-centred is an advantage of tanh over the sigmoid in training.",
  experiment:
    "Two hidden layers of eight on two moons, plain gradient descent at the same rate: epochs until the loss is below 0.3, at most 1500, three seeds each.",
  async measure(seed) {
    const epochs = async (activation: LayerLike) => {
      const counts = [];
      for (let i = 0; i < 3; i++) {
        const t = trainer(sequential(dense(8, activation), dense(8, activation), dense(1)), {
          input: ["batch", 2],
          loss: bceWithLogits,
          optimizer: gradientDescent({ rate: 0.5 }),
          seed: 10 * seed + i,
        });
        const stop = whenLossBelow(0.3);
        await t.train(moons({ points: 100, seed }), { epochs: 1500, batch: "all", stop });
        counts.push(t.epoch);
      }
      return counts;
    };
    return { sigmoid: await epochs(sigmoid), tanh: await epochs(tanh) };
  },
  verdict: ({ sigmoid: own, tanh: centred }) => truth(Math.max(...centred) < Math.min(...own)),
});

/** Gradient by the output of the first of ten layers over that of the last, for random inputs and targets. */
function ratio(
  activation: LayerLike,
  weight: ReturnType<typeof lecunNormal>,
  seed: number,
): number {
  const hidden = Array.from({ length: 9 }, () => dense(32, activation, { weight }));
  const t = trainer(sequential(...hidden, dense(32, undefined, { weight })), {
    input: ["batch", 32],
    loss: halfSquaredError,
    optimizer: gradientDescent({ rate: 0.1 }),
    seed,
  });
  const generator = random(seed, "rows");
  const rows = () => each(32, () => each(32, () => generator.normal()));
  const { layers } = diagnose(t, { inputs: rows(), targets: rows() });
  return (layers[0]?.gradient ?? 0) / (layers.at(-1)?.gradient ?? 0);
}

const vanishes = claim({
  name: "gradients vanish",
  section: 9,
  claim: "Behind sigmoids gradients vanish layer by layer, and behind tanh still.",
  experiment:
    "Ten layers of 32: the loss’s gradient by the outputs of the first layer over that of the last, with weights of variance 1/32 and with small ones (±0.1).",
  measure(seed) {
    const small = smallUniform(0.1);
    return {
      sigmoid: ratio(sigmoid, lecunNormal(), seed),
      tanh: ratio(tanh, lecunNormal(), seed),
      tanhSmall: ratio(tanh, small, seed),
    };
  },
  verdict({ sigmoid: own, tanh: scaled, tanhSmall }) {
    if (own > 1e-3) return "false";
    if (scaled < 0.01) return "true";
    return tanhSmall < 0.01
      ? "when weights are small: behind sigmoids always, behind tanh not with variance 1/n"
      : "when the activation is the sigmoid";
  },
});

/** Instructions of a function of one number, and of a weighted sum of many. */
function instructions(f: (x: Expr) => Expr): number {
  const text = compile({ outputs: { y: f(variable("x", ["n"])) } }, { as: "tensors" }).wat();
  return text.split("\n").filter((line) => /\bf64x2\.|\bi64x2\.|\bv128\./.test(line)).length;
}

const costs = claim({
  name: "the sigmoid costs an exp",
  section: 9,
  claim: "The sigmoid is expensive: it computes an exponential.",
  experiment:
    "Vector instructions in the compiled loop, with all it calls, of σ and of ReLU; and σ's share of a neuron with 10 and with 1000 inputs (a product and a sum each).",
  measure() {
    const copy = instructions((x) => x.neg());
    const [own, cheap] = [instructions(sigmoid) - copy, Math.max(1, instructions(relu) - copy + 1)];
    const share = (inputs: number) => own / (own + 2 * inputs);
    return { sigmoid: own, relu: cheap, shareOfTen: share(10), shareOfThousand: share(1000) };
  },
  verdict({ sigmoid: own, relu: cheap, shareOfTen, shareOfThousand }) {
    if (own < 5 * cheap) return "false";
    return shareOfTen > 0.5 && shareOfThousand < 0.1
      ? "when neurons have few inputs: with a thousand, products and sums take nearly all"
      : "true";
  },
});

export const sigmoidClaims: readonly Claim[] = [
  squashes,
  slopeRange,
  doubled,
  signs,
  faster,
  vanishes,
  costs,
];
