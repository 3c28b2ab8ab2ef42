import type { PlotAxis, PlotData, PlotPoint } from "@chainrule/render";

/** Where a chart's axes stand in its picture, and where its points lie. */
export interface ChartScale {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly at: (point: PlotPoint) => PlotPoint;
  /** The x of a place in the picture. */
  readonly xAt: (across: number) => number;
}

/** Room for the numbers of the upright axis: for four letters, and for each one more. */
const LEFT = 44;
const USUAL = 4;
const LETTER = 8;
/** Room for half a number at the other ends. */
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 38;

/** The scale of a picture of some size. */
export function chartScale({ x, y }: PlotData, width: number, height: number): ChartScale {
  const longest = Math.max(USUAL, ...y.ticks.map((tick) => tickText(tick).length));
  const left = LEFT + LETTER * (longest - USUAL);
  const [right, top, bottom] = [Math.max(left + 1, width - RIGHT), TOP, height - BOTTOM];
  const across = shareAlong(x);
  const up = shareAlong(y);
  const [low, high] = x.interval;
  return {
    left,
    right,
    top,
    bottom,
    at: ([a, b]) => [left + (right - left) * across(a), bottom - (bottom - top) * up(b)],
    xAt: (place) => low + ((high - low) * (place - left)) / (right - left),
  };
}

/** How far along its axis a value lies, 0 … 1 between the ends. */
function shareAlong({ interval, logarithmic }: PlotAxis): (value: number) => number {
  const own = (value: number): number => (logarithmic === true ? Math.log10(value) : value);
  const [low, high] = [own(interval[0]), own(interval[1])];
  return (value) => Math.min(FAR, Math.max(-FAR, (own(value) - low) / (high - low)));
}

/** So many pictures away nothing is seen, and numbers stay short. */
const FAR = 20;

/** A number of an axis as it is written. */
export function tickText(tick: number): string {
  const text =
    Math.abs(tick) >= 1e5 || (tick !== 0 && Math.abs(tick) < 1e-4)
      ? tick.toExponential()
      : String(Number(tick.toPrecision(6)));
  return text.replace("-", "−");
}
