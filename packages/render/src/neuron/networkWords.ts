import { escapeLatex } from "../latex/escapeLatex.ts";
import { nameLatex } from "../latex/nameLatex.ts";
import { decimalLatex } from "../latex/numberLatex.ts";
import { type NumberFormat, roundNumber } from "../number/roundNumber.ts";
import { cleanText, shorten } from "../text/cleanText.ts";
import { textWidth } from "../text/measure.ts";
import type { Slot } from "./fold.ts";
import type { NeuronModel } from "./model.ts";
import type { NeuronOptions } from "./options.ts";
import type { Words } from "./picture.ts";

export const RADIUS = 21;
export const MARGIN = 26;
/** Length of the arrows that leave the last layer. */
export const ARROW = 34;
/** Height of a row above and below the network. */
export const HEAD = 20;
const SIZE = 12;
export const SMALL = 10;
const LINE = 14;

type Point = readonly [number, number];

export interface Place {
  readonly slot: Slot;
  readonly y: number;
}

/** A column of the picture. */
export interface Column {
  readonly layer: number | undefined;
  readonly folded: number;
  readonly x: number;
  readonly places: readonly Place[];
}

/** Where on a connection its label stands, of so many targets. */
export function shareOf(targets: number): number {
  return Math.min(0.36, 1 / (targets + 1));
}

export function biasWidth(biases: readonly number[] | undefined, options: NumberFormat): number {
  const texts = (biases ?? []).slice(0, 20).map((b) => `b = ${numberText(b, options)}`);
  return Math.max(0, ...texts.map((text) => textWidth(text, SMALL) / 2));
}

export function numberText(
  value: number,
  { digits = 3, rounding = "half-even" }: NumberFormat,
): string {
  return roundNumber(value, { digits, rounding }).text.replace("-", "−");
}

function words(text: string, latex: string, at: Point, size: number, kind: Words["kind"]): Words {
  return { text, latex, x: at[0], y: at[1], size, kind };
}

function plain(text: string, at: Point, size: number, kind: Words["kind"]): Words {
  return words(text, escapeLatex(text), at, size, kind);
}

export function columnWords(
  { layers, names }: NeuronModel,
  { layer, folded, x, places }: Column,
  options: NeuronOptions,
  bottom: number,
): readonly Words[] {
  if (layer === undefined) {
    const y = bottom - HEAD;
    return folded === 0 ? [] : [plain(`… ${folded} layers …`, [x, y], SMALL, "faint")];
  }
  const out: Words[] = [];
  const own = layers[layer];
  for (const { slot, y } of places) {
    if (slot.kind === "folded") {
      out.push(plain(`${slot.count} more`, [x, y + 16], SMALL, "faint"));
      continue;
    }
    const { index } = slot;
    const name = shorten(cleanText(names?.[layer]?.[index] ?? numbered(layer, index, layers)), 40);
    const fits = fitting(name);
    out.push(words(fits, `$${nameLatex(fits)}$`, [x, y], sizeIn(fits), "ink"));
    const bias = own?.biases?.[index];
    if (bias === undefined) continue;
    const text = numberText(bias, options);
    const latex = `$b = ${decimalLatex(text.replace("−", "-"))}$`;
    out.push(words(`b = ${text}`, latex, [x, y + RADIUS + 8], SMALL, "label"));
  }
  const activation = own?.activation;
  if (activation === undefined) return out;
  return [...out, plain(shorten(cleanText(activation), 16), [x, bottom + HEAD / 2], SIZE, "ink")];
}

function numbered(layer: number, index: number, layers: readonly unknown[]): string {
  const letter = layer === 0 ? "x" : layer === layers.length - 1 ? "y" : "h";
  return `${letter}${index + 1}`;
}

/** What of a name fits a neuron. */
function fitting(name: string): string {
  for (let most = 8; most > 1; most--) {
    const text = shorten(name, most);
    if (textWidth(text, SMALL) <= 2 * RADIUS - 6) return text;
  }
  return shorten(name, 1);
}

function sizeIn(text: string): number {
  return textWidth(text, SIZE) <= 2 * RADIUS - 6 ? SIZE : SMALL;
}

export function weightWords(
  { weights }: NeuronModel,
  columns: readonly Column[],
  options: NeuronOptions,
): readonly Words[] {
  const out: Words[] = [];
  columns.slice(1).forEach((target, c) => {
    const source = columns[c];
    if (source?.layer === undefined || target.layer === undefined) return;
    const t = shareOf(target.places.length);
    for (const from of source.places) {
      for (const to of target.places) {
        if (from.slot.kind === "folded" || to.slot.kind === "folded") continue;
        const weight = weights?.[source.layer]?.[from.slot.index]?.[to.slot.index];
        if (weight === undefined) continue;
        const at: Point = [source.x + t * (target.x - source.x), from.y + t * (to.y - from.y)];
        const text = numberText(weight, options);
        const latex = `$${decimalLatex(text.replace("−", "-"))}$`;
        out.push(words(text, latex, at, SMALL, "label"));
      }
    }
  });
  return out;
}

export function headings({ layers }: NeuronModel, columns: readonly Column[]): readonly Words[] {
  return columns.flatMap(({ layer, x }) => {
    const name = layer === undefined ? undefined : layers[layer]?.name;
    return name === undefined
      ? []
      : [plain(shorten(cleanText(name), 14), [x, MARGIN], SIZE, "ink")];
  });
}

/** Source: the lecture's table of the biological neuron beside the artificial one. */
export function biologicalWords(columns: readonly Column[], y: number): readonly Words[] {
  const [inputs, neuron] = columns;
  if (inputs === undefined || neuron === undefined) return [];
  const pairs = [
    ["dendrites", "inputs", inputs.x],
    ["synapses", "weights", (inputs.x + neuron.x) / 2],
    ["soma", "sum", neuron.x],
    ["axon", "output", neuron.x + RADIUS + ARROW + 14],
  ] as const;
  return pairs.flatMap(([living, built, x]) => [
    plain(living, [x, y], SIZE, "ink"),
    plain(built, [x, y + LINE], SMALL, "faint"),
  ]);
}
