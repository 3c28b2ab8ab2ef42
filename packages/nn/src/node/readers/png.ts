import { inflateSync } from "node:zlib";
import { ArgumentError } from "@chainrule/core";
import { convertIndexedToRgb, decode } from "fast-png";

/** An image: channels one after another, each row by row, in 0 … 1. */
export interface PngImage {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** Samples of a pixel by colour type. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Chunks that pixels depend on; others may hold compressed data of any size and are left out. */
const NEEDED = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/**
 * The pixels of a PNG file's bytes.
 *
 * Throws ArgumentError for more pixels than `limit`, for data that inflates to more than the header says, both before
 * memory is taken for them, and for files that are broken or no PNG.
 * Source: W3C, Portable Network Graphics, third edition.
 */
export function decodePng(bytes: Uint8Array, limit: number, where: string): PngImage {
  const needed = check(bytes, limit, where);
  try {
    const image = decode(needed, { checkCrc: true });
    const { width, height, palette, depth } = image;
    const samples = palette === undefined ? image.data : convertIndexedToRgb(image);
    const channels = palette === undefined ? image.channels : (palette[0]?.length ?? 0);
    const most = palette === undefined ? 2 ** depth - 1 : 255;
    const pixels = width * height;
    if (samples.length !== pixels * channels) throw new Error("pixels are missing");
    const data = new Float32Array(pixels * channels);
    for (let i = 0; i < data.length; i++) {
      data[(i % channels) * pixels + Math.floor(i / channels)] = (samples[i] as number) / most;
    }
    return { channels, height, width, data };
  } catch (error) {
    throw new ArgumentError(`${where}: the file must be a whole PNG, got: ${String(error)}`);
  }
}

/** The file without chunks that are not needed, after its header and the size of its data were checked. */
function check(bytes: Uint8Array, limit: number, where: string): Uint8Array {
  const broken = (got: string) =>
    new ArgumentError(`${where}: the file must be a whole PNG, got ${got}`);
  if (bytes.length < 33 || SIGNATURE.some((byte, i) => bytes[i] !== byte)) {
    throw broken("another beginning");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  const packed: Uint8Array[] = [];
  let name = "";
  for (let at = 8; name !== "IEND"; ) {
    if (at + 12 > bytes.length) throw broken("an early end");
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length) throw broken("an early end");
    name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if ((at === 8) !== (name === "IHDR")) throw broken(`chunk ${JSON.stringify(name)} at ${at}`);
    if (NEEDED.has(name)) parts.push(bytes.subarray(at, at + 12 + length));
    if (name === "IDAT") packed.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth = 0, colour = 0] = bytes.subarray(24, 26);
  const samples = SAMPLES[colour];
  if (samples === undefined || ![1, 2, 4, 8, 16].includes(depth) || width * height === 0) {
    throw broken(`${width} × ${height} of depth ${depth}, colour type ${colour}`);
  }
  if (depth < 8 && colour !== 3) {
    throw new ArgumentError(
      `${where}: samples must have 8 or 16 bits unless they are of a palette, got ${depth}`,
    );
  }
  if (width * height > limit) {
    throw new ArgumentError(
      `${where}: an image must have at most ${limit} pixels (option limit), got ${width} × ${height}`,
    );
  }
  // Interlaced images have up to 7 parts, whose rows are rounded up to bytes and have a filter each.
  const bits = width * samples * depth;
  const plain = height * (Math.ceil(bits / 8) + 1);
  const interlaced = bytes[28] === 1;
  const least = interlaced ? Math.ceil((bits * height) / 8) : plain;
  const most = interlaced ? plain + 15 * (height + width) : plain;
  const size = `its ${width} × ${height} pixels`;
  let inflated = 0;
  try {
    inflated = inflateSync(Buffer.concat(packed), { maxOutputLength: most }).length;
  } catch (error) {
    throw broken(`data that do not inflate to ${size}: ${String(error)}`);
  }
  // The decoder would take missing rows for black ones.
  if (inflated < least) throw broken(`${inflated} bytes, too few for ${size}`);
  return new Uint8Array(Buffer.concat(parts));
}
