import { isInput, nameOf } from "./bind.ts";
import { allocate, isFloat } from "./dtype.ts";
import { evaluate } from "./evaluate.ts";
import type { Expr } from "./expr.ts";
import { elementCount, resolveShape } from "./shape.ts";
import { asValue, Tensor, type Value } from "./tensor.ts";
import { leavesOf } from "./traverse.ts";

/** Uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * A generator that gives the same numbers for the same seed.
 *
 * Source: mulberry32 by Tommy Ettinger (public domain), a bijection of a 32-bit counter.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), bits | 61)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Intervals that inputs are drawn from, by name. */
export type Domain = Readonly<Record<string, readonly [low: number, high: number]>>;

/** A value for each input. */
export type Point = ReadonlyMap<Expr, Value>;

/** A point, and what the expressions are worth there. */
export interface Sample {
  readonly point: Point;
  readonly values: readonly Value[];
}

/** What is tried in turn where no domain is given: many functions are defined on a part only. */
const RANGES: readonly (readonly [number, number])[] = [
  [0.2, 2],
  [-2, 2],
  [0.05, 0.95],
  [1.1, 3],
  [-0.95, 0.95],
];

/** Draws for each point wanted, at most: some expressions are finite almost nowhere. */
const MOST_DRAWS = 40;

/**
 * Points at which all expressions are finite, with their values there: at most `count`, and fewer
 * where they are hard to find. The inputs of `others` get values too.
 */
export function samplePoints(
  exprs: readonly Expr[],
  count: number,
  random: Random,
  domain: Domain = {},
  others: readonly Expr[] = [],
): readonly Sample[] {
  const inputs = leavesOf([...exprs, ...others]).filter(isInput);
  const sizes = sizesOf(inputs);
  const samples: Sample[] = [];
  for (let draw = 0; draw < count * MOST_DRAWS && samples.length < count; draw++) {
    const range = RANGES[draw % RANGES.length] as readonly [number, number];
    const point = new Map<Expr, Value>();
    for (const input of inputs) {
      const own = domain[nameOf(input) as string] ?? range;
      point.set(input, drawValue(input, own, sizes, random));
    }
    const values: readonly Value[] = evaluate([...exprs], point, { extra: "allow" });
    if (values.every(allFinite)) samples.push({ point, values });
    // Without inputs every draw is the same.
    if (inputs.length === 0) break;
  }
  return samples;
}

/** Named sizes get lengths that differ, so that axes are not confused. */
function sizesOf(inputs: readonly Expr[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { shape } of inputs) {
    for (const dim of shape) {
      if (typeof dim === "string" && !sizes.has(dim)) sizes.set(dim, 2 + (sizes.size % 3));
    }
  }
  return sizes;
}

function drawValue(
  { shape, dtype }: Expr,
  [low, high]: readonly [number, number],
  sizes: ReadonlyMap<string, number>,
  random: Random,
): Value {
  const actual = resolveShape("equivalent", shape, sizes);
  const data = allocate(dtype, elementCount(actual));
  for (let i = 0; i < data.length; i++) {
    const value = low + (high - low) * random();
    data[i] = isFloat(dtype)
      ? value
      : dtype === "bool"
        ? Number(random() < 0.5)
        : Math.round(value);
  }
  return asValue(new Tensor(actual, data, dtype));
}

function allFinite(value: Value): boolean {
  return typeof value === "number"
    ? Number.isFinite(value)
    : value.data.every((item) => Number.isFinite(item));
}
