import { concat, type Expr, mul, sin, slice, square } from "@chainrule/core";
import { type Layer, layer } from "@chainrule/nn";

/** What may be made of a point before the network sees it. */
export const featureIds = ["x", "y", "xx", "yy", "xy", "sinx", "siny"] as const;
/** One of the features. */
export type FeatureId = (typeof featureIds)[number];

/** A feature: its name, and its graph over the columns x and y. */
interface Feature {
  readonly title: string;
  readonly graph: (x: Expr, y: Expr) => Expr;
  /** The graph as source text. */
  readonly source: string;
}

/** All features by name. */
export const features: Readonly<Record<FeatureId, Feature>> = {
  x: { title: "x", graph: (x) => x, source: "x" },
  y: { title: "y", graph: (_x, y) => y, source: "y" },
  xx: { title: "x²", graph: (x) => square(x), source: "square(x)" },
  yy: { title: "y²", graph: (_x, y) => square(y), source: "square(y)" },
  xy: { title: "xy", graph: (x, y) => mul(x, y), source: "mul(x, y)" },
  sinx: { title: "sin x", graph: (x) => sin(x), source: "sin(x)" },
  siny: { title: "sin y", graph: (_x, y) => sin(y), source: "sin(y)" },
};

/** Points as features: a layer without weights. Shapes: x [batch, 2] → y [batch, features]. */
export function featureLayer(chosen: readonly FeatureId[]): Layer {
  return layer("features", (points: Expr) => {
    if (chosen.join() === "x,y") return points;
    const [x, y] = [slice(points, 1, 0, 1), slice(points, 1, 1, 2)];
    const columns = chosen.map((id) => features[id].graph(x, y));
    return columns.length === 1 ? (columns[0] as Expr) : concat(columns, 1);
  });
}
