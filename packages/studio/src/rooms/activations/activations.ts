import {
  type Expr,
  evaluate,
  grad,
  jacobian,
  leakyRelu,
  relu,
  sigmoid,
  softmax,
  type Tensor,
  tanh,
  variable,
} from "@chainrule/core";
import { type PlotData, plotData } from "@chainrule/render";
import { type ActivationPage, activationPages } from "@chainrule/render/classroom";
import { REACH } from "./activationsState.ts";

/** An activation of one number. */
export type ActivationId = ActivationPage["id"];

const x: Expr = variable("x");

/** What each is, over `x`; Leaky ReLU with its slope as given. */
function build(id: ActivationId, of: Expr, slope: number): Expr {
  if (id === "sigmoid") return sigmoid(of);
  if (id === "tanh") return tanh(of);
  return id === "relu" ? relu(of) : leakyRelu(of, { alpha: slope });
}

/** The function as an expression of `x`. */
export function activation(id: ActivationId, slope: number): Expr {
  return build(id, x, slope);
}

/** Value and slope of a function at a point. */
export interface Touch {
  readonly x: number;
  readonly y: number;
  readonly slope: number;
}

/** Where the tangent touches. */
export function touchAt(id: ActivationId, slope: number, at: number): Touch {
  const f = activation(id, slope);
  const { value, derivative } = evaluate({ value: f, derivative: grad(f, x) }, { x: at });
  return { x: at, y: value as number, slope: derivative as number };
}

/** Function, derivative and tangent. */
export function chartOf(id: ActivationId, slope: number, at: number): PlotData {
  return plotData({ kind: "activation", activation: id, alpha: slope, tangentAt: at });
}

/** All functions in one picture, or all their derivatives. */
export function comparison(kind: "functions" | "derivatives", slope: number): PlotData {
  const range = kind === "functions" ? ([-1.4, 3] as const) : ([-0.15, 1.2] as const);
  const charts = activationPages.map(({ id, title }) => {
    const f = activation(id, slope);
    const shown = kind === "functions" ? f : grad(f, x);
    return plotData({
      kind: "function",
      f: shown,
      by: x,
      derivative: false,
      domain: [-REACH, REACH],
      range,
      name: title,
    });
  });
  const [first] = charts as [PlotData, ...PlotData[]];
  const curves = charts.flatMap(({ curves: own }, look) => own.map((one) => ({ ...one, look })));
  const title = kind === "functions" ? "Activation functions" : "Their derivatives";
  return {
    ...first,
    title,
    description: `${title}: ${activationPages.map((page) => page.title).join(", ")}, for x from ${-REACH} to ${REACH}.`,
    curves,
  };
}

/** What is left of a gradient of 1 after each of so many layers of one neuron with weight 1: `d f(f(… f(x)))/dx`. */
export function throughLayers(
  id: ActivationId,
  slope: number,
  at: number,
  layers: number,
): readonly number[] {
  let output = x;
  const slopes: Expr[] = [];
  for (let layer = 1; layer <= layers; layer++) {
    output = build(id, output, slope);
    slopes.push(grad(output, x));
  }
  return [1, ...(evaluate(slopes, { x: at }) as number[])];
}

/** Shares of softmax and how each answers to each score: `∂sᵢ/∂xⱼ`. */
export interface Shares {
  readonly shares: readonly number[];
  readonly slopes: readonly (readonly number[])[];
}

/** Softmax of some scores with its Jacobian. */
export function sharesOf(scores: readonly number[]): Shares {
  const z = variable("z", [scores.length]);
  const s = softmax(z);
  const [shares, slopes] = evaluate([s, jacobian(s, z)], { z: [...scores] }) as Tensor[];
  return {
    shares: Array.from(shares?.data ?? []),
    slopes: (slopes?.toArray() ?? []) as number[][],
  };
}
