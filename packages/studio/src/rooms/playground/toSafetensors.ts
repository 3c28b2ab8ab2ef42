import { encode, type Tensor } from "@chainrule/safetensors";
import { parametersOf, type SavedNetwork } from "./savedNetwork.ts";

/** The weights of a network as a safetensors file, its settings as metadata. */
export function toSafetensors(saved: SavedNetwork): Uint8Array<ArrayBuffer> {
  const tensors = Object.entries(parametersOf(saved)).map(
    ([path, { shape, values }]): [string, Tensor] => [
      path,
      { dtype: "F64", shape, data: Float64Array.from(values) },
    ],
  );
  const { points, ...settings } = saved.settings;
  const about = { ...settings, points: points.length, epoch: saved.epoch, classes: saved.classes };
  return encode(Object.fromEntries(tensors), { playground: JSON.stringify(about) });
}
