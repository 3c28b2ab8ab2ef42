import type { Draws } from "./draws.ts";
import type { Levels, Problem } from "./exercise.ts";
import { networkText } from "./networkText.ts";

/** Neurons and networks, with squared error. */
export const networkProblems: Levels = {
  1: linearNeuron,
  2: sigmoidNeuron,
  3: updatedNeuron,
  4: chainOfNeurons,
  5: twoLayers,
};

function linearNeuron(draws: Draws): Problem {
  const inputs = { x1: draws.signed(3), x2: draws.signed(3) };
  const weights = { w1: draws.signed(3), w2: draws.signed(3), b: draws.signed(2) };
  return {
    text: "z = w1 x1 + w2 x2 + b\nE = 1/2 (t - z)^2",
    values: { ...inputs, ...weights, t: draws.whole(-3, 3) },
    forward: ["z", "E"],
    by: ["w1", "w2", "b"],
  };
}

function sigmoidNeuron(draws: Draws): Problem {
  return {
    text: "z = w x + b\no = sigmoid(z)\nE = 1/2 (t - o)^2",
    values: neuron(draws),
    forward: ["o", "E"],
    by: ["w", "b"],
  };
}

function neuron(draws: Draws): Record<string, number> {
  return {
    x: draws.signed(3),
    w: draws.signed(9) / 10,
    b: draws.tenths(-0.5, 0.5),
    t: draws.whole(0, 1),
  };
}

function updatedNeuron(draws: Draws): Problem {
  return {
    text: "z = w1 x1 + w2 x2 + b\no = sigmoid(z)\nE = 1/2 (t - o)^2",
    values: {
      x1: draws.signed(3),
      x2: draws.signed(3),
      w1: draws.signed(9) / 10,
      w2: draws.signed(9) / 10,
      b: draws.tenths(-0.5, 0.5),
      t: draws.whole(0, 1),
    },
    forward: ["o", "E"],
    by: ["w1", "w2", "b"],
    rate: draws.pick([0.1, 0.5, 1]),
    updated: ["w1", "w2"],
  };
}

function chainOfNeurons(draws: Draws): Problem {
  return network(draws, [1, 1, 1], ["out_h1", "out_o1", "E"], ["w1", "w2"], ["w1"]);
}

function twoLayers(draws: Draws): Problem {
  const forward = ["out_h1", "out_h2", "out_o1", "out_o2", "E"];
  const hidden = draws.pick(["w1", "w2", "w3", "w4"]);
  const output = draws.pick(["w5", "w6", "w7", "w8"]);
  return network(draws, [2, 2, 2], forward, [hidden, output], [hidden, output]);
}

/** A network with weights of ±0.1 … ±0.9, inputs and targets of 0.1 … 0.9. */
function network(
  draws: Draws,
  layers: readonly number[],
  forward: readonly string[],
  by: readonly string[],
  updated: readonly string[],
): Problem {
  const text = networkText({ layers, values: false });
  const names = [...new Set(text.match(/\b(?:i|w|b|target_)\d+\b/g) ?? [])];
  const values = Object.fromEntries(
    names.map((name) => {
      const weight = name.startsWith("w");
      return [name, weight ? draws.signed(9) / 10 : draws.tenths(0.1, 0.9)];
    }),
  );
  return { text, values, forward, by, rate: draws.pick([0.1, 0.5, 0.6, 1]), updated };
}
