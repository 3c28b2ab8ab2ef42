import { add, type Expr, mul, sigmoid, slice, sub, tanh } from "@chainrule/core";
import { glorotUniform, type Initial, orthogonal } from "../initialisers/index.ts";
import type { Scope } from "../model/index.ts";
import { positive } from "./checks.ts";
import type { Cell } from "./recurrent.ts";

/** Initial values of a cell. */
export interface CellOptions {
  /** From inputs; initially Glorot's uniform. */
  readonly weight?: Initial;
  /** From the state; initially orthogonal. */
  readonly recurrentWeight?: Initial;
  readonly bias?: Initial;
}

/** Options of `rnnCell`. */
export interface RnnOptions extends CellOptions {
  readonly activation?: (x: Expr) => Expr;
}

/**
 * Elman's cell, `h' = tanh(x W + h U + b)`.
 *
 * Parameters: weight W [inputs, units], recurrentWeight U [units, units], bias [units].
 */
export function rnnCell(units: number, options: RnnOptions = {}): Cell {
  positive("rnnCell", "the number of units", units);
  const { activation = tanh } = options;
  return {
    name: "rnn",
    states: [units],
    outputs: units,
    build: (inputs, scope) => {
      const { project, recur } = weights(scope, inputs, units, 1, options, 0);
      return {
        project,
        step: (projected, [h]) => {
          const next = activation(add(projected, recur(h as Expr)));
          return { states: [next], output: next };
        },
      };
    },
  };
}

/**
 * Long short-term memory: `c' = f c + i g`, `h' = o tanh c'`, with gates i, f, o = σ(x W + h U + b), g = tanh(…).
 *
 * Parameters: weight [inputs, 4 units], recurrentWeight [units, 4 units], bias [4 units], in the order i, f, g, o, as in
 * PyTorch; the bias of f is 1 initially. Source: Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000.
 */
export function lstmCell(units: number, options: CellOptions = {}): Cell {
  positive("lstmCell", "the number of units", units);
  const forget: Initial = () =>
    Float64Array.from({ length: 4 * units }, (_, i) => (i >= units && i < 2 * units ? 1 : 0));
  return {
    name: "lstm",
    states: [units, units],
    stateNames: ["state", "cell"],
    outputs: units,
    build: (inputs, scope) => {
      const { project, recur } = weights(scope, inputs, units, 4, options, forget);
      return {
        project,
        step: (projected, states) => {
          const [h, c] = states as readonly [Expr, Expr];
          const gates = add(projected, recur(h));
          const gate = (i: number): Expr => slice(gates, -1, i * units, (i + 1) * units);
          const kept = mul(sigmoid(gate(1)), c);
          const cell = add(kept, mul(sigmoid(gate(0)), tanh(gate(2))));
          const output = mul(sigmoid(gate(3)), tanh(cell));
          return { states: [output, cell], output };
        },
      };
    },
  };
}

/**
 * Gated recurrent unit: `h' = (1 − z) n + z h`, `n = tanh(x Wₙ + bₙ + r (h Uₙ + cₙ))`, r and z = σ(x W + h U + b).
 *
 * Parameters: weight [inputs, 3 units], recurrentWeight [units, 3 units], bias [3 units], in the order r, z, n, as in
 * PyTorch, and recurrentBias c [units]. Source: Cho et al. 2014, in the form of cuDNN.
 */
export function gruCell(units: number, options: CellOptions = {}): Cell {
  positive("gruCell", "the number of units", units);
  return {
    name: "gru",
    states: [units],
    outputs: units,
    build: (inputs, scope) => {
      const { project, recur } = weights(scope, inputs, units, 3, options, 0);
      const recurrentBias = scope.parameter("recurrentBias", [units], 0);
      return {
        project,
        step: (projected, states) => {
          const [h] = states as readonly [Expr];
          const recurred = recur(h);
          const part = (of: Expr, i: number): Expr => slice(of, -1, i * units, (i + 1) * units);
          const r = sigmoid(add(part(projected, 0), part(recurred, 0)));
          const z = sigmoid(add(part(projected, 1), part(recurred, 1)));
          const inner = mul(r, add(part(recurred, 2), recurrentBias));
          const n = tanh(add(part(projected, 2), inner));
          const next = add(mul(sub(1, z), n), mul(z, h));
          return { states: [next], output: next };
        },
      };
    },
  };
}

function weights(
  scope: Scope,
  inputs: number,
  units: number,
  gates: number,
  options: CellOptions,
  firstBias: Initial,
): { readonly project: (x: Expr) => Expr; readonly recur: (h: Expr) => Expr } {
  const { weight = glorotUniform(), recurrentWeight = orthogonal(), bias = firstBias } = options;
  const size = gates * units;
  const fans = { fanIn: inputs, fanOut: units };
  const w = scope.parameter("weight", [inputs, size], weight, fans);
  const u = scope.parameter("recurrentWeight", [units, size], recurrentWeight);
  const b = scope.parameter("bias", [size], bias);
  return { project: (x) => x.matmul(w).add(b), recur: (h) => h.matmul(u) };
}
