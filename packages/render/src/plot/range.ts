import { ticks } from "d3-array";
import type { Interval } from "./figure.ts";

/**
 * Heights worth showing: all, unless a few reach much further than the rest, as beside a pole.
 *
 * Quantiles at 5 and 95 %: a pole in a domain takes fewer of the samples than that on either side.
 */
export function rangeOf(values: readonly number[]): Interval {
  const finite = values.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share: number): number => finite[Math.round(share * (finite.length - 1))] ?? 0;
  if (finite.length === 0) return [-1, 1];
  const [low, high] = [at(0), at(1)];
  const [inner, outer] = [at(0.05), at(0.95)];
  const spread = outer - inner;
  if (spread > 0 && high - low > FAR * spread) {
    return padded(Math.max(low, inner - spread / 2), Math.min(high, outer + spread / 2));
  }
  return padded(low, high);
}

/** x⁸ reaches 1.5 times as far as its 95 %, 1/x hundreds of times. */
const FAR = 4;

/** A margin of 6 % on both sides; a constant gets a unit of its own size. */
export function padded(low: number, high: number): Interval {
  const half = high / 2 - low / 2;
  // Steps of an axis below 1e-300 would vanish.
  if (!(half > Math.max(1e-300, 1e-12 * Math.max(Math.abs(low), Math.abs(high))))) {
    const by = Math.max(1, Math.abs(low) * 0.1);
    return [low - by, high + by];
  }
  const margin = 0.12 * half;
  return [
    Math.max(-Number.MAX_VALUE / 4, low - margin),
    Math.min(Number.MAX_VALUE / 4, high + margin),
  ];
}

/** Round numbers of an interval for its axis. */
export function ticksOf([low, high]: Interval, count: number, logarithmic: boolean): number[] {
  if (!logarithmic) return ticks(low, high, count);
  const powers = ticks(Math.log10(low), Math.log10(high), count).filter(Number.isInteger);
  if (powers.length > 2) return powers.map((power) => Number(`1e${power}`));
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const steps: number[] = [];
  for (let power = first; power < last; power++) {
    for (const step of [1, 2, 5]) steps.push(Number(`${step}e${power}`));
  }
  const shown = steps.filter((tick) => tick >= low && tick <= high);
  if (shown.length > 1) return shown;
  return ticks(low, high, count).filter((tick) => tick > 0);
}
