import { Tensor } from "@chainrule/core";
import {
  blobs,
  dataset,
  digitStrokes,
  digits,
  drawDigit,
  drawStrokes,
  fitNormalizer,
  mapExamples,
  normalizerOf,
  random,
  shuffleExamples,
  sinePoints,
  withOneHotTargets,
} from "@chainrule/nn";
import { describe, expect, it } from "vitest";

const set = dataset(
  [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  [0, 1, 2],
  { classes: 3 },
);

describe("makers", () => {
  it("blobs are clouds about their centres, equally many of each class", () => {
    const centres = [
      [0, 0],
      [9, -9],
    ] as const;
    const { inputs, targets } = blobs({ points: 400, noise: 0.5, centres, seed: 1 });
    for (const [label, [x, y]] of centres.entries()) {
      const own = [...targets.data.keys()].filter((i) => targets.data[i] === label);
      expect(own).toHaveLength(200);
      const mean = (axis: number): number =>
        own.reduce((sum, i) => sum + (inputs.data[2 * i + axis] as number), 0) / own.length;
      expect(mean(0)).toBeCloseTo(x, 0);
      expect(mean(1)).toBeCloseTo(y, 0);
      const far = own.filter(
        (i) =>
          Math.hypot((inputs.data[2 * i] as number) - x, (inputs.data[2 * i + 1] as number) - y) >
          2.5,
      );
      expect(far).toEqual([]);
    }
    expect(new Set(blobs({ points: 50, centres: 5, seed: 1 }).targets.data).size).toBe(5);
    expect(() => blobs({ points: 5, centres: [], seed: 1 })).toThrow(
      "blobs: there must be centres",
    );
  });

  it("points of a sine lie on it without noise, and about it with", () => {
    const { inputs, targets } = sinePoints({ points: 200, noise: 0, seed: 3 });
    inputs.data.forEach((x, i) => {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThan(2 * Math.PI);
      expect(targets.data[i]).toBe(Math.sin(x));
    });
    const noisy = sinePoints({ points: 2000, noise: 0.2, seed: 3 });
    const off = Array.from(
      noisy.targets.data,
      (y, i) => y - Math.sin(noisy.inputs.data[i] as number),
    );
    expect(Math.sqrt(off.reduce((sum, d) => sum + d * d, 0) / off.length)).toBeCloseTo(0.2, 1);
  });

  it("digits come in the size, the kinds, the type and the place asked for", () => {
    const made = digits({ examples: 20, size: 12, digits: [3, 8], dtype: "f64", seed: 1 });
    expect(made.inputs.shape).toEqual([20, 1, 12, 12]);
    expect(made.inputs.dtype).toBe("f64");
    expect([...made.targets.data].toSorted()).toEqual([...Array(10).fill(3), ...Array(10).fill(8)]);
    const still = { size: 20, deformation: 0, pen: [0.08, 0.08] } as const;
    const draw = (shift: readonly [number, number], seed: number) =>
      drawDigit(5, random(seed, "digit"), { ...still, shift }).data;
    // Without deformation every hand draws alike.
    expect(draw([0, 0], 1)).toEqual(draw([0, 0], 2));
    const [place, moved] = [draw([0, 0], 1), draw([1, 2], 1)];
    for (let row = 3; row < 17; row++) {
      for (let column = 2; column < 17; column++) {
        const at = 20 * row + column;
        expect(moved[at + 2 * 20 + 1]).toBeCloseTo(place[at] as number, 5);
      }
    }
    const ink = (pen: number): number =>
      Array.from(
        drawDigit(1, random(1, "digit"), { size: 20, deformation: 0, pen: [pen, pen] }).data,
      ).reduce((sum: number, one: number) => sum + one, 0);
    expect(ink(0.12)).toBeGreaterThan(1.5 * ink(0.05));
    expect(() => digits({ examples: 2, digits: [10], seed: 1 })).toThrow(/digit/);
  });
});

describe("drawStrokes", () => {
  it("draws as digits are drawn, a dot for a single point, and nothing outside", () => {
    const [still = []] = digitStrokes[1] ?? [];
    const own = drawStrokes(still, { size: 20, pen: 0.08 });
    const designed = drawDigit(1, random(1, "digit"), {
      size: 20,
      deformation: 0,
      pen: [0.08, 0.08],
    });
    expect(own.shape).toEqual([20, 20]);
    own.data.forEach((ink, i) => {
      expect(ink).toBeCloseTo(designed.data[i] as number, 5);
    });
    const dot = drawStrokes([[[0.5, 0.5]]], { size: 10, pen: 0.2 });
    expect(dot.data[5 * 10 + 5]).toBeGreaterThan(0.5);
    expect(dot.data.filter((ink) => ink > 0).length).toBeLessThan(10);
    expect(
      drawStrokes([
        [
          [7, 7],
          [8, 9],
        ],
      ]).data.every((ink) => ink === 0),
    ).toBe(true);
    expect(drawStrokes([]).data.every((ink) => ink === 0)).toBe(true);
    expect(() => drawStrokes([[[Number.NaN, 0]]])).toThrow(/finite/);
    expect(() => drawStrokes([], { pen: 2 })).toThrow(/pen/);
  });
});

describe("sets", () => {
  it("are changed example by example", () => {
    const doubled = mapExamples(set, ({ inputs, targets }, i) => ({
      inputs: new Tensor(inputs.shape, inputs.data.map((x) => x * 2 + i) as Float64Array),
      targets,
    }));
    expect(doubled.inputs.toArray()).toEqual([
      [2, 4],
      [7, 9],
      [12, 14],
    ]);
    expect(doubled.targets).toEqual(set.targets);
    const uneven = () =>
      mapExamples(set, ({ targets }, i) => ({
        inputs: new Tensor([1, i + 1], new Float64Array(i + 1)),
        targets,
      }));
    expect(uneven).toThrow(/mapExamples/);
  });

  it("are shuffled by seed and epoch, inputs beside their targets", () => {
    const orders = new Set<string>();
    for (let epoch = 0; epoch < 100; epoch++) {
      const { inputs, targets } = shuffleExamples(set, 4, epoch);
      targets.data.forEach((label, i) => {
        expect(inputs.data[2 * i]).toBe(2 * label + 1);
      });
      orders.add([...targets.data].join());
    }
    expect(orders.size).toBe(6);
    expect(shuffleExamples(set, 4, 1)).toEqual(shuffleExamples(set, 4, 1));
  });

  it("have labels as rows with a single 1 where asked", () => {
    const { inputs, targets } = withOneHotTargets(set, 4);
    expect(inputs).toBe(set.inputs);
    expect(targets.toArray()).toEqual([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ]);
    expect(() => withOneHotTargets(set, 2)).toThrow();
  });

  it("are normalised by numbers that were kept", () => {
    const fitted = fitNormalizer(set.inputs);
    const kept = normalizerOf([...fitted.shape], fitted.centre.slice(), fitted.scale.slice());
    expect(kept.apply(set.inputs)).toEqual(fitted.apply(set.inputs));
    const back = kept.invert(kept.apply(set.inputs)).data;
    set.inputs.data.forEach((x, i) => {
      expect(back[i]).toBeCloseTo(x, 12);
    });
    const numbers = (...values: number[]) => Float64Array.from(values);
    expect(() => normalizerOf([2], numbers(0), numbers(1, 1))).toThrow(
      "normalizerOf: there must be 2 centres and scales for examples of shape [2], got 1 and 2",
    );
    expect(() => normalizerOf([2], numbers(0, 0), numbers(1, 0))).toThrow(
      "normalizerOf: centres and scales must be finite, and no scale 0, got 0 and 0 for feature 1",
    );
  });
});
