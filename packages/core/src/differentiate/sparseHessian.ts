import type { Expr, Scalar } from "../expr.ts";
import { constant } from "../ops/leaf.ts";
import { colorStars, type Pattern, patternOf, rowOf, transposed } from "./coloring.ts";
import { union } from "./indexSet.ts";
import { checkScalar, pullback, zerosLike } from "./reverse.ts";
import { groups, withEntries } from "./sparseJacobian.ts";
import {
  checkSide,
  type ScalarMatrix,
  type SweepPlan,
  scalarMatrix,
  type TensorMatrix,
  tensorMatrix,
} from "./sparseMatrix.ts";
import { dependencies } from "./sparsity.ts";

/**
 * The second derivatives `∂²y/∂x²` of a scalar that can differ from 0, from few Hessian–vector
 * products: symmetry lets an entry be read off itself or its mirror image, so columns need only form
 * stars.
 *
 * Shapes: x a list of scalars, or a tensor of fixed size, whose elements count as rows and columns.
 * Source: Gebremedhin, Manne & Pothen, "What color is your Jacobian?", 2005, section 4.
 */
export function sparseHessian(y: Expr, x: readonly Scalar[]): ScalarMatrix;
export function sparseHessian(y: Expr, x: Expr): TensorMatrix;
export function sparseHessian(y: Expr, x: Expr | readonly Expr[]): ScalarMatrix | TensorMatrix {
  checkSide("sparseHessian", "x", x);
  checkScalar("sparseHessian", y);
  const xs: readonly Expr[] = Array.isArray(x) ? x : [x as Expr];
  const sent = pullback([y], [constant(1, y.dtype)], xs);
  const gradients = xs.map((node, i) => sent[i] ?? zerosLike(node));
  const sets = dependencies("sparseHessian", gradients, xs).flat();
  const pattern = symmetric(patternOf(sets, sets.length));
  const plan = planHessian(pattern);
  if (Array.isArray(x)) return scalarMatrix(gradients, xs, pattern, plan);
  return tensorMatrix(gradients[0] as Expr, x as Expr, pattern, plan);
}

/** The union of a pattern and its mirror image: a rule may see a dependence from one side only. */
function symmetric(pattern: Pattern): Pattern {
  const mirror = transposed(pattern);
  const [size] = pattern.shape;
  const lists = Array.from({ length: size }, (_, i) => union(rowOf(pattern, i), rowOf(mirror, i)));
  return patternOf(lists, size);
}

/** Entry (i, j) is alone in row i of the sweep of j's color, or in row j of that of i's. */
function planHessian(pattern: Pattern): SweepPlan {
  const coloring = colorStars(pattern);
  const { colors } = coloring;
  const color = (i: number): number => colors[i] as number;
  const around = Array.from({ length: pattern.shape[0] }, (_, i) => {
    const counts = new Map<number, number>();
    for (const j of rowOf(pattern, i)) {
      if (j !== i) counts.set(color(j), (counts.get(color(j)) ?? 0) + 1);
    }
    return counts;
  });
  return withEntries(pattern, { forward: groups(coloring), reverse: [] }, (i, j) => {
    if (i === j || around[i]?.get(color(j)) === 1) return [color(j), i];
    return [color(i), j];
  });
}
