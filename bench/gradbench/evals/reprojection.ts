import { cos, type Expr, equal, pick, sin, sqrt, where } from "@chainrule/core";

/** The parameters of a camera: rotation 3, centre 3, focal length, principal point 2, radial distortion 2. */
export const CAMERA = 11;

type Vector = readonly [Expr, Expr, Expr];

const dot = (a: Vector, b: Vector): Expr => a[0].mul(b[0]).add(a[1].mul(b[1])).add(a[2].mul(b[2]));

const cross = (a: Vector, b: Vector): Vector => [
  a[1].mul(b[2]).sub(a[2].mul(b[1])),
  a[2].mul(b[0]).sub(a[0].mul(b[2])),
  a[0].mul(b[1]).sub(a[1].mul(b[0])),
];

/** x turned about an axis by its length (Rodrigues); by `x + r × x` where the length is zero. */
function rotate(axis: Vector, x: Vector): Vector {
  const square = dot(axis, axis);
  const still = equal(square, 0);
  const angle = sqrt(where(still, 1, square));
  const unit = axis.map((one) => one.div(angle)) as unknown as Vector;
  const [sine, cosine] = [sin(angle), cos(angle)];
  const side = cross(unit, x);
  const along = dot(unit, x).mul(cosine.neg().add(1));
  const small = cross(axis, x);
  return x.map((one, i) => {
    const turned = one
      .mul(cosine)
      .add((side[i] as Expr).mul(sine))
      .add((unit[i] as Expr).mul(along));
    return where(still, one.add(small[i] as Expr), turned);
  }) as unknown as Vector;
}

/**
 * Weighted errors `w (proj(X) − feature)` of a point seen by a camera, all parameters as scalars.
 *
 * Source: GradBench, evals/ba/README.md; Triggs et al., "Bundle Adjustment — A Modern Synthesis".
 */
export function reprojection(
  camera: readonly Expr[],
  point: readonly Expr[],
  weight: Expr,
  feature: Expr,
): readonly [Expr, Expr] {
  const at = (i: number): Expr => camera[i] as Expr;
  const seen = point.map((one, i) => one.sub(at(3 + i))) as unknown as Vector;
  const [x, y, z] = rotate([at(0), at(1), at(2)], seen);
  const [u, v] = [x.div(z), y.div(z)];
  const square = u.mul(u).add(v.mul(v));
  const bend = at(9)
    .mul(square)
    .add(at(10).mul(square.mul(square)))
    .add(1);
  const error = (flat: Expr, i: number): Expr =>
    weight.mul(
      flat
        .mul(bend)
        .mul(at(6))
        .add(at(7 + i))
        .sub(pick(feature, 0, i)),
    );
  return [error(u, 0), error(v, 1)];
}
