import type { Expr, Scalar } from "../expr.ts";
import { constant } from "./leaf.ts";

type Typed = Pick<Expr, "dtype">;

/** The element type of a derivative by `x`. */
export function floatOf({ dtype }: Typed): "f64" | "f32" {
  return dtype === "f32" ? "f32" : "f64";
}

/** A number of the element type of derivatives by `x`. */
export function like(x: Typed, value: number): Scalar {
  return constant(value, floatOf(x));
}

/** The literal 1 of the element type of derivatives by `x`. */
export function one(x: Typed): Scalar {
  return like(x, 1);
}
