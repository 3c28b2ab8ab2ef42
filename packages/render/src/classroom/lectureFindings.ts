// Made by `npm run examples -- claims`, 2026-11-23; not to be edited.
import type { Finding } from "./lectureClaims.ts";

/** The lecture's claims as they were measured. */
export const findings: readonly Finding[] = [
  {
    number: 1,
    section: 0,
    claim:
      "Past a critical level the neuron fires: its output is 1 at and above the threshold, 0 below.",
    experiment: "The step function just below, at and just above 0.",
    measured: "below 0, at 1, above 1",
    verdict: "true",
  },
  {
    number: 2,
    section: 1,
    claim: "Rosenblatt's perceptron learns its task by the perceptron rule.",
    experiment: "AND, OR and XOR by the rule, 200 epochs; corners that are right in the end.",
    measured: "and 4, or 4, xor 2",
    verdict: "when a line separates the classes: AND and OR, not XOR",
  },
  {
    number: 3,
    section: 2,
    claim: "A recurrent network with a unit delay is a dynamic system: what was goes on to matter.",
    experiment:
      "An impulse, then nothing: the largest output later, beside that of the same network without the impulse, with and without recurrence.",
    measured: "recurrent 0.829, feed forward 0",
    verdict: "true",
  },
  {
    number: 4,
    section: 3,
    claim: "Training is not guaranteed to reach zero error.",
    experiment:
      "XOR with one and with four hidden units, six trials of 3000 epochs: the lowest error.",
    measured: "one unit 0.167, four units 0.000343",
    verdict: "true",
  },
  {
    number: 5,
    section: 3,
    claim: "Gradient descent may stop in local optima.",
    experiment:
      "XOR with two hidden units, 20 trials of 3000 epochs: trials that end above an error of 0.05 and fell by less than 2 % in their last 500 epochs, and trials that solve it.",
    measured: "solved 15, stuck 5",
    verdict: "true",
  },
  {
    number: 6,
    section: 3,
    claim: "Gradient descent may oscillate indefinitely.",
    experiment:
      "One weight, the loss w², 1000 steps from 1: |w| at the end for rates of 0.5, 0.99, 1 and 1.01 (2 over the curvature is 1).",
    measured: "rates 0.5 / 0.99 / 1 / 1.01, ends 0 / 1.68e-9 / 1 / 398000000",
    verdict: "when the rate is 2 over the curvature: smaller ones converge, larger ones diverge",
  },
  {
    number: 7,
    section: 3,
    claim:
      "Random restarts: of several trials from random weights keep the one with the lowest training error.",
    experiment:
      "XOR with two hidden units in 20 trials: the share that solve it, alone and as the best of five.",
    measured: "alone 0.75, best of five 1",
    verdict: "true",
  },
  {
    number: 8,
    section: 3,
    claim:
      "A committee: several trials combined, their votes weighted by training accuracy, do better than one.",
    experiment:
      "Seven networks on 40 points each of two moons, three times: accuracy on new points, the members' mean and the committee's.",
    measured: "members 0.85 / 0.84 / 0.843, committee 0.879 / 0.853 / 0.856",
    verdict: "true",
  },
  {
    number: 9,
    section: 4,
    claim: "Training begins with small random weights.",
    experiment:
      "The gradient of XOR's first layer, by the range of the weights; and how far its units are apart after 200 epochs from equal weights.",
    measured:
      "ranges 0.5 / 5 / 50 / 500, gradients 0.00133 / 0.0079 / 0.00537 / 6.47e-14, apart from equal 1.69e-12",
    verdict: "true",
  },
  {
    number: 10,
    section: 4,
    claim: "Epoch by epoch the mean squared error falls, until it ceases to.",
    experiment:
      "XOR with four hidden units, 400 epochs at rates of 3 and 30: the share of epochs in which the error fell.",
    measured: "slow 1, fast 0.917",
    verdict: "when the rate is small: large steps overshoot",
  },
  {
    number: 11,
    section: 9,
    claim: "The sigmoid squashes every number into (0, 1).",
    experiment: "Its values on [−40, 40] in double precision.",
    measured: "least 4.25e-18, most 1, reaches one at 37.4",
    verdict: "when |z| < 37.43: beyond, doubles round it to 1",
  },
  {
    number: 12,
    section: 9,
    claim:
      "The derivative of the sigmoid lies between 0 and 0.25 (one slide says between 0 and 1).",
    experiment: "g′ on [−40, 40], and that of tanh.",
    measured: "sigmoid 4.25e-18 / 0.25, tanh 0 / 1",
    verdict: "true",
  },
  {
    number: 13,
    section: 9,
    claim: "tanh x = 2σ(2x) − 1",
    experiment: "The largest difference on [−40, 40].",
    measured: "difference 2.22e-16",
    verdict: "true",
  },
  {
    number: 14,
    section: 9,
    claim:
      "After sigmoids the gradients of one neuron's weights share a sign; tanh is zero-centred.",
    experiment:
      "200 neurons with five random inputs through each function: the share whose five gradients have one sign.",
    measured: "sigmoid 1, tanh 0.055",
    verdict: "true",
  },
  {
    number: 15,
    section: 9,
    claim: "Being zero-centred is an advantage of tanh over the sigmoid in training.",
    experiment:
      "Two hidden layers of eight on two moons, plain gradient descent at the same rate: epochs until the loss is below 0.3, at most 1500, three seeds each.",
    measured: "sigmoid 1170 / 1500 / 1500, tanh 70 / 109 / 146",
    verdict: "true",
  },
  {
    number: 16,
    section: 9,
    claim: "Behind sigmoids gradients vanish layer by layer, and behind tanh still.",
    experiment:
      "Ten layers of 32: the loss’s gradient by the outputs of the first layer over that of the last, with weights of variance 1/32 and with small ones (±0.1).",
    measured: "sigmoid 0.0000124, tanh 0.396, tanh small 0.0000509",
    verdict: "when weights are small: behind sigmoids always, behind tanh not with variance 1/n",
  },
  {
    number: 17,
    section: 9,
    claim: "The sigmoid is expensive: it computes an exponential.",
    experiment:
      "Vector instructions in the compiled loop, with all it calls, of σ and of ReLU; and σ's share of a neuron with 10 and with 1000 inputs (a product and a sum each).",
    measured: "sigmoid 76, relu 2, share of ten 0.792, share of thousand 0.0366",
    verdict: "when neurons have few inputs: with a thousand, products and sums take nearly all",
  },
  {
    number: 18,
    section: 9,
    claim: "Behind ReLUs gradients do not vanish.",
    experiment:
      "Twenty layers of 64: the loss’s gradient by the outputs of the first layer over that of the last, with He's weights and with small ones (±0.1).",
    measured: "he 4.86, small 7.23e-10",
    verdict:
      "when the weights make up for the zeros, as He's do; with small weights they vanish too",
  },
  {
    number: 19,
    section: 9,
    claim: "ReLU leaves many neurons inactive, the sigmoid none.",
    experiment: "Share of outputs of 64 neurons that are exactly 0, for random inputs.",
    measured: "relu 0.511, sigmoid 0",
    verdict: "true",
  },
  {
    number: 20,
    section: 9,
    claim: "A ReLU can die and never learn again; Leaky ReLU cures it by a constant slope.",
    experiment:
      "Eight units whose biases (−20) keep them off for every example: units whose weights 100 epochs did not change.",
    measured: "relu 8, leaky 0",
    verdict: "true",
  },
  {
    number: 21,
    section: 9,
    claim: "If the output of a neuron is zero, ReLU activates that neuron.",
    experiment:
      "Sums of −2, −1 and 1: value and slope of ReLU. A unit is active where its slope is not 0.",
    measured: "values 0 / 0 / 1, slopes 0 / 0 / 1",
    verdict: "false",
  },
  {
    number: 22,
    section: 9,
    claim: "Softmax gives a distribution over several classes: values in [0, 1] with sum 1.",
    experiment:
      "1000 random vectors of four logits, up to ±1000: the least value and the sum farthest from 1.",
    measured: "least 0, off 2.22e-16",
    verdict: "true",
  },
  {
    number: 23,
    section: 9,
    claim: "Softmax saturates: where one logit leads by far, gradients vanish.",
    experiment:
      "The slope of the first value by its logit, which leads the three others by 0, 5, 10, 20 and 40.",
    measured: "leads 0 / 5 / 10 / 20 / 40, slopes 0.188 / 0.0194 / 0.000136 / 6.18e-9 / 0",
    verdict: "true",
  },
  {
    number: 24,
    section: 10,
    claim:
      "Over-training: while the training error falls, the error on a validation set rises again; stop there.",
    experiment:
      "Fifty hidden units on 24 noisy points, 1500 epochs: the least validation error and the last; the error on the wave itself, trained to the end and stopped early.",
    measured: "least 0.311, last 0.373, to the end 0.317, stopped early 0.165",
    verdict: "true",
  },
  {
    number: 25,
    section: 10,
    claim: "Too few hidden units cannot learn the task, too many learn the noise.",
    experiment:
      "One, five and fifty hidden units on 24 noisy points, mean of two draws: errors on the wave itself; with fifty also stopped early.",
    measured: "one 0.43, five 0.208, fifty 0.27, fifty stopped early 0.156",
    verdict: "when training does not stop early: then too many do little harm",
  },
  {
    number: 26,
    section: 10,
    claim: "Noise in the training data is no problem.",
    experiment:
      "600 points of two moons with 0, 20, 40 and 50 % of their labels drawn anew or turned round: accuracy on clean points.",
    measured: "shares 0 / 0.2 / 0.4 / 0.5, accuracies 0.998 / 0.964 / 0.94 / 0.712",
    verdict:
      "when it is moderate: a fifth of the labels turned round cost little, half of them everything",
  },
  {
    number: 27,
    section: 10,
    claim: "Outputs may be discrete, real or vectors.",
    experiment:
      "One hidden layer for each: accuracy in four classes, R² of a number, R² of a pair of numbers, on examples not seen.",
    measured: "discrete 0.977, real 0.996, vector 0.993",
    verdict: "true",
  },
  {
    number: 28,
    section: 10,
    claim: "A network is a black box: it does not tell why.",
    experiment:
      "A network learns x₀ x₁ from five inputs. Integrated gradients: what they lack in adding up to the output, and the share of the two inputs that matter.",
    measured: "gap 0.0000245, share 0.952",
    verdict: "false",
  },
  {
    number: 29,
    section: 10,
    claim: "Networks depend on hardware: they need processors that work in parallel.",
    experiment:
      "Operations of a training step for one example: XOR with two hidden units, and a small convolutional network on images of 16².",
    measured: "xor 102, images 2470000",
    verdict:
      "when they are large: one core does a billion operations a second, XOR takes some hundred a step, a small image millions",
  },
  {
    number: 30,
    section: 11,
    claim: "Deeper layers learn levels of abstraction.",
    experiment:
      "A convolutional network trained on drawn digits: the share of digits nearest to the mean of their class, by pixels, by the first layer's features, by the second's.",
    measured: "pixels 0.872, first 0.912, second 0.926",
    verdict: "true",
  },
  {
    number: 31,
    section: 11,
    claim: "Pooling tolerates small translations.",
    experiment:
      "Digits moved by one pixel: accuracy lost, with largest-of-four pooling and with strides instead; moved by three.",
    measured: "pooled 0.032, strided 0.068, pooled by three 0.576",
    verdict: "when they are small: by a pixel, not by three",
  },
  {
    number: 32,
    section: 11,
    claim: "Pooling lowers cost.",
    experiment:
      "Operations of a training step for one image, with pooling and with images kept at their size.",
    measured: "pooled 758000, whole 3020000",
    verdict: "true",
  },
  {
    number: 33,
    section: 11,
    claim: "Transformers handle long-range dependencies, which recurrent networks lose.",
    experiment:
      "The sign of the first of 60 numbers, 20 epochs of 500 examples: accuracy on others of a simple recurrent network with small weights, an LSTM, and self-attention.",
    measured: "recurrent 0.52, lstm 0.483, attention 1",
    verdict: "true",
  },
  {
    number: 34,
    section: 11,
    claim:
      "Recurrence hands gradients from step to step, and loses them; attention looks at every place directly.",
    experiment:
      "The output's gradient by the first of 60 inputs over that by the last, before training.",
    measured: "recurrent 2.46e-7, lstm 0.000504, attention 3.17",
    verdict: "true",
  },
  {
    number: 35,
    section: 11,
    claim: "A transformer takes a sequence in parallel, without recurrence.",
    experiment:
      "Steps that must follow each other in the compiled training step, for sequences of 60: rounds of loops over time.",
    measured: "recurrent 120, attention 0",
    verdict: "true",
  },
  {
    number: 36,
    section: 11,
    claim: "A transformer needs positional encoding.",
    experiment:
      "How much the output of self-attention changes when a sequence is turned round, with and without positions.",
    measured: "with 0.0977, without 2.78e-17",
    verdict: "true",
  },
  {
    number: 37,
    section: 11,
    claim: "A generator that competes with a discriminator comes to make what looks like the data.",
    experiment:
      "Eight Gaussians on a ring: those that 1000 samples cover, and the share of samples at one of them.",
    measured: "modes 8, quality 0.869",
    verdict: "when training is watched: some modes, or some samples, may stay off",
  },
];
