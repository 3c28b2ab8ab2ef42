import { digits } from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import {
  featureOf,
  kernels,
  patchOf,
  productsOf,
} from "../../../../packages/studio/src/rooms/deeper/convolution/featureMap.ts";
import {
  digitReader,
  type Rows,
} from "../../../../packages/studio/src/rooms/deeper/convolution/reader.ts";
import { SIZE } from "../../../../packages/studio/src/rooms/deeper/convolution/readerModel.ts";
import {
  begun,
  type Drawing,
  exampleDigit,
  extended,
  inkOf,
  MOST_POINTS,
  MOST_STROKES,
  readDrawing,
} from "../../../../packages/studio/src/rooms/deeper/convolution/strokes.ts";

/** A drawing in a corner, half as large. */
function small(drawing: Drawing): Drawing {
  return drawing.map((stroke) => stroke.map((one) => one / 2));
}

describe("the reader of digits", () => {
  const reader = digitReader();

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
    "reads a designed %i, wherever and however small it is drawn",
    (digit) => {
      const { digit: read, shares } = reader.read(inkOf(exampleDigit(digit), 0));
      expect(read).toBe(digit);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
      expect(reader.read(inkOf(small(exampleDigit(digit)), 0)).digit).toBe(digit);
    },
  );

  it.each<readonly [name: string, digit: number, drawing: Drawing]>([
    [
      "one with a foot",
      1,
      [
        [0.4, 0.3, 0.5, 0.2, 0.5, 0.8],
        [0.35, 0.8, 0.65, 0.8],
      ],
    ],
    ["one that leans", 1, [[0.6, 0.2, 0.4, 0.8]]],
    ["two with corners", 2, [[0.35, 0.3, 0.5, 0.2, 0.65, 0.3, 0.6, 0.5, 0.35, 0.8, 0.68, 0.8]]],
    [
      "three with a flat top",
      3,
      [[0.35, 0.2, 0.65, 0.2, 0.48, 0.42, 0.65, 0.55, 0.6, 0.75, 0.35, 0.78]],
    ],
    [
      "open four",
      4,
      [
        [0.3, 0.2, 0.28, 0.4, 0.27, 0.52, 0.5, 0.52, 0.72, 0.5],
        [0.65, 0.2, 0.63, 0.85],
      ],
    ],
    [
      "five in one stroke",
      5,
      [[0.7, 0.2, 0.4, 0.2, 0.38, 0.45, 0.55, 0.42, 0.68, 0.55, 0.62, 0.75, 0.35, 0.78]],
    ],
    [
      "seven with a bar",
      7,
      [
        [0.3, 0.2, 0.7, 0.2, 0.5, 0.8],
        [0.42, 0.5, 0.68, 0.5],
      ],
    ],
    [
      "nine with a straight leg",
      9,
      [[0.62, 0.35, 0.5, 0.2, 0.38, 0.35, 0.5, 0.5, 0.62, 0.35, 0.6, 0.85]],
    ],
    [
      "narrow zero",
      0,
      [[0.5, 0.15, 0.42, 0.3, 0.4, 0.6, 0.48, 0.85, 0.57, 0.7, 0.6, 0.4, 0.55, 0.2, 0.5, 0.15]],
    ],
  ])("reads a %s, drawn by hand", (_, digit, drawing) => {
    expect(reader.read(inkOf(drawing, 0)).digit).toBe(digit);
  });

  it("reads drawings it has not seen as well as its file says", () => {
    const { inputs, targets } = digits({ examples: 200, size: SIZE, seed: 424_242 });
    const images = inputs.toArray() as number[][][][];
    const right = images.filter(([image], i) => {
      return reader.read(image as Rows).digit === targets.data[i];
    });
    expect(right.length).toBeGreaterThanOrEqual(190);
    expect(reader.accuracy).toBeGreaterThan(0.98);
  });

  it("shows what its layers see", () => {
    const { maps } = reader.read(inkOf(exampleDigit(3), 0));
    const sizes = Object.entries(maps).map(([name, of]) => [name, of.length, of[0]?.length]);
    expect(sizes).toEqual([
      ["maps1", 8, 16],
      ["pooled1", 8, 8],
      ["maps2", 16, 8],
      ["pooled2", 16, 4],
    ]);
    expect(reader.kernels).toHaveLength(8);
    // Its own convolution is ours, but for the bias.
    const image = inkOf(exampleDigit(3), 0);
    const { map } = featureOf(image, reader.kernels[0] as Rows, "max");
    const first = maps.maps1[0] as Rows;
    const offsets = first.flatMap((row, i) =>
      row.flatMap((value, j) => (value > 0 ? [value - (map[i]?.[j] ?? 0)] : [])),
    );
    for (const offset of offsets) expect(offset).toBeCloseTo(offsets[0] as number, 4);
  });
});

describe("convolution", () => {
  const image = inkOf(exampleDigit(4), 0);

  it.each(Object.entries(kernels))(
    "%s: each place is the sum of the products under the kernel",
    (_, { rows }) => {
      const { map, active, pooled } = featureOf(image, rows, "max");
      for (const [row, column] of [
        [0, 0],
        [4, 9],
        [15, 15],
      ] as const) {
        const products = productsOf(patchOf(image, 3, row, column), rows).flat();
        const sum = products.reduce((a, b) => a + b, 0);
        expect(map[row]?.[column]).toBeCloseTo(sum, 12);
        expect(active[row]?.[column]).toBeCloseTo(Math.max(0, sum), 12);
      }
      const window = [active[4]?.[8], active[4]?.[9], active[5]?.[8], active[5]?.[9]] as number[];
      expect(pooled).toHaveLength(8);
      expect(pooled[2]?.[4]).toBe(Math.max(...window));
      const mean = featureOf(image, rows, "average").pooled[2]?.[4];
      expect(mean).toBeCloseTo(window.reduce((a, b) => a + b, 0) / 4, 12);
    },
  );

  it("moves its map with the image", () => {
    const rows = kernels["outline"]?.rows as Rows;
    const moved = featureOf(inkOf(exampleDigit(4), 2), rows, "max").map;
    const still = featureOf(image, rows, "max").map;
    for (let column = 3; column < 11; column++) {
      expect(moved[8]?.[column + 2]).toBeCloseTo(still[8]?.[column] as number, 5);
    }
  });
});

describe("drawings", () => {
  it("grow point by point, within the box and within bounds", () => {
    let drawing = begun([], 0.5, 2);
    expect(drawing).toEqual([[0.5, 1]]);
    expect(extended(drawing, 0.501, 1)).toBe(drawing);
    drawing = extended(drawing, 0.3, -1);
    expect(drawing).toEqual([[0.5, 1, 0.3, 0]]);
    expect(extended([], 0.5, 0.5)).toEqual([]);
    for (let i = 0; i < 2 * MOST_POINTS; i++) drawing = extended(drawing, (i % 50) / 50, 0.5);
    expect(drawing[0]?.length).toBe(2 * MOST_POINTS);
    expect(begun(drawing, 0.1, 0.1)).toBe(drawing);
    let many: Drawing = [];
    for (let i = 0; i < 100; i++) many = begun(many, 0.1, 0.1);
    expect(many).toHaveLength(MOST_STROKES);
  });

  it("are blank where nothing is drawn, and small where a dot is", () => {
    expect(
      inkOf([], 0)
        .flat()
        .every((ink) => ink === 0),
    ).toBe(true);
    const dot = inkOf([[0.1, 0.9]], 0).flat();
    expect(dot.filter((ink) => ink > 0).length).toBeLessThan(10);
    expect(dot.some((ink) => ink > 0)).toBe(true);
  });

  it("are read from a link only where they are drawings", () => {
    expect(readDrawing([[0.1, 0.2, 0.3, 0.4]])).toEqual([[0.1, 0.2, 0.3, 0.4]]);
    expect(readDrawing([])).toEqual([]);
    for (const wrong of ["x", [[0.1]], [[]], [[0.1, 2]], [[0.1, Number.NaN]], [["a", 0]]]) {
      expect(readDrawing(wrong)).toBeUndefined();
    }
    expect(readDrawing(Array.from({ length: MOST_STROKES + 1 }, () => [0, 0]))).toBeUndefined();
  });
});
