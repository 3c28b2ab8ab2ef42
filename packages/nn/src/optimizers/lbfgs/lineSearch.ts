/** The loss at a distance along a line, and its slope there. */
export interface LinePoint {
  readonly at: number;
  readonly loss: number;
  readonly slope: number;
}

/** What a step must fulfil. */
export interface WolfeConstants {
  /** The loss falls by at least this share of what the first slope promises. */
  readonly decrease: number;
  /** The slope becomes at most this share of the first, in size. */
  readonly curvature: number;
  /** Points that may be tried. */
  readonly evaluations: number;
}

/**
 * A distance at which the strong Wolfe conditions hold, `f(a) ≤ f(0) + c₁ a f′(0)` and
 * `|f′(a)| ≤ c₂ |f′(0)|`; the best point found where they cannot be met, `undefined` if none is lower.
 *
 * A loss that is not finite is a point too far.
 * Source: Nocedal & Wright, "Numerical optimization", algorithms 3.5 and 3.6.
 */
export function strongWolfe<P extends LinePoint>(
  start: LinePoint,
  first: number,
  evaluate: (at: number) => P,
  constants: WolfeConstants,
): P | undefined {
  const { decrease, curvature } = constants;
  const enough = (point: LinePoint): boolean =>
    point.loss <= start.loss + decrease * point.at * start.slope;
  const level = (point: LinePoint): boolean => Math.abs(point.slope) <= -curvature * start.slope;
  let left = constants.evaluations;
  let low: LinePoint = start;
  let best: P | undefined;
  let high: LinePoint | undefined;
  let at = first;
  while (left > 0) {
    left--;
    const point = evaluate(at);
    const lower = enough(point) && !(point.loss >= low.loss && low !== start);
    if (lower && (best === undefined || point.loss < best.loss)) best = point;
    if (!lower) high = point;
    else if (level(point)) return point;
    else {
      // Uphill from here towards the far end: the minimum lies on the side where we came from.
      const towards = high === undefined ? 1 : high.at - low.at;
      if (point.slope * towards >= 0) high = low;
      low = point;
    }
    if (high === undefined) at = beyond(start, low);
    else if (tooClose(low, high)) break;
    else at = between(low, high);
  }
  return best;
}

/** The next point while the loss only falls: where a parabola through both slopes levels off. */
function beyond(start: LinePoint, point: LinePoint): number {
  const level = point.at + (point.slope * point.at) / (start.slope - point.slope);
  return Math.min(Math.max(Number.isFinite(level) ? level : 0, 2 * point.at), 10 * point.at);
}

/** Less than this share of the distance is no longer resolved by doubles. */
function tooClose(a: LinePoint, b: LinePoint): boolean {
  return Math.abs(a.at - b.at) <= 1e-14 * Math.max(Math.abs(a.at), Math.abs(b.at));
}

/** New points keep this share of the interval from its ends, so that it shrinks. */
const MARGIN = 0.1;

/**
 * The minimum of the cubic with the values and slopes of both points, kept within the interval;
 * its middle where there is none. Source: Nocedal & Wright, eq. 3.59.
 */
function between(a: LinePoint, b: LinePoint): number {
  const middle = (a.at + b.at) / 2;
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.at - b.at);
  const d2 = Math.sign(b.at - a.at) * Math.sqrt(d1 * d1 - a.slope * b.slope);
  const lowest = b.at - ((b.at - a.at) * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
  if (!Number.isFinite(lowest)) return middle;
  const margin = MARGIN * Math.abs(b.at - a.at);
  const low = Math.min(a.at, b.at) + margin;
  const high = Math.max(a.at, b.at) - margin;
  return Math.min(Math.max(lowest, low), high);
}
