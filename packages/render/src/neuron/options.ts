import type { NumberFormat } from "../number/roundNumber.ts";
import type { Theme } from "../svg/palette.ts";

/** Options of `neuronView`. */
export interface NeuronOptions extends NumberFormat {
  /** `svg` (default), a standalone `tikz` document, or its picture alone for `\input`. */
  readonly format?: "svg" | "tikz" | "tikz-fragment";
  /** Dendrite, synapse, soma and axon beside inputs, weights, sum and output of a single neuron. */
  readonly biological?: boolean;
  /** Whether numbers stand at the connections; by default where there are at most 40. */
  readonly weightLabels?: boolean;
  /** More units than this are folded; by default 10, at least 3. */
  readonly mostUnits?: number;
  /** More layers than this are folded; by default 9, at least 3. */
  readonly mostLayers?: number;
  readonly title?: string;
  /** Width in pixels of the SVG, or in points of the TikZ; by default that of its texts. */
  readonly width?: number;
  readonly greyscale?: boolean;
  readonly theme?: Theme;
  /** Begins all ids in the SVG; for pages that hold several pictures. */
  readonly id?: string;
}
