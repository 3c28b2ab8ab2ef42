import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { isMeasured, textWidth } from "../../../packages/render/src/text/measure.ts";

/** Advance widths by code point, from the tables cmap (format 4) and hmtx of a TrueType font. */
function readWidths(bytes: Uint8Array): {
  em: number;
  width: (code: number) => number | undefined;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Map<string, number>();
  for (let i = 0; i < view.getUint16(4); i++) {
    const at = 12 + 16 * i;
    tables.set(String.fromCharCode(...bytes.subarray(at, at + 4)), view.getUint32(at + 8));
  }
  const table = (name: string): number => tables.get(name) as number;
  const metrics = view.getUint16(table("hhea") + 34);
  let segments = 0;
  for (let i = 0; i < view.getUint16(table("cmap") + 2); i++) {
    const at = table("cmap") + view.getUint32(table("cmap") + 8 + 8 * i);
    if (view.getUint16(at) === 4) segments = at;
  }
  const count = view.getUint16(segments + 6) / 2;
  const glyph = (code: number): number => {
    for (let i = 0; i < count; i++) {
      const end = view.getUint16(segments + 14 + 2 * i);
      if (code > end) continue;
      const start = view.getUint16(segments + 16 + 2 * count + 2 * i);
      if (code < start) return 0;
      const delta = view.getUint16(segments + 16 + 4 * count + 2 * i);
      const at = segments + 16 + 6 * count + 2 * i;
      const offset = view.getUint16(at);
      if (offset === 0) return (code + delta) & 0xffff;
      const found = view.getUint16(at + offset + 2 * (code - start));
      return found === 0 ? 0 : (found + delta) & 0xffff;
    }
    return 0;
  };
  return {
    em: view.getUint16(table("head") + 18),
    width: (code) => {
      const found = glyph(code);
      if (found === 0) return undefined;
      return view.getUint16(table("hmtx") + 4 * Math.min(found, metrics - 1));
    },
  };
}

const packages = createRequire(new URL("../../../packages/render/package.json", import.meta.url));
const font = readWidths(readFileSync(packages.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf")));

describe("textWidth", () => {
  it("is the font's own for every character in the table", () => {
    let known = 0;
    for (let code = 0x20; code < 0x10000; code++) {
      const character = String.fromCharCode(code);
      if (!isMeasured(character)) continue;
      known++;
      expect(textWidth(character, font.em), character).toBe(font.width(code));
    }
    expect(known).toBeGreaterThan(190);
  });

  it("knows all letters and signs that drawings write by themselves", () => {
    const signs = "σΦΓπτ∂−·⊙√∛∑∏ᵀ⁻⁰¹²³⁴⁵⁶⁷⁸⁹⌊⌋⌈⌉…→∞";
    expect(isMeasured(signs)).toBe(true);
    expect(isMeasured("変数")).toBe(false);
  });

  it("adds up", () => {
    expect(textWidth("ab", 10)).toBeCloseTo(textWidth("a", 10) + textWidth("b", 10), 12);
    expect(textWidth("変", 10)).toBeCloseTo(11, 2);
  });
});
