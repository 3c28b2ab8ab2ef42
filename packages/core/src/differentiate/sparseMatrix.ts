import { isFloat } from "../dtype.ts";
import { ArgumentError, DifferentiationError, describe } from "../errors.ts";
import { Expr, type Scalar } from "../expr.ts";
import { cast } from "../ops/cast.ts";
import { map } from "../ops/control/map.ts";
import { concat } from "../ops/joining.ts";
import { constant } from "../ops/leaf.ts";
import { full, reshape } from "../ops/movement.ts";
import { take } from "../ops/taking.ts";
import { elementCount, formatShape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import type { Pattern } from "./coloring.ts";
import { pushforward } from "./forward.ts";
import { pullback, zerosLike } from "./reverse.ts";

/** A matrix of which only some entries can differ from 0. */
export interface SparseMatrix<Values, Dense> {
  /** Compressed rows: row i has the columns `columns[rows[i] … rows[i + 1]]`, ascending. */
  readonly pattern: Pattern;
  /** The entries in the order of the pattern. */
  readonly values: Values;
  /** How many sweeps of each mode the entries take. */
  readonly sweeps: { readonly forward: number; readonly reverse: number };
  /** The whole matrix, zeros included. */
  toDense(): Dense;
}

/** Of lists of scalars: a scalar an entry. */
export type ScalarMatrix = SparseMatrix<readonly Scalar[], Scalar[][]>;

/** Of tensors: all entries in one vector; dense, the axes of y and then those of x. */
export type TensorMatrix = SparseMatrix<Expr, Expr>;

/** Which columns each forward sweep moves, which rows each reverse sweep weighs, and where entries are. */
export interface SweepPlan {
  readonly forward: readonly (readonly number[])[];
  readonly reverse: readonly (readonly number[])[];
  /** For each entry its sweep (reverse ones after the forward ones) and its place in that. */
  readonly sweeps: Int32Array;
  readonly places: Int32Array;
}

/** The matrix of scalars by scalars, from a plan. */
export function scalarMatrix(
  ys: readonly Expr[],
  xs: readonly Expr[],
  pattern: Pattern,
  plan: SweepPlan,
): ScalarMatrix {
  const { rows, columns } = pattern;
  const forward = plan.forward.map((group) => {
    const found = pushforward(
      ys,
      group.map((j) => xs[j] as Expr),
      group.map((j) => constant(1, (xs[j] as Expr).dtype)),
    );
    return (i: number): Expr | undefined => found[i];
  });
  const reverse = plan.reverse.map((group) => {
    const sent = pullback(
      group.map((i) => ys[i] as Expr),
      group.map((i) => constant(1, (ys[i] as Expr).dtype)),
      xs,
    );
    return (j: number): Expr | undefined => sent[j];
  });
  const sweeps = [...forward, ...reverse];
  const values = Array.from(columns, (_, k): Scalar => {
    const found = sweeps[plan.sweeps[k] as number]?.(plan.places[k] as number);
    return (found ?? constant(0)) as Scalar;
  });
  return {
    pattern,
    values,
    sweeps: { forward: forward.length, reverse: reverse.length },
    toDense: () =>
      ys.map((_, i) => {
        const row: Scalar[] = xs.map(() => constant(0));
        for (let k = rows[i] as number; k < (rows[i + 1] as number); k++) {
          row[columns[k] as number] = values[k] as Scalar;
        }
        return row;
      }),
  };
}

/** The matrix of a tensor by a tensor, from a plan: sweeps are mapped over 0-1 directions. */
export function tensorMatrix(y: Expr, x: Expr, pattern: Pattern, plan: SweepPlan): TensorMatrix {
  const [height, width] = pattern.shape;
  const parts: Expr[] = [];
  if (plan.forward.length > 0) {
    const moved = map(
      (direction) => pushforward([y], [x], [direction])[0] ?? zerosLike(y),
      directions(plan.forward, x),
    );
    parts.push(reshape(moved, [plan.forward.length * height]));
  }
  if (plan.reverse.length > 0) {
    const sent = map(
      (seed) => pullback([y], [seed], [x])[0] ?? zerosLike(x),
      directions(plan.reverse, y),
    );
    parts.push(reshape(sent, [plan.reverse.length * width]));
  }
  const start = plan.forward.length * height;
  const places = Int32Array.from(plan.sweeps, (sweep, k) => {
    const place = plan.places[k] as number;
    const back = sweep - plan.forward.length;
    return back < 0 ? sweep * height + place : start + back * width + place;
  });
  const values = chosen(parts, places, y);
  return {
    pattern,
    values,
    sweeps: { forward: plan.forward.length, reverse: plan.reverse.length },
    toDense: () => {
      // Entries that are not in the pattern read the 0 behind the values.
      const cells = new Int32Array(height * width).fill(places.length);
      for (let i = 0, k = 0; i < height; i++) {
        for (; k < (pattern.rows[i + 1] as number); k++) {
          cells[i * width + (pattern.columns[k] as number)] = k;
        }
      }
      const whole = chosen([values, full(0, [1], y.dtype)], cells, y);
      return reshape(whole, [...y.shape, ...x.shape]);
    },
  };
}

function chosen(parts: readonly Expr[], places: Int32Array, { dtype }: Expr): Expr {
  if (parts.length === 0) return full(0, [places.length], dtype);
  const typed = parts.map((part) => (part.dtype === dtype ? part : cast(part, dtype)));
  const flat = typed.length === 1 ? (typed[0] as Expr) : concat(typed, 0);
  return take(flat, constant(new Tensor([places.length], places)));
}

/** One tensor like `x` for each group, 1 at its members and 0 elsewhere. */
function directions(groups: readonly (readonly number[])[], x: Expr): Expr {
  const shape = x.shape as readonly number[];
  const count = elementCount(shape);
  const data = new Float64Array(groups.length * count);
  for (const [d, group] of groups.entries()) for (const j of group) data[d * count + j] = 1;
  return constant(new Tensor([groups.length, ...shape], data), x.dtype);
}

/** Throws unless what is given is a tensor, or a list of distinct scalars, of floating type. */
export function checkSide(where: string, what: string, given: unknown): void {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  for (const one of list) {
    if (!(one instanceof Expr)) {
      throw new ArgumentError(`${where}: ${what} must be expressions, got ${describe(one)}`);
    }
    if (!isFloat(one.dtype)) {
      throw new DifferentiationError(
        `${where}: ${what} must be f64 or f32, got ${one.dtype}${formatShape(one.shape)}`,
      );
    }
    if (Array.isArray(given) && one.shape.length > 0) {
      throw new ArgumentError(
        `${where}: a list must be of scalars, got one of shape ${formatShape(one.shape)} among ${what}`,
      );
    }
  }
  if (what === "x" && new Set(list).size !== list.length) {
    throw new ArgumentError(`${where}: x must be distinct, got one of them twice`);
  }
}
