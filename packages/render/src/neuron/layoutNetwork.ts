import { ArgumentError } from "@chainrule/core";
import { cleanText, shorten } from "../text/cleanText.ts";
import { textWidth } from "../text/measure.ts";
import { fold, type Slot } from "./fold.ts";
import type { NeuronModel } from "./model.ts";
import {
  ARROW,
  biasWidth,
  biologicalWords,
  type Column,
  columnWords,
  HEAD,
  headings,
  MARGIN,
  numberText,
  RADIUS,
  SMALL,
  shareOf,
  weightWords,
} from "./networkWords.ts";
import type { NeuronOptions } from "./options.ts";
import type { Circle, Line, Picture, Words } from "./picture.ts";

/** Rows of text keep this distance, so that labels at the connections never touch. */
const ROW = 14;

/**
 * Places of neurons, connections and labels.
 *
 * A label stands at the share t = 1 / (m + 1) of its connection, m the targets: with rows s apart the
 * labels of one source are t·s apart, and those of its neighbour begin s(1 - t m) ≥ t·s further.
 */
export function layoutNetwork(model: NeuronModel, options: NeuronOptions): Picture {
  const { layers } = model;
  const { mostUnits = 10, biological = false } = options;
  if (biological && (layers.length !== 2 || layers[1]?.units !== 1)) {
    const got = layers.map(({ units }) => units).join("-");
    throw new ArgumentError(`neuronView: biological names need a single neuron, got ${got}`);
  }
  const rows = layers.map(({ units }) => fold(units, Math.max(3, mostUnits)));
  const labelled = options.weightLabels ?? countEdges(rows) <= MOST_LABELS;
  const numbers = labelled && model.weights !== undefined;
  const targets = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const step = Math.max(3 * RADIUS + 6, numbers ? ROW * (targets + 1) : 0);
  const tallest = targets * step;
  const top = MARGIN + (biological ? 2 : 1) * HEAD;
  const columns = placeColumns(model, options, { rows, numbers, step, middle: top + tallest / 2 });
  const right = (columns.at(-1)?.x ?? 0) + RADIUS + ARROW + MARGIN + (biological ? 30 : 10);
  const circles = columns.flatMap((column) => circlesOf(column, layers.length));
  const lines = [...connections(model, columns), ...outputs(columns.at(-1))];
  const words = [
    ...columns.flatMap((column) => columnWords(model, column, options, top + tallest)),
    ...(numbers ? weightWords(model, columns, options) : []),
    ...(biological ? biologicalWords(columns, MARGIN) : headings(model, columns)),
  ];
  const sizes = layers.map(({ units }) => units).join("-");
  return {
    ...room(words, right, top + tallest + HEAD + MARGIN / 2),
    title: options.title ?? `Neural network ${shorten(sizes, 60)}`,
    description: describeModel(model),
    circles,
    lines,
    words,
  };
}

/** Beyond this, numbers hide the network. */
const MOST_LABELS = 40;

/** The page reaches as far as its widest text. */
function room(words: readonly Words[], right: number, height: number) {
  const ends = words.map(({ text, size, x }) => x + textWidth(text, size) / 2 + 8);
  return { width: Math.max(right, ...ends), height };
}

function countEdges(rows: readonly (readonly Slot[])[]): number {
  return rows.slice(1).reduce((sum, row, l) => sum + row.length * (rows[l]?.length ?? 0), 0);
}

interface Grid {
  readonly rows: readonly (readonly Slot[])[];
  readonly numbers: boolean;
  readonly step: number;
  readonly middle: number;
}

function placeColumns(
  { layers, weights }: NeuronModel,
  options: NeuronOptions,
  { rows, numbers, step, middle }: Grid,
): readonly Column[] {
  const widest = 2 * Math.max(RADIUS, ...layers.map(({ biases }) => biasWidth(biases, options)));
  let x = MARGIN + widest / 2 + 30;
  return fold(layers.length, Math.max(3, options.mostLayers ?? 9)).map((slot) => {
    if (slot.kind === "folded") {
      const at = { layer: undefined, folded: slot.count, x, places: [] };
      x += 110;
      return at;
    }
    const row = rows[slot.index] ?? [];
    const places = row.map((own, i) => ({
      slot: own,
      y: middle + (i - (row.length - 1) / 2) * step,
    }));
    const at = { layer: slot.index, folded: 0, x, places };
    const share = shareOf(rows[slot.index + 1]?.length ?? 1);
    const texts = (weights?.[slot.index] ?? []).slice(0, numbers ? undefined : 0).flat();
    const label = Math.max(0, ...texts.map((w) => textWidth(numberText(w, options), SMALL)));
    x += Math.max(150, (widest / 2 + 6 + label / 2) / share, widest + label + 30);
    return at;
  });
}

function circlesOf({ layer, x, places }: Column, layers: number): readonly Circle[] {
  const dots = (cx: number, cy: number, across: number, down: number): Circle[] =>
    [-1, 0, 1].map((i) => ({ kind: "dots", x: cx + i * across, y: cy + i * down, radius: 2.4 }));
  if (layer === undefined) return [];
  const kind = layer === 0 ? "input" : layer === layers - 1 ? "output" : "neuron";
  return places.flatMap(({ slot, y }) =>
    slot.kind === "shown" ? [{ kind, x, y, radius: RADIUS } as const] : dots(x, y - 8, 0, 9),
  );
}

function connections({ weights }: NeuronModel, columns: readonly Column[]): readonly Line[] {
  const lines: Line[] = [];
  columns.slice(1).forEach((target, c) => {
    const source = columns[c];
    if (source?.layer === undefined || target.layer === undefined) return;
    const matrix = weights?.[source.layer];
    let most = 0;
    for (const row of matrix ?? []) {
      for (const weight of row)
        if (Number.isFinite(weight)) most = Math.max(most, Math.abs(weight));
    }
    for (const from of source.places) {
      for (const to of target.places) {
        if (from.slot.kind === "folded" || to.slot.kind === "folded") continue;
        const weight = matrix?.[from.slot.index]?.[to.slot.index];
        lines.push(between([source.x, from.y], [target.x, to.y], weight, most));
      }
    }
  });
  return lines;
}

type Point = readonly [number, number];

/** A line from rim to rim. */
function between(from: Point, to: Point, weight: number | undefined, most: number): Line {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const along = (t: number): Point => [
    from[0] + ((to[0] - from[0]) * t) / length,
    from[1] + ((to[1] - from[1]) * t) / length,
  ];
  const ends = { from: along(RADIUS), to: along(length - RADIUS) };
  if (weight === undefined || !Number.isFinite(weight)) return { ...ends, kind: "plain", width: 1 };
  const size = most === 0 ? 0 : Math.abs(weight) / most;
  return { ...ends, kind: weight < 0 ? "negative" : "positive", width: 0.8 + 2.2 * size };
}

function outputs(last: Column | undefined): readonly Line[] {
  if (last === undefined) return [];
  return last.places.flatMap(({ slot, y }): Line[] => {
    if (slot.kind === "folded") return [];
    const from = last.x + RADIUS;
    return [{ kind: "arrow", from: [from, y], to: [from + ARROW, y], width: 1.4 }];
  });
}

function describeModel({ layers }: NeuronModel): string {
  const parts = layers.slice(0, 20).map(({ units, activation }, l) => {
    if (l === 0) return `${units} inputs`;
    return `${units} neurons${activation === undefined ? "" : ` with ${cleanText(activation)}`}`;
  });
  const more = layers.length > 20 ? `, and ${layers.length - 20} layers more` : "";
  return `${parts.join(", ")}${more}. Negative weights are dashed, larger ones thicker.`;
}
