import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ArgumentError, Tensor } from "@chainrule/core";
import type { Dataset } from "../../data/index.ts";
import { decodePng, type PngImage } from "./png.ts";

/** Options of `readImages`. */
export interface ImageOptions {
  /** The most pixels of all images together; 2²⁸ unless given. */
  readonly limit?: number;
}

/** Images and what they show. */
export interface ImageSet extends Dataset {
  /** Name of the folder of each label. */
  readonly labels: readonly string[];
}

/**
 * PNG images from a folder with one folder for each class: `digits/seven/0001.png`.
 *
 * Folders in order of their names are labels 0, 1 …; within one, files come by name.
 * Shapes: inputs [images, channels, height, width] of f32 in 0 … 1, targets [images] of i32.
 * Throws ArgumentError, with the file, unless all images have one shape, for broken files, and beyond `limit`.
 */
export async function readImages(
  path: string,
  { limit = 2 ** 28 }: ImageOptions = {},
): Promise<ImageSet> {
  const entries = await readdir(path, { withFileTypes: true });
  const labels = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  const images: PngImage[] = [];
  const targets: number[] = [];
  let left = limit;
  for (const [label, folder] of labels.entries()) {
    const names = (await readdir(join(path, folder))).filter((name) => /\.png$/i.test(name)).sort();
    for (const name of names) {
      const where = `readImages: ${join(path, folder, name)}`;
      const image = decodePng(
        new Uint8Array(await readFile(join(path, folder, name))),
        left,
        where,
      );
      const [first] = images;
      if (first !== undefined && shapeOf(first) !== shapeOf(image)) {
        throw new ArgumentError(
          `${where}: all images must have one shape, got ${shapeOf(image)} beside ${shapeOf(first)}`,
        );
      }
      left -= image.width * image.height;
      images.push(image);
      targets.push(label);
    }
  }
  const [first] = images;
  if (first === undefined) {
    throw new ArgumentError(
      `readImages: ${path}: there must be folders with PNG images, one for each class, got none`,
    );
  }
  const size = first.data.length;
  const data = new Float32Array(images.length * size);
  for (const [i, image] of images.entries()) data.set(image.data, i * size);
  const shape = [images.length, first.channels, first.height, first.width];
  return {
    inputs: new Tensor(shape, data),
    targets: new Tensor([images.length], Int32Array.from(targets)),
    labels,
  };
}

function shapeOf({ channels, height, width }: PngImage): string {
  return `[${channels}, ${height}, ${width}]`;
}
