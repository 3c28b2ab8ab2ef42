import { ArgumentError, add, Expr, mul, pick, stack, step, sub } from "@chainrule/core";
import { stopGradient } from "@chainrule/core/control";
import { type Initial, smallUniform } from "../initialisers/index.ts";
import { type Layer, type LayerLike, layer, named } from "../model/index.ts";
import { positive, sizeOfAxis } from "./checks.ts";

/** Options of a neuron: its weights w1, w2, … and its bias b. */
export interface NeuronOptions {
  /** Initially uniform in ±0.5; or one value for all, or one initial value for each. */
  readonly weights?: Initial | readonly number[];
  /** Initially 0; `false` for none. */
  readonly bias?: number | false;
}

/**
 * One artificial neuron, `y = f(w₁x₁ + … + wₙxₙ + b)`, as a graph of scalars: dendrites, synapses, soma, axon.
 *
 * Shapes: the inputs are given one by one, or as the last axis of x [..., n] → y [...]. Each weight is a parameter of
 * its own, so a drawing shows every product. For learning; `dense` computes the same as one product of matrices.
 */
export function neuron(
  activation: LayerLike = (x) => x,
  options: NeuronOptions = {},
): Layer<Expr | readonly Expr[]> {
  const { weights = smallUniform(), bias = 0 } = options;
  return layer("neuron", (x: Expr | readonly Expr[], scope) => {
    const inputs = inputsOf("neuron", x);
    if (Array.isArray(weights) && weights.length !== inputs.length) {
      throw new ArgumentError(
        `neuron: there must be a weight for each of ${inputs.length} inputs, got ${weights.length}`,
      );
    }
    const products = inputs.map((input, i) => {
      const initial = Array.isArray(weights) ? (weights[i] as number) : (weights as Initial);
      const fans = { fanIn: inputs.length, fanOut: 1 };
      return mul(input, scope.parameter(`w${i + 1}`, [], initial, fans));
    });
    const sum = products.reduce((total, product) => add(total, product));
    return scope.use(activation)(bias === false ? sum : add(sum, scope.parameter("b", [], bias)));
  });
}

/**
 * Neurons in layers, each connected to all of the layer before: a multi-layer feed-forward network of scalars.
 *
 * Shapes: x [..., n] → [..., last of `sizes`]; neurons are `hidden1`, `hidden2`, …, `output1`, ….
 */
export function neurons(
  sizes: readonly number[],
  activation: LayerLike,
  options: NeuronOptions & { readonly output?: LayerLike } = {},
): Layer {
  const { output = activation, ...rest } = options;
  if (sizes.length === 0) throw new ArgumentError("neurons: there must be a layer, got none");
  for (const size of sizes) positive("neurons", "a layer's number of neurons", size);
  return layer("neurons", (x: Expr, scope) => {
    let values: readonly Expr[] = inputsOf("neurons", x);
    for (const [level, size] of sizes.entries()) {
      const last = level === sizes.length - 1;
      const before = values;
      const name = last ? "output" : `hidden${sizes.length > 2 ? `${level + 1}_` : ""}`;
      values = Array.from({ length: size }, (_, i) =>
        scope.use(named(`${name}${i + 1}`, neuron(last ? output : activation, rest)))(before),
      );
    }
    return stack(values, -1);
  });
}

function inputsOf(where: string, x: Expr | readonly Expr[]): readonly Expr[] {
  if (!(x instanceof Expr)) return x;
  const count = sizeOfAxis(where, x, -1);
  return Array.from({ length: count }, (_, i) => pick(x, -1, i));
}

/**
 * Rosenblatt's transfer function: 1 where z ≥ 0, else 0; backward it is the identity.
 *
 * With half the squared error, gradient descent is then the perceptron learning rule, `Δw = η (target − output) x`.
 */
export function threshold(z: Expr): Expr {
  // Both sums below are exact: z − z, and 0 or 1 beside it.
  return add(stopGradient(step(z)), sub(z, stopGradient(z)));
}

/** Rosenblatt's perceptron of 1957: a neuron with a threshold. */
export function perceptron(options: NeuronOptions = {}): Layer<Expr | readonly Expr[]> {
  return named("perceptron", neuron(threshold, options));
}
