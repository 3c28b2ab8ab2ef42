import { concat, type Expr, jvp, matmul, slice, stack, take } from "@chainrule/core";
import { ANGLES } from "./handPose.ts";

/** The inputs. Shapes: base [v, 4], weights [v, bones], points [p, 3], us [p, 2], corners: one or three of i32 [p]. */
export interface Hand {
  readonly base: Expr;
  readonly weights: Expr;
  readonly points: Expr;
  readonly corners: readonly Expr[];
  /** Barycentric coordinates in the corners' triangle, where there are three. */
  readonly us: Expr | undefined;
}

/**
 * Where the skin is: `Σ_b w_b T_b x` of each vertex, mixed from corners. It is linear in the bones' transforms, so
 * columns of tangents go the same way as the transforms themselves.
 *
 * Shapes: transforms [12 bones + 3, c] → [p, 3 c].
 */
function skin({ base, weights, corners, us }: Hand, transforms: Expr, c: number): Expr {
  const [v, bones] = weights.shape as [number, number];
  const p = corners[0]?.shape[0] as number;
  const linear = slice(transforms, 0, 0, 12 * bones).reshape([4 * bones, 3 * c]);
  const shift = slice(transforms, 0, 12 * bones).reshape([1, 3 * c]);
  const spread = (w: Expr, x: Expr, count: number): Expr =>
    w
      .reshape([count, bones, 1])
      .mul(x.reshape([count, 1, 4]))
      .reshape([count, 4 * bones]);
  const mix = (parts: readonly Expr[]): Expr => {
    const [first, second, third] = parts as [Expr, Expr, Expr];
    if (us === undefined) return first;
    const u = slice(us, 1, 0, 1);
    const w = slice(us, 1, 1, 2);
    return u.mul(first).add(w.mul(second)).add(u.neg().sub(w).add(1).mul(third));
  };
  // Fewer points than vertices: their rows are mixed first. Otherwise vertices are moved, then mixed.
  if (p < v) {
    const rows = corners.map((at) => spread(take(weights, at), take(base, at), p));
    return matmul(mix(rows), linear).add(shift);
  }
  const moved = matmul(spread(weights, base, v), linear).add(shift);
  return mix(corners.map((at) => take(moved, at)));
}

/** `point − skin`. Shapes: transforms [12 bones + 3] → [p, 3]. */
export function handErrors(hand: Hand, transforms: Expr): Expr {
  const [count] = transforms.shape as [number];
  return hand.points.sub(skin(hand, transforms.reshape([count, 1]), 1));
}

/**
 * The derivatives of the errors by barycentric coordinates (if any) and angles.
 *
 * Shapes: tangents [26, 12 bones + 3], those of the transforms by each angle → [p, 3, 2 + 26] or [p, 3, 26].
 */
export function handJacobian(hand: Hand, transforms: Expr, tangents: Expr): Expr {
  const [p] = hand.points.shape as [number];
  const byAngle = skin(hand, tangents.transpose(), ANGLES).neg().reshape([p, 3, ANGLES]);
  const { us } = hand;
  if (us === undefined) return byAngle;
  const errors = handErrors(hand, transforms);
  const directions = [
    [1, 0],
    [0, 1],
  ];
  const byCoordinate = directions.map((one) => {
    const along = stack(one).add(us.mul(0));
    return jvp(errors, us, along);
  });
  return concat([stack(byCoordinate, 2), byAngle], 2);
}
