import { describe, expect, it } from "vitest";
import { respond } from "../../../bench/gradbench/respond.ts";

/** The answer of a function. */
function ask(module: string, name: string, input: unknown): unknown {
  const response = respond({ id: 0, kind: "evaluate", module, function: name, input });
  expect(response["error"]).toBeUndefined();
  return response["output"];
}

/** Derivatives of a scalar by central differences. */
function differences(f: (x: readonly number[]) => number, x: readonly number[]): number[] {
  const h = 1e-5;
  return x.map((_, i) => {
    const moved = (by: number) => f(x.map((one, j) => (i === j ? one + by : one)));
    return (moved(h) - moved(-h)) / (2 * h);
  });
}

function expectClose(actual: unknown, wanted: readonly number[], tolerance: number): void {
  const list = (actual as number[][]).flat(3) as unknown as number[];
  expect(list).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries()) {
    expect(Math.abs((list[i] as number) - value), `${i}`).toBeLessThan(tolerance);
  }
}

describe("derivatives are the differences of the function", () => {
  it("llsq, with as many points and terms as fill no block", () => {
    for (const [m, n] of [
      [1, 2],
      [8, 9],
      [9, 31],
    ] as const) {
      const x = Array.from({ length: m }, (_, i) => Math.sin(i + 1));
      const f = (v: readonly number[]) => {
        let total = 0;
        for (let i = 0; i < n; i++) {
          const t = -1 + (i * 2) / (n - 1);
          const residual = v.reduce((rest, one, j) => rest - one * t ** j, Math.sign(t));
          total += residual ** 2 / 2;
        }
        return total;
      };
      expect(ask("llsq", "primal", { x, n })).toBeCloseTo(f(x), 10);
      expectClose(ask("llsq", "gradient", { x, n }), differences(f, x), 1e-6);
    }
  });

  it("det of 1 to 4 rows, by the sum over permutations", () => {
    const byPermutations = (a: readonly number[], n: number, row = 0, used = 0): number => {
      if (row === n) return 1;
      let total = 0;
      let sign = 1;
      for (let j = 0; j < n; j++) {
        if (used & (1 << j)) continue;
        total += sign * (a[row * n + j] as number) * byPermutations(a, n, row + 1, used | (1 << j));
        sign = -sign;
      }
      return total;
    };
    for (const ell of [1, 2, 3, 4]) {
      const A = Array.from({ length: ell * ell }, (_, i) => Math.cos(i * i + 1));
      expect(ask("det", "primal", { A, ell })).toBeCloseTo(byPermutations(A, ell), 12);
      const wanted = differences((a) => byPermutations(a, ell), A);
      expectClose(ask("det", "gradient", { A, ell }), wanted, 1e-8);
    }
  });

  it("ode, where the last component reads a part of x only", () => {
    for (const [n, s] of [
      [3, 2],
      [6, 1],
      [13, 3],
      [4, 1],
    ] as const) {
      const x = Array.from({ length: n }, (_, i) => 1 + 0.1 * i);
      const last = (v: readonly number[]) =>
        (ask("ode", "primal", { x: v, s }) as number[])[n - 1] as number;
      expectClose(ask("ode", "gradient", { x, s }), differences(last, x), 1e-7);
    }
  });

  it("ht of a mirrored hand", () => {
    const bones = 22;
    const parents = Array.from({ length: bones }, (_, i) =>
      i === 0 ? -1 : i % 4 === 1 || i === 21 ? 0 : i - 1,
    );
    const turned = (i: number) => [
      [Math.cos(i), -Math.sin(i), 0, 0.3],
      [Math.sin(i), Math.cos(i), 0, -0.2],
      [0, 0, 1, 0.1 * i],
      [0, 0, 0, 1],
    ];
    const all = Array.from({ length: bones }, (_, i) => turned(i / 7));
    const model = {
      parents,
      base_relatives: all,
      inverse_base_absolutes: all.map((_, i) => turned(-i / 5)),
      base_positions: [
        [0.1, 0.2, 0.3, 1],
        [-0.3, 0.5, 0.1, 1],
      ],
      weights: [0, 1].map((v) => parents.map((_, i) => ((i + v) % 5) / 40)),
      triangles: [],
      is_mirrored: true,
    };
    const data = { model, correspondences: [1], points: [[0.5, 0.4, 0.3]] };
    const theta = Array.from({ length: 26 }, (_, i) => Math.sin(i + 1) / 2);
    const jacobian = ask("ht", "jacobian", { theta, us: [], data }) as number[][];
    for (const row of [0, 1, 2]) {
      const f = (v: readonly number[]) =>
        (ask("ht", "objective", { theta: v, us: [], data }) as number[])[row] as number;
      expectClose(jacobian[row], differences(f, theta), 1e-7);
    }
  });

  it("ba without rotation", () => {
    const camera = [0, 0, 0, 1, 2, 3, 2, 0.1, 0.2, 0.01, 0.002];
    const input = { n: 2, m: 3, p: 12, x: [1.5, 2.5, 5], w: 0.7, feat: [0.4, 0.6] };
    const errors = (cam: readonly number[]) =>
      ask("ba", "objective", { ...input, cam }) as { reproj_error: { elements: number[] } };
    const { vals } = ask("ba", "jacobian", { ...input, cam: camera }) as { vals: number[] };
    for (const row of [0, 1]) {
      const wanted = differences((cam) => errors(cam).reproj_error.elements[row] as number, camera);
      // The formula without rotation is that of the first order, so its derivative by the rotation is right at 0.
      expectClose(vals.slice(15 * row + 3, 15 * row + 11), wanted.slice(3), 1e-7);
    }
    expect(vals[30]).toBe(-1.4);
  });
});

describe("nested descents in all four modes", () => {
  const modes = ["ff", "fr", "rf", "rr"];
  // The constants are those of the suite's validators.
  it.each(modes)("saddle %s", (mode) => {
    const point = ask("saddle", mode, { start: [1, 1] });
    expectClose(point, new Array(4).fill(8.246324826140356e-6), 1e-12);
  });
  it.each(modes)("particle %s", (mode) => {
    expect(ask("particle", mode, { w: 0 })).toBeCloseTo(0.2071918746486116, 10);
  });
});
