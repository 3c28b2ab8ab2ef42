import {
  add,
  constant,
  cos,
  type Dim,
  type Expr,
  expandDims,
  iota,
  ShapeError,
  sin,
  slice,
  take,
  where,
} from "@chainrule/core";
import { type Initial, normal } from "../initialisers/index.ts";
import { type Layer, layer } from "../model/index.ts";
import { positive, sizeOfAxis } from "./checks.ts";

/**
 * Adds where a place is: `sin(t / 10000^(2i / size))` to element 2i, the cosine to element 2i + 1.
 *
 * Shapes: x [..., time, size] → the same. Source: Vaswani et al. 2017.
 */
export function positionalEncoding(): Layer {
  return layer("positionalEncoding", (x: Expr) => {
    const size = sizeOfAxis("positionalEncoding", x, -1);
    const rates = Array.from({ length: size }, (_, i) => 10_000 ** (-(i - (i % 2)) / size));
    const even = Array.from({ length: size }, (_, i) => i % 2 === 0);
    const time = expandDims(iota(x.shape.at(-2) as Dim, x.dtype), 1);
    const angles = time.mul(constant(rates, x.dtype));
    return add(x, where(constant(even, "bool"), sin(angles), cos(angles)));
  });
}

/**
 * Adds a learnt row to each place, of `longest` places at most.
 *
 * Shapes: x [..., time, size] → the same; weight [longest, size], initially N(0, 0.02²).
 * Throws ShapeError if the sequence is known to be longer.
 */
export function learntPositions(
  longest: number,
  { weight = normal({ deviation: 0.02 }) }: { readonly weight?: Initial } = {},
): Layer {
  positive("learntPositions", "the number of places", longest);
  return layer(
    "learntPositions",
    (x: Expr, scope) => {
      const time = x.shape.at(-2) as Dim;
      if (typeof time === "number" && time > longest) {
        throw new ShapeError(
          `learntPositions: there must be at most ${longest} places, got ${time}`,
        );
      }
      const rows = scope.parameter(
        "weight",
        [longest, sizeOfAxis("learntPositions", x, -1)],
        weight,
      );
      return add(x, typeof time === "number" ? slice(rows, 0, 0, time) : take(rows, iota(time), 0));
    },
    { longest },
  );
}
