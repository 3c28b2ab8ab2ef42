import { ArgumentError, allocate, Tensor } from "@chainrule/core";
import { checkOptions } from "../../options/index.ts";
import { type Random, random } from "../../random/index.ts";
import { checkSeed, checkWhole, checkWithin, type NumberType } from "../checks.ts";
import type { Dataset } from "../dataset.ts";
import { curve } from "./curve.ts";
import { deformation } from "./deformation.ts";
import { digitStrokes, type Point, type Stroke } from "./digitStrokes.ts";
import { type Line, rasterise } from "./rasterise.ts";

/** How a digit is drawn. */
export interface DigitOptions {
  /** Pixels a side; 28 by default. */
  readonly size?: number;
  /** How far hands differ: 0 gives the digits as designed, 1 (the default) handwriting. */
  readonly deformation?: number;
  /** Width of the pen, least and most, as shares of the image; 0.05 and 0.1 by default. */
  readonly pen?: readonly [number, number];
  /** Moves the digit by so many pixels, right and down. */
  readonly shift?: readonly [number, number];
}

const drawing: { readonly [K in keyof Required<DigitOptions>]: true } = {
  size: true,
  deformation: true,
  pen: true,
  shift: true,
};

/** Options of `digits`. */
export interface DigitsOptions extends DigitOptions {
  /** How many images. */
  readonly examples: number;
  readonly seed: number;
  /** Which digits; all ten by default. A label is the digit itself. */
  readonly digits?: readonly number[];
  /** Element type of the images; f32 by default. */
  readonly dtype?: NumberType;
}

/**
 * Images of handwritten-like digits: strokes, deformed at random, drawn with a pen of random width.
 *
 * Shapes: inputs [examples, 1, size, size], ink in [0, 1]; targets [examples] of type i32. Digits are equally many, ±1.
 */
export function digits(options: DigitsOptions): Dataset {
  checkOptions<DigitsOptions>("digits", options, {
    examples: true,
    seed: true,
    digits: true,
    dtype: true,
    ...drawing,
  });
  const { examples, seed, size = 28, dtype = "f32", digits: chosen = allDigits } = options;
  checkWhole("digits", "examples", examples, 1);
  checkSeed("digits", seed);
  checkDrawing("digits", options);
  for (const digit of chosen) checkDigit("digits", digit);
  if (chosen.length === 0) throw new ArgumentError("digits: there must be digits, got none");
  const labels = Int32Array.from(
    { length: examples },
    (_, i) => chosen[i % chosen.length] as number,
  );
  random(seed, "digits").shuffle(labels);
  const data = allocate(dtype, examples * size * size);
  labels.forEach((digit, i) => {
    // A generator an image: the first images of a larger set are the same.
    data.set(draw(digit, random(seed, "digits", i), options), i * size * size);
  });
  return {
    inputs: new Tensor([examples, 1, size, size], data, dtype),
    targets: new Tensor([examples], labels),
  };
}

const allDigits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** One image of a digit, of shape [size, size] and type f32. */
export function drawDigit(digit: number, generator: Random, options: DigitOptions = {}): Tensor {
  checkDigit("drawDigit", digit);
  checkOptions("drawDigit", options, drawing);
  checkDrawing("drawDigit", options);
  const { size = 28 } = options;
  return new Tensor([size, size], draw(digit, generator, options));
}

function draw(digit: number, generator: Random, options: DigitOptions): Float32Array {
  const { size = 28, deformation: strength = 1, pen = [0.05, 0.1], shift = [0, 0] } = options;
  const ways = digitStrokes[digit] as readonly (readonly Stroke[])[];
  const strokes = ways[strength === 0 ? 0 : generator.integer(ways.length)] as readonly Stroke[];
  const deform = deformation(generator, strength);
  const [least, most] = pen;
  const radius = (least + (most - least) * generator.uniform()) / 2;
  const pressure = 0.15 * strength * (2 * generator.uniform() - 1);
  const moved = trembling(strokes, generator, 0.012 * strength);
  const lines: Line[] = moved.map((stroke) => ({
    points: curve(stroke, 8).map((point) => {
      const [x, y] = deform(point);
      return [x + shift[0] / size, y + shift[1] / size];
    }),
    radius: (along) => radius * (1 + pressure * (2 * along - 1)),
  }));
  const ink = new Float32Array(size * size);
  rasterise(lines, size, ink);
  return ink;
}

/** Strokes with every point moved a little; a point that two strokes share moves with both. */
function trembling(strokes: readonly Stroke[], generator: Random, deviation: number): Stroke[] {
  const moved = new Map<string, Point>();
  return strokes.map((stroke) =>
    stroke.map(([x, y]) => {
      const key = `${x} ${y}`;
      const known = moved.get(key);
      if (known !== undefined) return known;
      const own = [x + deviation * generator.normal(), y + deviation * generator.normal()] as const;
      moved.set(key, own);
      return own;
    }),
  );
}

function checkDigit(where: string, digit: unknown): void {
  if (Number.isInteger(digit) && (digit as number) >= 0 && (digit as number) <= 9) return;
  throw new ArgumentError(`${where}: a digit must be a whole number 0 … 9, got ${digit}`);
}

function checkDrawing(where: string, options: DigitOptions): void {
  checkWhole(where, "size", options.size ?? 28, 4);
  checkWithin(where, "deformation", options.deformation ?? 1, 0, 2);
  const [least, most] = options.pen ?? [0.05, 0.1];
  checkWithin(where, "pen", least, 0, most);
  checkWithin(where, "pen", most, least, 1);
}
