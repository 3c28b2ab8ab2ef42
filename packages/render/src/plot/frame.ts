import { formatNumber } from "../formatNumber.ts";
import { textWidth } from "../text/measure.ts";
import type { Axis, Chart, Point } from "./chart.ts";
import { ticksOf } from "./range.ts";

export interface Tick {
  readonly value: number;
  readonly text: string;
  readonly place: number;
}

/** Where the axes stand on the page, and where a point lies between them. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly at: (point: Point) => Point;
}

const SIZE = 11;
const HEIGHT = 320;
/** Room for the title and the name of the upright axis. */
const TOP = 52;
/** Points further outside than this are drawn at it; nobody sees them, but numbers stay short. */
const OUTSIDE = 4000;

/** Axes as wide as the page bears beside the numbers of the upright one. */
export function makeFrame({ x, y, square }: Chart, width: number): Frame {
  const texts = ticksOf(y.interval, 7, y.logarithmic === true).map((v) => tickText(v));
  const needed = 16 + Math.max(20, ...texts.map((text) => textWidth(text, SIZE)));
  const side = Math.min(460, width - 2 * needed);
  const left = square ? (width - side) / 2 : needed;
  const right = square ? left + side : width - 24;
  const top = TOP;
  const bottom = TOP + (square ? side : HEIGHT);
  const across = scale(x, left, right);
  const up = scale(y, bottom, top);
  return {
    left,
    right,
    top,
    bottom,
    xTicks: placed(x, across, 9),
    yTicks: placed(y, up, 7),
    at: ([a, b]) => [across(a), up(b)],
  };
}

/** A linear or logarithmic scale from the axis to the page. */
function scale({ interval, logarithmic }: Axis, from: number, to: number): (v: number) => number {
  const own = (v: number): number => (logarithmic === true ? Math.log10(v) : v);
  const [low, high] = [own(interval[0]), own(interval[1])];
  return (v) => {
    const place = from + (to - from) * ((own(v) - low) / (high - low));
    return Math.min(OUTSIDE, Math.max(-OUTSIDE, place));
  };
}

/** Ticks whose numbers leave each other room. */
function placed(axis: Axis, place: (v: number) => number, count: number): readonly Tick[] {
  const all = ticksOf(axis.interval, count, axis.logarithmic === true).map((value) => ({
    value,
    text: tickText(value),
    place: place(value),
  }));
  const widest = Math.max(0, ...all.map(({ text }) => textWidth(text, SIZE)));
  const [first, second] = all;
  if (count < 9 || first === undefined || second === undefined) return all;
  const every = Math.ceil((widest + 10) / Math.abs(second.place - first.place));
  return all.filter((_, i) => i % every === 0);
}

function tickText(value: number): string {
  return formatNumber(value, 12).replaceAll("-", "−");
}
