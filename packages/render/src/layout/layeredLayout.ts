import type { Position } from "../graph/options.ts";
import type { Size } from "./boxSize.ts";
import type { LayoutInput, Place, Placed } from "./layout.ts";
import { orderLayers } from "./orderLayers.ts";
import { rankBoxes } from "./ranks.ts";
import { spread } from "./spread.ts";

/** Free room across the direction, between ranks with labels among them, and without. */
const ACROSS = 18;
const ALONG = 24;
const ALONG_BARE = 48;

/** Points of long edges, so many for each box and edge; an edge across more ranks goes straight. */
const POINTS_EACH = 8;

/** Sweeps over the layers; more change little. */
const SWEEPS = 8;

/**
 * What stands in layers: boxes, then labels and points of long edges. `across` is its size across the
 * direction.
 */
export interface Items {
  readonly layers: readonly number[][];
  readonly across: readonly number[];
  /** Pairs of items in neighbouring layers, the earlier first. */
  readonly links: readonly (readonly [number, number])[];
}

/**
 * Layout in layers (Sugiyama, Tagawa & Toda 1981): ranks by the longest path, order by the middle of
 * neighbours, places as near to neighbours as order and room allow. Never recursive; labels have
 * layers of their own, so nothing overlaps.
 */
export function layeredLayout(input: LayoutInput): Placed {
  const { sizes, edges, labels, direction } = input;
  const horizontal = direction === "LR";
  const acrossOf = ({ width, height }: Size): number => (horizontal ? height : width);
  const alongOf = ({ width, height }: Size): number => (horizontal ? width : height);
  const { ranks, turned } = rankBoxes(input);
  const labelled = labels.some((label) => label !== undefined);
  const step = labelled ? 2 : 1;

  const layers: number[][] = [];
  const across: number[] = [];
  const links: [number, number][] = [];
  const depths: number[] = [];
  const add = (rank: number, size: number, depth: number): number => {
    while (layers.length <= rank) {
      layers.push([]);
      depths.push(0);
    }
    layers[rank]?.push(across.length);
    depths[rank] = Math.max(depths[rank] as number, depth);
    across.push(size);
    return across.length - 1;
  };
  sizes.forEach((size, i) => void add(step * (ranks[i] as number), acrossOf(size), alongOf(size)));
  let budget = POINTS_EACH * (sizes.length + edges.length);
  const points: number[][] = [];
  const marks: number[] = [];
  edges.forEach((edge, i) => {
    const [from, to] = turned[i] === 1 ? [edge.to, edge.from] : [edge.from, edge.to];
    const first = step * (ranks[from] as number) + 1;
    const last = step * (ranks[to] as number) - 1;
    const label = labels[i];
    // Halfway, on a layer between those of boxes.
    const middle = first + 2 * Math.floor((last - first) / 4);
    const full = last - first + 1 <= budget;
    const own: number[] = [];
    let before = from;
    for (let rank = full ? first : middle; rank <= (full ? last : middle); rank++) {
      const here = rank === middle && label !== undefined;
      if (!full && !here) break;
      const item = add(rank, here ? acrossOf(label) : 0, here ? alongOf(label) : 0);
      if (here) marks[i] = item;
      own.push(item);
      if (full) links.push([before, item]);
      before = item;
    }
    if (full) {
      budget -= own.length;
      if (last >= first - 1) links.push([before, to]);
    }
    points.push(own);
  });

  const items: Items = { layers, across, links };
  orderLayers(items);
  const cross = placeAcross(items);
  const starts: number[] = [];
  let at = 0;
  for (const depth of depths) {
    starts.push(at);
    at += depth + (labelled ? ALONG : ALONG_BARE);
  }
  const rankOf = new Int32Array(across.length);
  layers.forEach((layer, rank) => {
    for (const item of layer) rankOf[item] = rank;
  });
  const point = (along: number, item: number): Position => {
    const other = cross[item] as number;
    return horizontal ? { x: along, y: other } : { x: other, y: along };
  };
  const middleOf = (item: number): Position => {
    const rank = rankOf[item] as number;
    return point((starts[rank] as number) + (depths[rank] as number) / 2, item);
  };
  return {
    boxes: sizes.map((size, i): Place => ({ ...size, ...middleOf(i) })),
    labels: labels.map((size, i) => size && { ...size, ...middleOf(marks[i] as number) }),
    ways: points.map((own, i) => {
      const way = own.flatMap((item) => {
        const rank = rankOf[item] as number;
        const from = starts[rank] as number;
        return [point(from, item), point(from + (depths[rank] as number), item)];
      });
      return turned[i] === 1 ? way.reverse() : way;
    }),
  };
}

/** Positions across the direction: every item between its neighbours, as far as room allows. */
function placeAcross({ layers, across, links }: Items): Float64Array {
  const cross = new Float64Array(across.length);
  const gaps = layers.map((layer) => {
    const out = new Float64Array(layer.length);
    for (let i = 1; i < layer.length; i++) {
      const [a, b] = [
        across[layer[i - 1] as number] as number,
        across[layer[i] as number] as number,
      ];
      out[i] = (a + b) / 2 + ACROSS;
    }
    return out;
  });
  layers.forEach((layer, rank) => {
    const packed = spread(new Float64Array(layer.length), gaps[rank] as Float64Array);
    layer.forEach((item, i) => {
      cross[item] = packed[i] as number;
    });
  });
  const sums = new Float64Array(across.length);
  const counts = new Int32Array(across.length);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    sums.fill(0);
    counts.fill(0);
    for (const [a, b] of links) {
      sums[a] = (sums[a] as number) + (cross[b] as number);
      sums[b] = (sums[b] as number) + (cross[a] as number);
      counts[a] = (counts[a] as number) + 1;
      counts[b] = (counts[b] as number) + 1;
    }
    layers.forEach((layer, rank) => {
      const wished = layer.map((item) =>
        counts[item] === 0
          ? (cross[item] as number)
          : (sums[item] as number) / (counts[item] as number),
      );
      const placed = spread(wished, gaps[rank] as Float64Array);
      layer.forEach((item, i) => {
        cross[item] = placed[i] as number;
      });
    });
  }
  return cross;
}
