import {
  add,
  constant,
  div,
  type Expr,
  exp,
  leakyRelu,
  relu,
  sigmoid,
  tanh,
  variable,
} from "@chainrule/core";
import type { Chart } from "./chart.ts";
import type { ActivationFigure } from "./figure.ts";
import { functionChart } from "./functionChart.ts";

/** The chart of an activation with its derivative. */
export function activationChart(figure: ActivationFigure): Chart {
  const { activation, alpha = 0.01, domain = [-6, 6], tangentAt } = figure;
  const x = variable("x");
  const names = {
    sigmoid: "sigmoid σ(x)",
    tanh: "tanh(x) = 2σ(2x) − 1",
    relu: "ReLU max(0, x)",
    leakyRelu: `Leaky ReLU, slope ${alpha} left of 0`,
    softmax: "softmax of (x, 0, 0), first class",
  };
  const at = tangentAt === undefined ? {} : { tangentAt };
  const f = build(activation, x, alpha);
  return functionChart({ kind: "function", f, by: x, domain, name: names[activation], ...at });
}

function build(name: ActivationFigure["activation"], x: Expr, alpha: number): Expr {
  if (name === "sigmoid") return sigmoid(x);
  if (name === "tanh") return tanh(x);
  if (name === "relu") return relu(x);
  if (name === "leakyRelu") return leakyRelu(x, { alpha });
  // Softmax of one class against two others at 0, as a scalar: eˣ / (eˣ + 2).
  return div(constant(1), add(constant(1), exp(x.neg()).mul(2)));
}
