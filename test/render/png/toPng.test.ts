import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { inflateSync } from "node:zlib";
import { toPng } from "@chainrule/render";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../../packages/render/src/png/packageFile.ts";
import { lecture, lectureValues, network, networkValues } from "../gallery.ts";

/** Width, height and the number of different bytes in the pixels of a PNG. */
function readPng(bytes: Uint8Array): { width: number; height: number; shades: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  expect([...bytes.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const parts: Uint8Array[] = [];
  for (let at = 8; at < bytes.length; at += 12 + view.getUint32(at)) {
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (kind === "IDAT") parts.push(bytes.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  const pixels = inflateSync(Buffer.concat(parts));
  return { width: view.getUint32(16), height: view.getUint32(20), shades: new Set(pixels).size };
}

describe("toPng", () => {
  it("draws at twice the size of the SVG, or at a width", async () => {
    const natural = readPng(await toPng(lecture, { values: lectureValues }));
    expect(natural.width).toBeGreaterThan(900);
    expect(natural.shades).toBeGreaterThan(100);
    const wide = readPng(await toPng(network, { values: networkValues, width: 1280 }));
    expect(wide.width).toBe(1280);
  });

  it("gives the same bytes on every call", async () => {
    const options = { values: lectureValues, theme: "dark", width: 400 } as const;
    expect(await toPng(lecture, options)).toEqual(await toPng(lecture, options));
  });

  it("draws letters: another text is another picture", async () => {
    const options = { width: 600 } as const;
    const first = await toPng(lecture, { ...options, values: lectureValues });
    const second = await toPng(lecture, { ...options, values: { ...lectureValues, c: -3 } });
    expect(second).not.toEqual(first);
  });

  it("takes files given, as pages must", async () => {
    const find = createRequire(new URL("../../../packages/render/package.json", import.meta.url));
    const font = readFileSync(find.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"));
    const options = { width: 300 } as const;
    expect(await toPng(lecture, { ...options, font })).toEqual(await toPng(lecture, options));
  });

  it("refuses widths that no machine draws", async () => {
    await expect(toPng(lecture, { width: 1e6 })).rejects.toThrow(
      /toPng: width must be 1 to 16384 pixels, got 1000000/,
    );
  });

  it("finds files of its packages, and names one that is not there", async () => {
    const font = await packageFile("toPng", "font", "dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
    expect(font.length).toBeGreaterThan(500_000);
    await expect(packageFile("toPng", "font", "dejavu-fonts-ttf/none.ttf")).rejects.toThrow(/none/);
  });
});
