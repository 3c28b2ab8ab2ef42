import { ArgumentError } from "@chainrule/core";
import { cleanText, shorten } from "../text/cleanText.ts";
import type { Chart, Point } from "./chart.ts";
import type { Interval, LossFigure } from "./figure.ts";
import { padded } from "./range.ts";

/** The chart of losses; what is not finite, or beyond 1e300, leaves a gap. */
export function lossChart({ series, logarithmic = false, by = "epoch", name }: LossFigure): Chart {
  if (series.length === 0) throw new ArgumentError("plot: a loss needs a series, got none");
  const shown = (value: number): boolean =>
    Math.abs(value) <= LARGEST && !(logarithmic && value <= 0);
  let [low, high, longest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const { values } of series) {
    longest = Math.max(longest, values.length);
    for (const value of values) {
      if (!shown(value)) continue;
      low = Math.min(low, logarithmic ? Math.min(value, LARGEST / 100) : value);
      high = Math.max(high, value);
    }
  }
  const names = series.map(({ name }) => shorten(cleanText(name), 40));
  const last = series.map(({ values }, i) => `${names[i]} ends at ${values.at(-1) ?? "nothing"}`);
  return {
    title: name ?? "Loss",
    description: `${name ?? "Loss"} by ${by}: ${last.slice(0, 12).join("; ")}.`,
    x: { name: shorten(cleanText(by), 24), interval: [0, Math.max(1, longest - 1)] },
    y: {
      name: shorten(cleanText(name ?? "loss"), 24),
      interval: heights(low, high, logarithmic),
      logarithmic,
    },
    curves: series.map(({ values }, look) => ({
      name: names[look] ?? "",
      pieces: pieces(values, shown),
      look,
    })),
    points: [],
    levels: [],
    arrows: [],
    notes: [],
    square: false,
  };
}

/** Ends of a logarithmic axis, within what doubles hold in full. */
const SMALLEST = 1e-300;
const LARGEST = 1e300;

/** Where losses are never negative, 0 is shown when it is near. */
function heights(low: number, high: number, logarithmic: boolean): Interval {
  if (low > high) return logarithmic ? [0.1, 10] : [-1, 1];
  if (logarithmic) {
    const by = low === high ? 10 : 1.3;
    return [Math.max(SMALLEST, low / by), Math.min(LARGEST, Math.max(SMALLEST, high) * by)];
  }
  const [from, to] = padded(low, high);
  return low >= 0 && low < high / 2 ? [0, to] : [from, to];
}

/** More points than this are thinned to the lowest and highest of each stretch. */
const MOST = 2000;

function pieces(
  values: readonly number[],
  shown: (value: number) => boolean,
): readonly (readonly Point[])[] {
  const stretch = Math.max(1, Math.ceil((2 * values.length) / MOST));
  const out: Point[][] = [];
  let piece: Point[] = [];
  const cut = (): void => {
    if (piece.length > 0) out.push(piece);
    piece = [];
  };
  for (let start = 0; start < values.length; start += stretch) {
    let least: Point | undefined;
    let most: Point | undefined;
    for (let i = start; i < Math.min(values.length, start + stretch); i++) {
      const value = values[i] ?? Number.NaN;
      if (!shown(value)) {
        piece.push(...extremes(least, most));
        [least, most] = [undefined, undefined];
        cut();
        continue;
      }
      if (least === undefined || value < least[1]) least = [i, value];
      if (most === undefined || value > most[1]) most = [i, value];
    }
    piece.push(...extremes(least, most));
  }
  cut();
  return out;
}

function extremes(least: Point | undefined, most: Point | undefined): readonly Point[] {
  if (least === undefined || most === undefined) return [];
  if (least[0] === most[0]) return [least];
  return least[0] < most[0] ? [least, most] : [most, least];
}
