import { type Expr, grad, jvp } from "@chainrule/core";

/** Forward or reverse mode. */
export type Mode = "f" | "r";

/** Derivatives by each of some scalars, in the mode named. */
export function derivatives(mode: Mode, y: Expr, x: readonly Expr[]): readonly Expr[] {
  if (mode === "r") return grad(y, x);
  return x.map((_, i) =>
    jvp(
      y,
      x,
      x.map((_, j) => (i === j ? 1 : 0)),
    ),
  );
}
