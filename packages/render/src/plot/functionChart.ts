import {
  ArgumentError,
  type Expr,
  evaluate,
  grad,
  isInput,
  nameOf,
  topological,
  toText,
} from "@chainrule/core";
import { formatNumber } from "../formatNumber.ts";
import { cleanText, shorten } from "../text/cleanText.ts";
import type { Chart, Curve } from "./chart.ts";
import type { FunctionFigure, Interval } from "./figure.ts";
import { rangeOf } from "./range.ts";
import { places, sampleCurve } from "./sampleCurve.ts";

/** The chart of a function, its derivative and its tangent. */
export function functionChart(figure: FunctionFigure): Chart {
  const { f, values = {}, derivative, tangentAt } = figure;
  const by = figure.by ?? onlyInput(f, values);
  const name = variableName(by);
  checkScalar(f);
  if (tangentAt !== undefined && !Number.isFinite(tangentAt)) {
    throw new ArgumentError(`plot: the tangent needs a finite place, got ${tangentAt}`);
  }
  const slope = derivative === undefined ? grad(f, by) : derivative;
  const tangentSlope = tangentAt === undefined ? undefined : slope || grad(f, by);
  const heightAt = along(f, name, values);
  const formula = slope === false ? undefined : along(slope, name, values);
  // Rules give numbers even where f has none: 1/x for log(x) left of 0.
  const slopeAt =
    formula === undefined
      ? undefined
      : (x: number): number => (Number.isFinite(heightAt(x)) ? formula(x) : Number.NaN);
  const domain = figure.domain ?? usefulDomain(heightAt, tangentAt);
  checkInterval("domain", domain);
  if (figure.range !== undefined) checkInterval("range", figure.range);
  const at = places(domain);
  const heights = at.map(heightAt);
  const slopes = slopeAt === undefined ? [] : at.map(slopeAt);
  const range = figure.range ?? rangeOf([...heights, ...slopes]);
  const short = shorten(cleanText(name), 12);
  const own = figure.name ?? shorten(toText(f), 48);
  const curves: Curve[] = [{ name: own, pieces: sampleCurve(heightAt, at, range), look: 0 }];
  if (slopeAt !== undefined) {
    const named = `derivative by ${short}`;
    curves.push({ name: named, pieces: sampleCurve(slopeAt, at, range), look: 1 });
  }
  const points: { at: readonly [number, number]; look: number }[] = [];
  let told = "";
  if (tangentAt !== undefined && tangentSlope !== undefined) {
    const height = heightAt(tangentAt);
    const rise = along(tangentSlope, name, values)(tangentAt);
    const place = `${short} = ${formatNumber(tangentAt, 4)}`;
    if (Number.isFinite(height) && Number.isFinite(rise)) {
      const line = (x: number): number => height + rise * (x - tangentAt);
      const ends = domain.map((x) => [x, line(x)] as const);
      const named = `tangent at ${place}, slope ${formatNumber(rise, 4)}`;
      curves.push({ name: named, pieces: [ends], look: 2 });
      points.push({ at: [tangentAt, height], look: 0 });
      told = ` It has the ${named}.`;
    } else told = ` It has no tangent at ${place}.`;
  }
  const finite = heights.some(Number.isFinite) ? "" : " It has no finite values here.";
  return {
    title: own,
    description: `${own} for ${short} from ${domain.map((x) => formatNumber(x, 4)).join(" to ")}.${told}${finite}`,
    x: { name: short, interval: domain },
    y: { name: "", interval: range },
    curves,
    points,
    levels: [],
    arrows: [],
    notes: told.startsWith(" It has no tangent") ? [told.slice(8, -1)] : [],
    square: false,
  };
}

/** A function of one number. Throws BindingError where other inputs have no value. */
function along(
  f: Expr,
  name: string,
  values: Readonly<Record<string, number>>,
): (x: number) => number {
  return (x) => Number(evaluate(f, { ...values, [name]: x }));
}

/** A plot of a tensor is none. */
export function checkScalar(f: Expr): void {
  if (f.shape.length === 0) return;
  throw new ArgumentError(`plot: the function must be a scalar, got shape [${f.shape.join(", ")}]`);
}

export function checkInterval(what: string, [low, high]: Interval): void {
  if (low < high && Number.isFinite(high - low)) return;
  throw new ArgumentError(`plot: the ${what} must go from low to high, got ${low} to ${high}`);
}

/** The name that a variable is bound by. */
export function variableName(by: Expr): string {
  const name = nameOf(by);
  if (name !== undefined && by.shape.length === 0) return name;
  throw new ArgumentError(`plot: an axis needs a scalar variable, got ${shorten(toText(by), 40)}`);
}

function onlyInput(f: Expr, values: Readonly<Record<string, number>>): Expr {
  const free = topological([f])
    .nodes.filter(isInput)
    .filter((node) => !Object.hasOwn(values, nameOf(node) ?? ""));
  const [by] = free;
  if (by !== undefined && free.length === 1) return by;
  const names = free.map((node) => nameOf(node)).join(", ");
  throw new ArgumentError(
    `plot: one variable must be left for the axis, got ${names === "" ? "none" : shorten(names, 80)}`,
  );
}

/** -5 … 5, around the tangent where that is elsewhere; no wider than where f is finite. */
function usefulDomain(f: (x: number) => number, tangentAt: number | undefined): Interval {
  const size = Math.max(5, Math.abs(tangentAt ?? 0) * 1e-3);
  const middle = tangentAt === undefined || Math.abs(tangentAt) <= 4 ? 0 : tangentAt;
  const whole: Interval = [middle - size, middle + size];
  const finite = places(whole, 100).filter((x) => Number.isFinite(f(x)));
  const [low, high] = [finite[0], finite.at(-1)];
  if (low === undefined || high === undefined || high - low > 1.2 * size) return whole;
  if (!(high > low)) return whole;
  return [Math.min(low - 0.2 * size, tangentAt ?? low), Math.max(high, tangentAt ?? high)];
}
