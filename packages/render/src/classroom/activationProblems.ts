import type { Draws } from "./draws.ts";
import { type Levels, type Problem, plus, times } from "./exercise.ts";

/** Activation functions and their slopes. */
export const activationProblems: Levels = {
  1: rectifier,
  2: saturating,
  3: neuron,
  4: twoNeurons,
  5: softmax,
};

function problem(lines: readonly string[], x: number, forward: readonly string[]): Problem {
  return { text: lines.join("\n"), values: { x }, forward, by: ["x"] };
}

function rectifier(draws: Draws): Problem {
  const [k, x] = [draws.whole(2, 5), draws.signed(5)];
  return problem([`y = ${k}${draws.pick(["relu", "leakyRelu"])}(x)`], x, ["y"]);
}

function saturating(draws: Draws): Problem {
  const x = draws.pick([0, 1, -1, 2, -2, 3]);
  return problem([`y = ${draws.pick(["sigmoid", "tanh"])}(x)`], x, ["y"]);
}

function neuron(draws: Draws): Problem {
  const [w, x] = [draws.signed(3), draws.signed(2)];
  const applied = draws.pick(["sigmoid", "tanh", "relu"]);
  // What the slope of relu is at its kink is a convention.
  const z = applied === "relu" ? draws.signed(4) : draws.whole(-2, 2);
  return problem([`z = ${times(w, "x")}${plus(z - w * x)}`, `y = ${applied}(z)`], x, ["y"]);
}

function twoNeurons(draws: Draws): Problem {
  const [w, v, x] = [draws.signed(2), draws.signed(3), draws.pick([1, -1, 0])];
  const applied = draws.pick(["sigmoid", "tanh"]);
  return problem(
    [
      `z = ${times(w, "x")}${plus(draws.signed(2))}`,
      `h = ${applied}(z)`,
      `y = ${applied}(${times(v, "h")})`,
    ],
    x,
    ["h", "y"],
  );
}

function softmax(draws: Draws): Problem {
  return {
    text: "s = exp(a) + exp(b) + exp(c)\np = exp(a) / s\nL = -ln(p)",
    values: { a: draws.whole(-2, 2), b: draws.whole(-2, 2), c: draws.whole(-2, 2) },
    forward: ["p", "L"],
    by: ["a", "b", "c"],
  };
}
