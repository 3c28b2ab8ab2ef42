import { cos, type Expr, less, pick, sin, sqrt, stack, where } from "@chainrule/core";

/** Joint angles and more: global rotation 3, translation 3, four for each of five fingers. */
export const ANGLES = 26;

/** An affine map: three rows of three and a column. */
interface Affine {
  readonly turn: readonly (readonly Expr[])[];
  readonly shift: readonly Expr[];
}

const at = <T>(list: readonly T[], i: number): T => list[i] as T;

/** Products of matrices of three rows. */
function times(a: readonly (readonly Expr[])[], b: readonly (readonly Expr[])[]): Expr[][] {
  return a.map((row) =>
    at(b, 0).map((_, j) =>
      row.map((one, k) => one.mul(at(at(b, k), j))).reduce((x, y) => x.add(y)),
    ),
  );
}

function after(a: Affine, b: Affine): Affine {
  const moved = times(
    a.turn,
    b.shift.map((one) => [one]),
  );
  return {
    turn: times(a.turn, b.turn),
    shift: moved.map(([one], i) => (one as Expr).add(at(a.shift, i))),
  };
}

/** Rotation about an axis by its length; none below 1e-4, as the eval has it. */
function rotation([rx, ry, rz]: readonly Expr[]): Expr[][] {
  const [a, b, c] = [rx, ry, rz] as [Expr, Expr, Expr];
  const square = a.mul(a).add(b.mul(b)).add(c.mul(c));
  const isNone = less(sqrt(square), 1e-4);
  const angle = sqrt(where(isNone, 1, square));
  const [x, y, z] = [a.div(angle), b.div(angle), c.div(angle)];
  const [sine, cosine] = [sin(angle), cos(angle)];
  const rest = cosine.neg().add(1);
  const axis = [x, y, z];
  const [sx, sy, sz] = axis.map((one) => one.mul(sine)) as [Expr, Expr, Expr];
  const across = [
    [cosine, sz.neg(), sy],
    [sz, cosine, sx.neg()],
    [sy.neg(), sx, cosine],
  ];
  return across.map((row, i) =>
    row.map((one, j) =>
      where(isNone, i === j ? 1 : 0, one.add(at(axis, i).mul(at(axis, j)).mul(rest))),
    ),
  );
}

/** `R_z R_x` of a joint. */
function joint(x: Expr, z: Expr | undefined): Expr[][] {
  const [s, c] = [sin(x), cos(x)];
  const zero = x.mul(0);
  const one = zero.add(1);
  if (z === undefined)
    return [
      [one, zero, zero],
      [zero, c, s.neg()],
      [zero, s, c],
    ];
  const [sz, cz] = [sin(z), cos(z)];
  return [
    [cz, sz.neg().mul(c), sz.mul(s)],
    [sz, cz.mul(c), cz.mul(s).neg()],
    [zero, s, c],
  ];
}

/** The angles of a bone: fingers have three joints after a fixed bone, the first with two angles. */
function anglesOf(bone: number, theta: readonly Expr[]): [Expr, Expr | undefined] | undefined {
  const [finger, part] = [Math.floor((bone - 2) / 4), (bone - 2) % 4];
  if (bone < 2 || finger > 4 || part === 3) return undefined;
  const first = 6 + 4 * finger;
  if (part === 0) return [at(theta, first), at(theta, first + 1)];
  return [at(theta, first + part + 1), undefined];
}

/**
 * What the bones do to points: for each bone its affine map, the global one after it, column by column; then the
 * global translation.
 *
 * Shapes: 26 angles, relatives and inverses [bones, 4, 4] → [12 bones + 3].
 */
export function boneTransforms(
  angles: readonly Expr[],
  relatives: Expr,
  inverses: Expr,
  parents: ArrayLike<number>,
  isMirrored: boolean,
): Expr {
  const affine = (source: Expr, bone: number): Affine => {
    const matrix = pick(source, 0, bone);
    const entry = (i: number, j: number): Expr => pick(pick(matrix, 0, i), 0, j);
    return {
      turn: [0, 1, 2].map((i) => [0, 1, 2].map((j) => entry(i, j))),
      shift: [0, 1, 2].map((i) => entry(i, 3)),
    };
  };
  const world = rotation(angles.slice(0, 3)).map((row) =>
    row.map((one, j) => (isMirrored && j === 0 ? one.neg() : one)),
  );
  const absolutes: Affine[] = [];
  const entries: Expr[] = [];
  for (let bone = 0; bone < parents.length; bone++) {
    const { turn, shift } = affine(relatives, bone);
    const bent = anglesOf(bone, angles);
    const relative = { turn: bent ? times(turn, joint(...bent)) : turn, shift };
    const parent = parents[bone] as number;
    const absolute = parent === -1 ? relative : after(at(absolutes, parent), relative);
    absolutes.push(absolute);
    const own = after(absolute, affine(inverses, bone));
    const whole = [...own.turn.map((row, i) => [...row, at(own.shift, i)])];
    const seen = times(world, whole);
    for (let j = 0; j < 4; j++) for (let i = 0; i < 3; i++) entries.push(at(at(seen, i), j));
  }
  return stack([...entries, ...angles.slice(3, 6)]);
}
