import { ArgumentError } from "./errors.ts";
import type { Expr, Operand } from "./expr.ts";
import { operand, operands } from "./operands.ts";
import { sub } from "./ops/arithmetic.ts";
import { literalValue } from "./ops/leaf.ts";
import { broadcastTo } from "./ops/movement.ts";
import { simplify } from "./rewrite/simplify.ts";
import {
  type Domain,
  type Random,
  type Sample,
  samplePoints,
  seededRandom,
} from "./samplePoints.ts";
import { sameShape } from "./shape.ts";
import { asTensor, type Value } from "./tensor.ts";

/** Options of `equivalent`. */
export interface EquivalentOptions {
  /** Points to compare at; 12 by default. */
  readonly points?: number;
  /** Greatest difference relative to the values; by default 1e-9, or 1e-4 in single precision. */
  readonly tolerance?: number;
  /** Where the points come from; by default a generator that gives the same ones every time. */
  readonly random?: Random;
  /** Intervals to draw inputs from, by name. */
  readonly domain?: Domain;
}

/** Whether two expressions are the same, and how that was found. */
export interface Equivalence {
  readonly equivalent: boolean;
  /**
   * `structure`: they are one node; `simplification`: their difference simplifies to 0; `points`: by
   * their values; `shape`: their shapes differ; `undecided`: no point was found at which both are
   * finite.
   */
  readonly by: "structure" | "simplification" | "points" | "shape" | "undecided";
  /** How many points were compared. */
  readonly points: number;
  /** A point at which they differ, and both values there. */
  readonly counterexample?: Sample;
}

const POINTS = 12;
const TOLERANCE = 1e-9;
const SINGLE_TOLERANCE = 1e-4;

/** Values smaller than this are compared absolutely: what cancels leaves rounding errors. */
const SMALLEST = 1e-3;

/**
 * Whether two expressions are the same function: as nodes, by simplifying their difference, or at
 * random points of the domain, where points at which either is not finite are drawn again.
 *
 * The first two are certain, and so is a counterexample; agreement at points is all but certain.
 */
export function equivalent(a: Operand, b: Operand, options: EquivalentOptions = {}): Equivalence {
  const { points = POINTS, random = seededRandom(1), domain } = options;
  if (!Number.isInteger(points) || points < 1) {
    throw new ArgumentError(`equivalent: points must be a whole number ≥ 1, got ${points}`);
  }
  const pair = operands("equivalent", [a, b]).map((side) => operand("equivalent", side));
  const [left, right] = pair as [Expr, Expr];
  if (left === right) return { equivalent: true, by: "structure", points: 0 };
  if (!sameShape(left.shape, right.shape)) return { equivalent: false, by: "shape", points: 0 };
  if (isZero(simplify(sub(left, right)))) {
    return { equivalent: true, by: "simplification", points: 0 };
  }
  const single = left.dtype === "f32" || right.dtype === "f32";
  const tolerance = options.tolerance ?? (single ? SINGLE_TOLERANCE : TOLERANCE);
  const samples = samplePoints([left, right], points, random, domain);
  for (const sample of samples) {
    const [x, y] = sample.values as readonly [Value, Value];
    if (!isClose(x, y, tolerance)) {
      return { equivalent: false, by: "points", points: samples.length, counterexample: sample };
    }
  }
  const by = samples.length > 0 ? "points" : "undecided";
  return { equivalent: samples.length > 0, by, points: samples.length };
}

function isZero(expr: Expr): boolean {
  const inner = expr.op === broadcastTo.op ? (expr.args[0] as Expr) : expr;
  return literalValue(inner) === 0;
}

/** Whether all elements agree to a tolerance relative to the larger of both. */
export function isClose(a: Value, b: Value, tolerance: number): boolean {
  const left = asTensor(a).data;
  const right = asTensor(b).data;
  if (left.length !== right.length) return false;
  return left.every((item, i) => {
    const other = right[i] as number;
    const scale = Math.max(Math.abs(item), Math.abs(other), SMALLEST);
    return Math.abs(item - other) <= tolerance * scale;
  });
}
