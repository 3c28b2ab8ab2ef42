import { ArgumentError, Tensor } from "@chainrule/core";
import type { Dataset } from "../../data/index.ts";
import { readIdx, type SizeOptions } from "./idx.ts";

/**
 * Images and labels of MNIST's files, such as `train-images-idx3-ubyte.gz` and `train-labels-idx1-ubyte.gz`.
 *
 * Shapes: inputs [examples, 1, height, width] of f32 in 0 … 1, targets [examples] of i32.
 * Throws ArgumentError where the files hold something else, or unequal numbers of examples, and as `readIdx`.
 */
export async function readMnist(
  images: string,
  labels: string,
  options: SizeOptions = {},
): Promise<Dataset> {
  const pixels = await readIdx(images, options);
  const targets = await readIdx(labels, options);
  const [examples = 0, height = 0, width = 0] = pixels.shape;
  if (pixels.shape.length !== 3 || pixels.dtype !== "i32" || pixels.data.length === 0) {
    throw new ArgumentError(
      `readMnist: ${images}: images must be [examples, height, width] of bytes, got [${pixels.shape.join(", ")}] of ${pixels.dtype}`,
    );
  }
  if (targets.shape.length !== 1 || targets.dtype !== "i32" || targets.shape[0] !== examples) {
    throw new ArgumentError(
      `readMnist: ${labels}: there must be one label for each of ${examples} images, got [${targets.shape.join(", ")}] of ${targets.dtype}`,
    );
  }
  const data = Float32Array.from(pixels.data, (value: number) => value / 255);
  return { inputs: new Tensor([examples, 1, height, width], data), targets };
}
