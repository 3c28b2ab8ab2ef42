import { ArgumentError, type Expr } from "@chainrule/core";
import { currentBuilding } from "./building.ts";
import { asLayer, type Layer, type LayerLike, layer } from "./layer.ts";

/** Layers one after another: the output of each is the input of the next. */
export function sequential(...layers: readonly LayerLike[]): Layer {
  if (layers.length === 0) {
    throw new ArgumentError("sequential: there must be a layer, got none");
  }
  const recipes = layers.map((one) => asLayer("sequential", one));
  return layer("sequential", (x: Expr, scope) => {
    let out = x;
    for (const recipe of recipes) out = scope.use(recipe)(out);
    return out;
  });
}

/** `x + f(x)`. Throws ShapeError if f changes the shape. Source: He et al. 2016. */
export function residual(inner: LayerLike): Layer {
  const recipe = asLayer("residual", inner);
  return layer("residual", (x: Expr, scope) => x.add(scope.use(recipe)(x)));
}

/** Makes the values that pass readable under a name. */
export function tap(name: string): Layer;
/** Makes an expression readable under a name, while a model is built, and gives it back. */
export function tap<E extends Expr>(name: string, expr: E): E;
export function tap(name: string, expr?: Expr): Layer | Expr {
  if (expr === undefined) {
    const build = (x: Expr): Expr => tap(name, x);
    return { name: "tap", build, settings: { name }, plain: true };
  }
  currentBuilding("tap").tapHere(name, expr);
  return expr;
}
