import type { Interval } from "./figure.ts";

/** A place in the units of both axes. */
export type Point = readonly [number, number];

/** A line in pieces: nothing is drawn between two. */
export interface Curve {
  readonly name: string;
  readonly pieces: readonly (readonly Point[])[];
  /** Colour and dash; the same number looks the same in every chart. */
  readonly look: number;
}

/** A closed area, filled with even odds, above one level. */
export type Area = readonly (readonly Point[])[];

/** A level line and what it is worth. */
export interface Level {
  readonly value: number;
  readonly area: Area;
  readonly pieces: readonly (readonly Point[])[];
}

/** What lies along an axis. */
export interface Axis {
  readonly name: string;
  readonly interval: Interval;
  readonly logarithmic?: boolean;
}

/** What a plot shows, in the units of its axes. */
export interface Chart {
  readonly title: string;
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly curves: readonly Curve[];
  readonly points: readonly { readonly at: Point; readonly look: number }[];
  readonly levels: readonly Level[];
  readonly arrows: readonly { readonly from: Point; readonly to: Point }[];
  /** Lines of the legend without a sample. */
  readonly notes: readonly string[];
  readonly square: boolean;
}
