import { ArgumentError } from "@chainrule/core";

/** The activation functions a network may have. */
export const activations = [
  "sigmoid",
  "tanh",
  "relu",
  "leakyRelu",
  "softplus",
  "identity",
] as const;
/** An activation by its name in texts. */
export type ActivationName = (typeof activations)[number];

/** Options of `networkText`. */
export interface NetworkTextOptions {
  /** Neurons a layer, inputs first: [2, 2, 2]. */
  readonly layers: readonly number[];
  /** Of the hidden layers, and of the last one unless `output` says otherwise; sigmoid by default. */
  readonly activation?: ActivationName;
  readonly output?: ActivationName;
  /** Whether the text gives each variable a value (default). */
  readonly values?: boolean;
}

/** Text for people: beyond this many weights nobody edits it. */
const MOST_WEIGHTS = 5000;

/** A sum as long as this is nested as deep as texts are read. */
const WIDEST = 400;

/**
 * A fully connected network as text, neuron by neuron: `sum_h1 = i1 w1 + i2 w3 + b1`.
 *
 * Weights into hidden layers are numbered by source (w1, w2 leave the first input), those into the
 * last layer by target, one bias a layer: for [2, 2, 2] the lecture's wiring and its numbers, which
 * follow the rules w = 0.1, 0.2 … 0.9 over and over, b = 0.25, 0.35 …, inputs 0.1, 0.5, 0.9, targets
 * 0.05, 0.95. The last definition is the error E = Σ ½ (target − output)².
 *
 * Throws ArgumentError if there are fewer than two layers, or too many weights to edit.
 */
export function networkText(options: NetworkTextOptions): string {
  const { layers, activation = "sigmoid", values = true } = options;
  checkLayers(layers);
  const numbers: string[] = [];
  const lines: string[] = [];
  const give = (name: string, value: number): void => {
    numbers.push(`${name} = ${Number(value.toFixed(2))}`);
  };
  let sources = Array.from({ length: layers[0] as number }, (_, i) => `i${i + 1}`);
  sources.forEach((name, i) => {
    give(name, 0.1 + 0.4 * (i % 3));
  });
  const outputLayer = layers.length - 1;
  let weights = 0;
  for (let layer = 1; layer <= outputLayer; layer++) {
    const last = layer === outputLayer;
    const size = layers[layer] as number;
    const count = sources.length;
    const applied = last ? (options.output ?? activation) : activation;
    const prefix = last ? "o" : layers.length === 3 ? "h" : `h${layer}_`;
    const bias = `b${layer}`;
    const targets = Array.from({ length: size }, (_, target) => {
      const terms = sources.map((source, i) => {
        const weight = last ? target * count + i : i * size + target;
        return `${source} w${weights + weight + 1}`;
      });
      const name = `${prefix}${target + 1}`;
      lines.push(`sum_${name} = ${[...terms, bias].join(" + ")}`);
      lines.push(
        `out_${name} = ${applied === "identity" ? `sum_${name}` : `${applied}(sum_${name})`}`,
      );
      return `out_${name}`;
    });
    for (let i = 0; i < count * size; i++)
      give(`w${weights + i + 1}`, 0.1 * (((weights + i) % 9) + 1));
    give(bias, 0.25 + 0.1 * (layer - 1));
    weights += count * size;
    sources = targets;
  }
  const errors = sources.map((output, i) => {
    give(`target_${i + 1}`, i % 2 === 0 ? 0.05 : 0.95);
    const name = sources.length === 1 ? "E" : `E${i + 1}`;
    lines.push(`${name} = 1/2 (target_${i + 1} - ${output})^2`);
    return name;
  });
  if (errors.length > 1) lines.push(`E = ${errors.join(" + ")}`);
  return `${[...(values ? numbers : []), ...lines].join("\n")}\n`;
}

function checkLayers(layers: readonly number[]): void {
  const fits = layers.length >= 2 && layers.every((size) => Number.isInteger(size) && size >= 1);
  if (!fits) {
    throw new ArgumentError(
      `networkText: layers must be two or more whole numbers ≥ 1, got ${layers.join("-") || "none"}`,
    );
  }
  const weights = layers.slice(1).reduce((sum, size, i) => sum + size * (layers[i] as number), 0);
  if (weights > MOST_WEIGHTS || layers.some((size) => size > WIDEST)) {
    throw new ArgumentError(
      `networkText: at most ${MOST_WEIGHTS} weights and ${WIDEST} neurons a layer can be written, got ${layers.join("-")} with ${weights} weights`,
    );
  }
}
