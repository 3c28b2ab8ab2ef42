import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { readImages } from "@chainrule/nn/node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "chainrule-png-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function chunk(name: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(name, 4, "latin1");
  out.set(data, 8);
  out.writeUInt32BE(crc(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

/** CRC-32 of the specification, bit by bit. */
function crc(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let i = 0; i < 8; i++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  }
  return (rest ^ 0xffffffff) >>> 0;
}

/** A file whose rows, each with its filter, are given. */
function png(
  size: [number, number],
  depth: number,
  colour: number,
  rows: Uint8Array,
  more: Buffer[] = [],
) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size[0], 0);
  header.writeUInt32BE(size[1], 4);
  header.set([depth, colour], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    ...more,
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function put(label: string, name: string, bytes: Uint8Array): void {
  mkdirSync(join(folder, label), { recursive: true });
  writeFileSync(join(folder, label, name), bytes);
}

const grey = png([2, 1], 8, 0, Uint8Array.of(0, 0, 255));

describe("image folders", () => {
  it("give images by class, channels first", async () => {
    put("cat", "b.png", png([2, 1], 8, 2, Uint8Array.of(0, 255, 0, 51, 0, 255, 102)));
    const palette = chunk("PLTE", Uint8Array.of(255, 0, 0, 0, 0, 255));
    put("ant", "a.PNG", png([2, 1], 1, 3, Uint8Array.of(0, 0b01000000), [palette]));
    put("ant", "note.txt", Uint8Array.of(1));
    const set = await readImages(folder);
    expect([set.labels, set.targets.toArray()]).toEqual([
      ["ant", "cat"],
      [0, 1],
    ]);
    expect(set.inputs.shape).toEqual([2, 3, 1, 2]);
    expect(set.inputs.data).toEqual(Float32Array.of(1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0.2, 0.4));
  });

  it("read grey samples of 16 bits", async () => {
    put("x", "a.png", png([2, 1], 16, 0, Uint8Array.of(0, 255, 255, 0x33, 0x33)));
    expect((await readImages(folder)).inputs.data).toEqual(Float32Array.of(1, 0.2));
  });

  it("refuse broken, unequal and hostile files", async () => {
    await expect(readImages(folder)).rejects.toThrow("folders with PNG images");
    const fails = async (bytes: Uint8Array, text: string | RegExp, options = {}) => {
      put("x", "a.png", bytes);
      await expect(readImages(folder, options)).rejects.toThrow(text);
    };
    await fails(Buffer.from("GIF89a".repeat(9)), "another beginning");
    for (let end = 0; end < grey.length; end++) {
      await fails(grey.subarray(0, end), "must be a whole PNG");
    }
    const flipped = Buffer.from(grey);
    flipped[30] = (flipped[30] as number) ^ 1;
    await fails(flipped, "must be a whole PNG");
    await fails(png([60000, 60000], 8, 0, Uint8Array.of(0)), "got 60000 × 60000");
    await fails(grey, "at most 1 pixels", { limit: 1 });
    await fails(png([2, 1], 8, 0, new Uint8Array(2 ** 24)), "do not inflate to its 2 × 1");
    await fails(png([2, 1], 8, 0, Uint8Array.of(0)), "must be a whole PNG");
    await fails(png([8, 1], 1, 0, Uint8Array.of(0, 1)), "8 or 16 bits");
    put("x", "a.png", grey);
    put("x", "b.png", png([1, 1], 8, 0, Uint8Array.of(0, 9)));
    await expect(readImages(folder)).rejects.toThrow("got [1, 1, 1] beside [1, 1, 2]");
  });
});
