import { argmin, type Expr, grad, hvp, matmul, sum, take, variable } from "@chainrule/core";
import type { EvalFunction, EvalModule } from "../evalModule.ts";
import { executable } from "../executable.ts";
import { fieldsOf, itemsOf, numbersOf, rowsOf } from "../json.ts";

/**
 * `Σᵢ minⱼ |cⱼ − pᵢ|²`. Shapes: points [n, d], centroids [k, d] → scalar.
 *
 * Which centroid is nearest is an index, which has no derivative: that of the minimum is the
 * derivative of the one distance that reaches it. To compare, `|p|²` may be left out.
 */
export function clusterCost(points: Expr, centroids: Expr): Expr {
  const squares = sum(centroids.mul(centroids), 1);
  const products = matmul(points, centroids.mul(-2).transpose());
  const away = points.sub(take(centroids, argmin(products.add(squares), 1)));
  return sum(away.mul(away));
}

const make =
  (which: "cost" | "dir"): EvalFunction =>
  (input, clock) => {
    const fields = fieldsOf("kmeans", input);
    const points = numbersOf("kmeans", fields["points"]);
    const centroids = numbersOf("kmeans", fields["centroids"]);
    const n = itemsOf("kmeans", fields["points"]).length;
    const k = itemsOf("kmeans", fields["centroids"]).length;
    const d = centroids.length / k;
    const f = executable(`kmeans ${which} ${n} ${k} ${d}`, clock, () => {
      const p = variable("points", [n, d]);
      const c = variable("centroids", [k, d]);
      const cost = clusterCost(p, c);
      // The Hessian is diagonal, so its product with ones is its diagonal.
      const y = which === "cost" ? cost : grad(cost, c).div(hvp(cost, c, 1));
      return { inputs: { points: p, centroids: c }, outputs: { y } };
    });
    clock.time("prepare", () => f.set({ points, centroids }));
    return {
      run: f.run,
      output: () => (which === "cost" ? f.get("y") : rowsOf(f.view("y"), d, k)),
    };
  };

/** k-means: the cost, and the step `g / diag H` of Newton's method. */
export const kmeans: EvalModule = { cost: make("cost"), dir: make("dir") };
