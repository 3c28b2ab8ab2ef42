import { ArgumentError, Tensor } from "@chainrule/core";
import { checkOptions } from "../../options/index.ts";
import { random } from "../../random/index.ts";
import { checkSeed, checkWhole, checkWithin } from "../checks.ts";
import type { Dataset } from "../dataset.ts";
import { labelledPoints, type PointsOptions, pointsOptions } from "./points.ts";

/**
 * Exclusive or: 0,0 → 0; 0,1 → 1; 1,0 → 1; 1,1 → 0. With `points`, that many around the corners.
 *
 * Shapes: inputs [4, 2], targets [4] of type i32.
 */
export function xor(options?: PointsOptions): Dataset {
  if (options === undefined) {
    return {
      inputs: new Tensor([4, 2], Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1)),
      targets: new Tensor([4], Int32Array.of(0, 1, 1, 0)),
    };
  }
  checkOptions("xor", options, pointsOptions);
  return labelledPoints("xor", options, 2, (label, generator) => {
    const a = generator.integer(2);
    return [a, a ^ label];
  });
}

/** Two half circles of radius 1 that reach into each other: classes 0 (upper) and 1 (lower). */
export function moons(options: PointsOptions): Dataset {
  checkOptions("moons", options, pointsOptions);
  return labelledPoints(
    "moons",
    { ...options, noise: options.noise ?? 0.1 },
    2,
    (label, generator) => {
      const angle = Math.PI * generator.uniform();
      const [x, y] = [Math.cos(angle), Math.sin(angle)];
      return label === 0 ? [x, y] : [1 - x, 0.5 - y];
    },
  );
}

/** Options of `circles`. */
export interface CirclesOptions extends PointsOptions {
  /** Radius of class 1; 0.5 by default. */
  readonly factor?: number;
}

/** Two circles about the origin: class 0 of radius 1, class 1 of radius `factor`. */
export function circles(options: CirclesOptions): Dataset {
  checkOptions<CirclesOptions>("circles", options, { ...pointsOptions, factor: true });
  const { factor = 0.5 } = options;
  checkWithin("circles", "factor", factor, 0, 1);
  return labelledPoints(
    "circles",
    { ...options, noise: options.noise ?? 0.05 },
    2,
    (label, generator) => polar(label === 0 ? 1 : factor, 2 * Math.PI * generator.uniform()),
  );
}

/** Options of `spirals`. */
export interface SpiralsOptions extends PointsOptions {
  /** How many arms, each a class; 2 by default. */
  readonly arms?: number;
  /** Times that an arm goes round; 1.5 by default. */
  readonly turns?: number;
}

/** Arms from the origin out to radius 1, one a class, each `turns` times round. */
export function spirals(options: SpiralsOptions): Dataset {
  checkOptions<SpiralsOptions>("spirals", options, { ...pointsOptions, arms: true, turns: true });
  const { arms = 2, turns = 1.5 } = options;
  checkWhole("spirals", "arms", arms, 2);
  checkWithin("spirals", "turns", turns, 0);
  return labelledPoints(
    "spirals",
    { ...options, noise: options.noise ?? 0.02 },
    arms,
    (arm, generator) => {
      // The root spreads points evenly over an arm's length, not over its angle; 0.1 keeps arms apart.
      const radius = Math.sqrt(0.01 + 0.99 * generator.uniform());
      return polar(radius, 2 * Math.PI * (turns * radius + arm / arms));
    },
  );
}

/** Options of `blobs`. */
export interface BlobsOptions extends PointsOptions {
  /** How many clouds, or where they are; 3 by default. */
  readonly centres?: number | readonly (readonly [number, number])[];
}

/** Normal clouds, one a class, of deviation `noise` about `centres`: a number of them, or their places. */
export function blobs(options: BlobsOptions): Dataset {
  checkOptions<BlobsOptions>("blobs", options, { ...pointsOptions, centres: true });
  const { centres = 3 } = options;
  const places = typeof centres === "number" ? ringCentres(centres, 2) : centres;
  if (places.length === 0) throw new ArgumentError("blobs: there must be centres, got none");
  return labelledPoints(
    "blobs",
    { ...options, noise: options.noise ?? 0.5 },
    places.length,
    (label) => places[label] as readonly [number, number],
  );
}

/** Options of `ring`. */
export interface RingOptions extends PointsOptions {
  /** How many clouds; 8 by default. */
  readonly modes?: number;
  /** Radius of the circle that they lie on; 1 by default. */
  readonly radius?: number;
}

/** Normal clouds at equal distances on a circle; labels are their numbers. The target of a small GAN. */
export function ring(options: RingOptions): Dataset {
  checkOptions<RingOptions>("ring", options, { ...pointsOptions, modes: true, radius: true });
  const { modes = 8, radius = 1 } = options;
  checkWithin("ring", "radius", radius, 0);
  const places = ringCentres(modes, radius);
  return labelledPoints(
    "ring",
    { ...options, noise: options.noise ?? 0.02 },
    modes,
    (label) => places[label] as readonly [number, number],
  );
}

/** `count` places at equal distances on a circle about the origin, the first at angle 0. */
export function ringCentres(count: number, radius = 1): readonly (readonly [number, number])[] {
  checkWhole("ringCentres", "count", count, 1);
  return Array.from({ length: count }, (_, i) => polar(radius, (2 * Math.PI * i) / count));
}

/** How many of the modes of a ring points cover, and the share of points within `within` of one. */
export function ringCoverage(
  points: Tensor,
  {
    modes = 8,
    radius = 1,
    within = 0.1,
    least = 0.02,
  }: {
    readonly modes?: number;
    readonly radius?: number;
    readonly within?: number;
    /** The share of all points that covers a mode. */
    readonly least?: number;
  } = {},
): { readonly modes: number; readonly quality: number; readonly counts: readonly number[] } {
  const rows = points.shape[0] ?? 0;
  if (points.shape.length !== 2 || points.shape[1] !== 2 || rows === 0) {
    throw new ArgumentError(
      `ringCoverage: points must have shape [points, 2], got [${points.shape.join(", ")}]`,
    );
  }
  const counts = new Array<number>(modes).fill(0);
  const places = ringCentres(modes, radius);
  for (let i = 0; i < rows; i++) {
    const [x, y] = [points.data[2 * i] as number, points.data[2 * i + 1] as number];
    const near = places.findIndex(([a, b]) => Math.hypot(x - a, y - b) <= within);
    if (near >= 0) counts[near] = (counts[near] ?? 0) + 1;
  }
  return {
    counts,
    modes: counts.filter((count) => count >= Math.max(1, least * rows)).length,
    quality: counts.reduce((sum, count) => sum + count, 0) / rows,
  };
}

/** `y = sin x` with noise: points in [0, 2π] drawn evenly, for regression. Shapes: [points, 1] both. */
export function sinePoints(options: PointsOptions): Dataset {
  checkOptions("sinePoints", options, pointsOptions);
  const { points, seed, noise = 0.1 } = options;
  checkWhole("sinePoints", "points", points, 1);
  checkSeed("sinePoints", seed);
  checkWithin("sinePoints", "noise", noise, 0);
  const generator = random(seed, "sinePoints");
  const inputs = Float64Array.from({ length: points }, () => 2 * Math.PI * generator.uniform());
  const targets = inputs.map((x) => Math.sin(x) + noise * generator.normal());
  return { inputs: new Tensor([points, 1], inputs), targets: new Tensor([points, 1], targets) };
}

function polar(radius: number, angle: number): readonly [number, number] {
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}
