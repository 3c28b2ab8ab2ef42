import { type Expr, jvp, scalar, stack, variable } from "@chainrule/core";
import type { Clock } from "../clock.ts";
import type { EvalFunction, EvalModule } from "../evalModule.ts";
import { executable } from "../executable.ts";
import { fieldsOf, integersOf, itemsOf, numbersOf, rowsOf } from "../json.ts";
import { handErrors, handJacobian } from "./handErrors.ts";
import { ANGLES, boneTransforms } from "./handPose.ts";

type Which = "objective" | "jacobian";

/** The transforms of the bones, and their tangents by each angle: straight-line scalar code. */
function poseProgram(parents: Int32Array, isMirrored: boolean, which: Which, clock: Clock) {
  const build = () => {
    const bones = parents.length;
    // Scalars, so that what an angle does not move has no tangent at all.
    const angles = Array.from({ length: ANGLES }, (_, i) => scalar(`theta${i}`));
    const [relatives, inverses] = [
      variable("relatives", [bones, 4, 4]),
      variable("inverses", [bones, 4, 4]),
    ];
    const inputs = {
      ...Object.fromEntries(angles.map((angle, i) => [`theta${i}`, angle])),
      relatives,
      inverses,
    };
    const transforms = boneTransforms(angles, relatives, inverses, parents, isMirrored);
    if (which === "objective") return { inputs, outputs: { transforms } };
    const tangents = stack(angles.map((angle) => jvp(transforms, angle, 1)));
    return { inputs, outputs: { transforms, tangents } };
  };
  const key = `ht pose ${which} ${parents.join()} ${isMirrored}`;
  return executable(key, clock, build, { as: "scalars" });
}

function skinProgram(
  v: number,
  bones: number,
  p: number,
  mixes: boolean,
  which: Which,
  clock: Clock,
) {
  const build = () => {
    const count = 12 * bones + 3;
    const us = mixes ? { us: variable("us", [p, 2]) } : undefined;
    const named = (mixes ? [0, 1, 2] : [0]).map((i) => [
      `corner${i}`,
      variable(`corner${i}`, [p], "i32"),
    ]);
    const corners: Record<string, Expr> = Object.fromEntries(named);
    const base = variable("base", [v, 4]);
    const weights = variable("weights", [v, bones]);
    const points = variable("points", [p, 3]);
    const transforms = variable("transforms", [count]);
    const tangents = variable("tangents", [ANGLES, count]);
    const hand = { base, weights, points, corners: Object.values(corners), us: us?.us };
    const inputs = { base, weights, points, transforms, ...us, ...corners };
    if (which === "objective") return { inputs, outputs: { y: handErrors(hand, transforms) } };
    const y = handJacobian(hand, transforms, tangents);
    return { inputs: { ...inputs, tangents }, outputs: { y } };
  };
  return executable(`ht skin ${which} ${[v, bones, p, mixes]}`, clock, build, { as: "tensors" });
}

const make =
  (which: Which): EvalFunction =>
  (input, clock) => {
    const fields = fieldsOf("ht", input);
    const data = fieldsOf("ht: data", fields["data"]);
    const model = fieldsOf("ht: model", data["model"]);
    const parents = integersOf("ht: parents", model["parents"]);
    const correspondences = integersOf("ht: correspondences", data["correspondences"]);
    const us = numbersOf("ht: us", fields["us"]);
    const base = numbersOf("ht: base_positions", model["base_positions"]);
    const [v, p, mixes] = [base.length / 4, correspondences.length, us.length > 0];
    const triangles = mixes ? itemsOf("ht: triangles", model["triangles"]) : [];
    const corners = mixes
      ? [0, 1, 2].map((i) =>
          correspondences.map((at) => (triangles[at] as readonly number[])[i] as number),
        )
      : [correspondences];
    const pose = poseProgram(parents, model["is_mirrored"] === true, which, clock);
    const skin = skinProgram(v, parents.length, p, mixes, which, clock);
    clock.time("prepare", () => {
      const theta = numbersOf("ht: theta", fields["theta"]);
      pose.set({
        ...Object.fromEntries(Array.from(theta, (one, i) => [`theta${i}`, one])),
        relatives: affinesOf("ht: base_relatives", model["base_relatives"]),
        inverses: affinesOf("ht: inverse_base_absolutes", model["inverse_base_absolutes"]),
      });
      skin.set({
        base,
        weights: numbersOf("ht: weights", model["weights"]),
        points: numbersOf("ht: points", data["points"]),
        ...(mixes ? { us } : {}),
        ...Object.fromEntries(corners.map((at, i) => [`corner${i}`, at])),
      });
    });
    const run = () => {
      pose.run();
      const transforms = pose.view("transforms") as Float64Array;
      if (which === "objective") skin.set({ transforms });
      else skin.set({ transforms, tangents: pose.view("tangents") as Float64Array });
      skin.run();
    };
    const width = ANGLES + (mixes ? 2 : 0);
    const output = () =>
      which === "objective" ? Array.from(skin.view("y")) : rowsOf(skin.view("y"), width, 3 * p);
    return { run, output };
  };

/** 4 × 4 matrices of affine maps. Throws RangeError for others. */
function affinesOf(where: string, value: unknown): Float64Array {
  const all = numbersOf(where, value);
  for (let i = 0; i < all.length; i++) {
    if (i % 16 >= 12 && all[i] !== (i % 16 === 15 ? 1 : 0)) {
      throw new RangeError(`${where}: last rows must be 0 0 0 1, got ${all[i]}`);
    }
  }
  return all;
}

/** Hand tracking: errors, and their Jacobian by barycentric coordinates and angles. */
export const ht: EvalModule = { objective: make("objective"), jacobian: make("jacobian") };
