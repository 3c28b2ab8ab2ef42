import { layoutNetwork } from "./layoutNetwork.ts";
import { checkModel, type NeuronModel } from "./model.ts";
import type { NeuronOptions } from "./options.ts";
import { pictureSvg } from "./pictureSvg.ts";
import { pictureTikz } from "./pictureTikz.ts";

/**
 * A network as everyone draws it: layers of neurons, weights on the connections, activations, biases.
 *
 * Shapes: `weights[l]` is units of layer l × units of layer l + 1. Large layers are folded.
 * Throws ArgumentError where sizes do not fit, or biological names are asked for a whole network.
 */
export function neuronView(model: NeuronModel, options: NeuronOptions = {}): string {
  checkModel(model);
  const picture = layoutNetwork(model, options);
  const { format = "svg" } = options;
  return format === "svg" ? pictureSvg(picture, options) : pictureTikz(picture, options);
}
