import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ArgumentError, Tensor } from "@chainrule/core";
import { type Dataset, digits } from "@chainrule/nn";
import { readMnist } from "@chainrule/nn/node";

/** Images of digits to learn from, and others, moved to the right by some pixels. */
export interface DigitData {
  readonly learnt: Dataset;
  readonly heldOut: (shift: number) => Dataset;
}

const SIZE = 16;
const EXAMPLES = 3000;

/** Digits drawn anew. */
export function drawnDigits(seed: number): DigitData {
  const others = { examples: 1000, size: SIZE, seed: seed + 1_000_000 };
  return {
    learnt: digits({ examples: EXAMPLES, size: SIZE, seed }),
    heldOut: (shift) => digits({ ...others, shift: [shift, 0] }),
  };
}

const FILES = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
] as const;

/**
 * MNIST's four files in a folder, each as it is or gzip.
 *
 * Throws ArgumentError where the folder or a file of it is missing, and as `readMnist`.
 */
export async function mnistDigits(folder: string): Promise<DigitData> {
  const present = await readdir(folder).catch((error: Error) => {
    throw new ArgumentError(`digits: --data must name a folder, got ${folder}: ${error.message}`);
  });
  const paths = FILES.map((name) => {
    const found = [name, `${name}.gz`].find((file) => present.includes(file));
    if (found !== undefined) return join(folder, found);
    const others = present.slice(0, 5).join(", ");
    throw new ArgumentError(
      `digits: ${folder} must hold ${FILES.join(", ")}, each with or without .gz, got no ${name} but ${others || "nothing"}`,
    );
  });
  const [images, labels, otherImages, otherLabels] = paths as [string, string, string, string];
  const others = await readMnist(otherImages, otherLabels);
  return {
    learnt: await readMnist(images, labels),
    heldOut: (shift) => ({ inputs: moved(others.inputs, shift), targets: others.targets }),
  };
}

/** Images moved to the right; what leaves them is lost, what comes in is 0. */
function moved({ shape, data }: Tensor, by: number): Tensor {
  const width = shape.at(-1) as number;
  const out = Float32Array.from({ length: data.length }, (_, at) =>
    at % width < by ? 0 : (data[at - by] as number),
  );
  return new Tensor(shape, out);
}
