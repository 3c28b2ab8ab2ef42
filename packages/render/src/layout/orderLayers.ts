import type { Items } from "./layeredLayout.ts";

/** Sweeps forward and back; after these the number of crossings hardly falls. */
const SWEEPS = 6;

/** Sorts every layer by the middle of its items' neighbours in the layer before, then behind. */
export function orderLayers({ layers, across, links }: Items): void {
  const places = new Float64Array(across.length);
  const note = (layer: readonly number[]): void => {
    for (let i = 0; i < layer.length; i++) places[layer[i] as number] = i;
  };
  for (const layer of layers) note(layer);
  const before: number[][] = across.map(() => []);
  const behind: number[][] = across.map(() => []);
  for (const [a, b] of links) {
    before[b]?.push(a);
    behind[a]?.push(b);
  }
  const sort = (layer: number[], sides: readonly (readonly number[])[]): void => {
    const wished = new Map<number, number>();
    for (const item of layer) {
      const side = sides[item] ?? [];
      let sum = 0;
      for (const other of side) sum += places[other] as number;
      wished.set(item, side.length === 0 ? (places[item] as number) : sum / side.length);
    }
    // Equal wishes keep their order: sorting is stable.
    layer.sort((a, b) => (wished.get(a) as number) - (wished.get(b) as number));
    note(layer);
  };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    if (sweep % 2 === 0) for (const layer of layers) sort(layer, before);
    else for (let at = layers.length - 1; at >= 0; at--) sort(layers[at] as number[], behind);
  }
}
