import { cast, constant, dimension, type Expr, mul, type Shape, stack, sum } from "@chainrule/core";

/** The number of elements of a shape, as an f64 scalar graph. */
export function countOf(shape: Shape): Expr {
  const parts = shape.map(
    (dim): Expr => (typeof dim === "number" ? constant(dim) : dimension(dim)),
  );
  return parts.length === 0 ? constant(1) : parts.reduce((a, b) => mul(a, b));
}

/** `[Σ values, how many]` in f64; with `counts`, of the elements for which it holds. */
export function sumAndCount(values: Expr, counts?: Expr): Expr {
  const all = counts === undefined ? countOf(values.shape) : total(counts);
  return stack([total(counts === undefined ? values : mul(wide(values), wide(counts))), all]);
}

/** Σ in f64, whatever the type of the values. */
export function total(values: Expr): Expr {
  return values.shape.length === 0 ? wide(values) : sum(wide(values));
}

/** The same numbers in f64, in which sums over many batches stay exact. */
export function wide(values: Expr): Expr {
  return values.dtype === "f64" ? values : cast(values, "f64");
}

/** The mean that `sumAndCount` counted; NaN where nothing was counted. */
export function meanOfTotals(totals: ArrayLike<number>): number {
  return (totals[0] as number) / (totals[1] as number);
}
