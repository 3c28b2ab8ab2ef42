import {
  argmax,
  cast,
  type Expr,
  formatShape,
  greater,
  isFloat,
  ShapeError,
} from "@chainrule/core";

/** Class indices of outputs [..., classes]: the largest; one axis less. */
export function predictedLabels(where: string, output: Expr): Expr {
  if (output.shape.length > 0) return argmax(output);
  throw new ShapeError(`${where}: the last axis of the output must hold the classes, got shape []`);
}

/**
 * Class indices of targets for outputs of this shape: themselves, or of distributions the largest.
 *
 * Throws ShapeError for other targets.
 */
export function targetLabels(where: string, output: Expr, target: Expr): Expr {
  const { shape } = output;
  const rank = target.shape.length;
  const fits = target.shape.every((dim, i) => dim === shape[i]);
  if (fits && rank === shape.length && isFloat(target.dtype)) return argmax(target);
  if (fits && rank === shape.length - 1) return cast(target, "i32");
  throw new ShapeError(
    `${where}: targets must be class indices or a distribution for the output, got ${formatShape(target.shape)} for ${formatShape(shape)}`,
  );
}

/** Truth values of outputs or targets of one class: whether they lie above the threshold. */
export function above(values: Expr, threshold: number): Expr {
  return values.dtype === "bool" ? values : greater(values, threshold);
}
