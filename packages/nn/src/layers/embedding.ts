import { DTypeError, type Expr, take } from "@chainrule/core";
import { type Initial, normal } from "../initialisers/index.ts";
import { type Layer, layer } from "../model/index.ts";
import { positive } from "./checks.ts";

/**
 * A row of numbers for each of `count` symbols, learnt: `y = W[x]`.
 *
 * Shapes: x [...] of indices, i32 → y [..., size]; weight [count, size], initially N(0, 1).
 * Throws DTypeError unless x is i32: write `input: { shape: ["batch", length], dtype: "i32" }`.
 */
export function embedding(
  count: number,
  size: number,
  { weight = normal() }: { readonly weight?: Initial } = {},
): Layer {
  positive("embedding", "the number of symbols", count);
  positive("embedding", "the size", size);
  return layer(
    "embedding",
    (x: Expr, scope) => {
      if (x.dtype !== "i32") {
        throw new DTypeError(
          `embedding: the input must be indices of type i32, got ${x.dtype}; write input: { shape, dtype: "i32" }`,
        );
      }
      return take(scope.parameter("weight", [count, size], weight), x, 0);
    },
    { count, size },
  );
}
