import { type Expr, grad, pick, stack, take, variable } from "@chainrule/core";
import { map } from "@chainrule/core/control";
import type { EvalFunction, EvalModule } from "../evalModule.ts";
import { executable } from "../executable.ts";
import { fieldsOf, numberOf, numbersOf } from "../json.ts";
import { CAMERA, reprojection } from "./reprojection.ts";

/** Entries of a row of the Jacobian: camera, point, weight. */
const ROW = CAMERA + 4;

/** One observation after the other, by one function for all: errors, or the entries of their rows and of the weight's. */
function program(which: "objective" | "jacobian") {
  const inputs = {
    cameras: variable("cameras", ["n", CAMERA]),
    points: variable("points", ["m", 3]),
    weights: variable("weights", ["p"]),
    features: variable("features", ["p", 2]),
    seenBy: variable("seenBy", ["p"], "i32"),
    shows: variable("shows", ["p"], "i32"),
  };
  const { cameras, points, weights, features, seenBy, shows } = inputs;
  const xs = [take(cameras, seenBy), take(points, shows), weights, features] as const;
  const [rows, weightErrors] = map(
    ([camera, point, weight, feature]: readonly [Expr, Expr, Expr, Expr]) => {
      const c = Array.from({ length: CAMERA }, (_, i) => pick(camera, 0, i));
      const x = [0, 1, 2].map((i) => pick(point, 0, i));
      const errors = reprojection(c, x, weight, feature);
      const weightError = weight.mul(weight).neg().add(1);
      if (which === "objective") return [stack(errors), weightError] as const;
      const entries = errors.map((error) => stack(grad(error, [...c, ...x, weight])));
      return [stack(entries), grad(weightError, weight)] as const;
    },
    xs as never,
  ) as unknown as [Expr, Expr];
  return { inputs, outputs: { rows, weightErrors } };
}

const make =
  (which: "objective" | "jacobian"): EvalFunction =>
  (input, clock) => {
    const fields = fieldsOf("ba", input);
    const [n, m, p, w] = ["n", "m", "p", "w"].map((name) =>
      numberOf(`ba: ${name}`, fields[name]),
    ) as [number, number, number, number];
    const f = executable(`ba ${which}`, clock, () => program(which));
    const repeat = (name: string, count: number): Float64Array => {
      const one = numbersOf(`ba: ${name}`, fields[name]);
      const all = new Float64Array(one.length * count);
      for (let i = 0; i < count; i++) all.set(one, i * one.length);
      return all;
    };
    const seenBy = Int32Array.from({ length: p }, (_, i) => i % n);
    const shows = Int32Array.from({ length: p }, (_, i) => i % m);
    clock.time("prepare", () => {
      f.set({
        cameras: repeat("cam", n),
        points: repeat("x", m),
        weights: new Float64Array(p).fill(w),
        features: repeat("feat", p),
        seenBy,
        shows,
      });
    });
    if (which === "objective") {
      const output = () => ({
        reproj_error: { elements: Array.from(f.view("rows").subarray(0, 2)), repeated: p },
        w_err: { element: f.view("weightErrors")[0], repeated: p },
      });
      return { run: f.run, output };
    }
    const starts = new Int32Array(3 * p + 1);
    const columns = new Int32Array((2 * ROW + 1) * p);
    const run = () => {
      f.run();
      writeStructure(starts, columns, { n, m, p, seenBy, shows });
    };
    const output = () => ({
      rows: sample(starts),
      cols: sample(columns),
      vals: [...f.view("rows").subarray(0, 2 * ROW), f.view("weightErrors")[p - 1]],
    });
    return { run, output };
  };

/** What the eval wants of a list: the first block, and the last of all. */
function sample(list: Int32Array): number[] {
  return [...list.subarray(0, 2 * ROW), list.at(-1) as number];
}

interface Observations {
  readonly n: number;
  readonly m: number;
  readonly p: number;
  readonly seenBy: Int32Array;
  readonly shows: Int32Array;
}

/** Starts of rows and columns of entries in compressed rows: two rows an observation, then one a weight. */
function writeStructure(
  starts: Int32Array,
  columns: Int32Array,
  { n, m, p, seenBy, shows }: Observations,
): void {
  let at = 0;
  starts[0] = 0;
  for (let i = 0; i < p; i++) {
    const camera = CAMERA * (seenBy[i] as number);
    const point = CAMERA * n + 3 * (shows[i] as number);
    for (let row = 0; row < 2; row++) {
      for (let j = 0; j < CAMERA; j++) columns[at++] = camera + j;
      for (let j = 0; j < 3; j++) columns[at++] = point + j;
      columns[at++] = CAMERA * n + 3 * m + i;
      starts[2 * i + row + 1] = at;
    }
  }
  for (let i = 0; i < p; i++) {
    columns[at++] = CAMERA * n + 3 * m + i;
    starts[2 * p + i + 1] = at;
  }
}

/** Bundle adjustment: errors, and their sparse Jacobian in compressed rows. */
export const ba: EvalModule = { objective: make("objective"), jacobian: make("jacobian") };
