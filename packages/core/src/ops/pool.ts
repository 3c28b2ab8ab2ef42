import { ShapeError } from "../errors.ts";
import type { Attributes, Expr, Operand } from "../expr.ts";
import { operand } from "../operands.ts";
import { formatShape } from "../shape.ts";
import { averagePool, maxPool } from "./pooling.ts";
import { type Geometry, geometryOf, type PerAxis, perAxis, type WindowOptions } from "./windows.ts";

/** Options of average pooling. */
export interface AveragePoolOptions extends Omit<WindowOptions, "dilation"> {
  /** Whether padding counts as elements that are 0 (the default, as in PyTorch). */
  readonly countPadding?: boolean;
}

/**
 * Largest element of each window along one axis: x [batch, channels, width].
 *
 * The stride is the window's size unless given. Equal elements: the first takes the derivative.
 * Throws ShapeError where padding is more than half a window, so that one would be empty.
 */
export function maxPool1d(x: Operand, size: PerAxis, options: WindowOptions = {}): Expr {
  return pool("maxPool1d", x, size, options, 1, (source, geometry) => maxPool(source, geometry));
}

/** The same along two axes: x [batch, channels, height, width]. */
export function maxPool2d(x: Operand, size: PerAxis, options: WindowOptions = {}): Expr {
  return pool("maxPool2d", x, size, options, 2, (source, geometry) => maxPool(source, geometry));
}

/** Mean of each window along one axis: x [batch, channels, width]. See `maxPool1d`. */
export function averagePool1d(x: Operand, size: PerAxis, options: AveragePoolOptions = {}): Expr {
  return average("averagePool1d", x, size, options, 1);
}

/** The same along two axes: x [batch, channels, height, width]. */
export function averagePool2d(x: Operand, size: PerAxis, options: AveragePoolOptions = {}): Expr {
  return average("averagePool2d", x, size, options, 2);
}

function average(
  where: string,
  x: Operand,
  size: PerAxis,
  { countPadding = true, ...options }: AveragePoolOptions,
  spatial: number,
): Expr {
  return pool(where, x, size, options, spatial, (source, geometry) =>
    averagePool(source, { ...geometry, countPadding }),
  );
}

function pool(
  where: string,
  x: Operand,
  size: PerAxis,
  options: WindowOptions,
  spatial: number,
  build: (source: Expr, geometry: Geometry & Attributes) => Expr,
): Expr {
  const source = operand(where, x);
  if (source.shape.length !== spatial + 2) {
    throw new ShapeError(
      `${where}: the input must have ${spatial + 2} axes [batch, channels, ...], got ${formatShape(source.shape)}`,
    );
  }
  const window = perAxis(where, "size", size, spatial, 1);
  const geometry = geometryOf(where, source.shape.slice(2), window, options, window);
  for (const [axis, pair] of geometry.padding.entries()) {
    if (Math.max(...pair) * 2 > (window[axis] as number)) {
      throw new ShapeError(
        `${where}: padding must be at most half the window of ${window[axis]}, got [${pair.join(", ")}]`,
      );
    }
  }
  return build(source, { ...geometry });
}
