import { type Buffer, placeBuffers } from "@chainrule/compile";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const size = fc.record({
  factor: fc.nat({ max: 1000 }),
  names: fc.subarray(["m", "n"], { maxLength: 2 }),
});

const buffer: fc.Arbitrary<Buffer> = fc
  .tuple(size, fc.nat({ max: 20 }), fc.nat({ max: 8 }), fc.integer({ min: 0, max: 4 }))
  .map(([bytes, from, length, kind]) =>
    kind === 0
      ? { bytes, from: 0, to: Number.POSITIVE_INFINITY }
      : { bytes, from, to: from + length },
  );

const sizes = fc.record({ m: fc.nat({ max: 12 }), n: fc.nat({ max: 12 }) });

function bytesOf({ bytes }: Buffer, known: Readonly<Record<string, number>>): number {
  return bytes.names.reduce((product, name) => product * (known[name] as number), bytes.factor);
}

function asMap(known: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
  return new Map(Object.entries(known));
}

describe("placeBuffers", () => {
  it("never lets two buffers overlap while both live, and stays within its bytes", () => {
    fc.assert(
      fc.property(fc.array(buffer, { maxLength: 30 }), fc.boolean(), sizes, (buffers, reuse, n) => {
        const { addresses, bytes } = placeBuffers({ buffers, reuse }, asMap(n));
        for (const [i, a] of buffers.entries()) {
          const start = addresses[i] as number;
          const end = start + bytesOf(a, n);
          expect(start % 64).toBe(0);
          expect(start).toBeGreaterThan(0);
          expect(end).toBeLessThanOrEqual(bytes);
          for (const [j, b] of buffers.entries()) {
            if (i === j || a.from > b.to || b.from > a.to) continue;
            const other = addresses[j] as number;
            const apart = end <= other || other + bytesOf(b, n) <= start;
            expect(apart, `${i} and ${j}`).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("keeps what always lives and is fixed where it is, whatever the sizes are", () => {
    fc.assert(
      fc.property(fc.array(buffer, { maxLength: 30 }), sizes, sizes, (buffers, n, m) => {
        const before = placeBuffers({ buffers, reuse: true }, asMap(n));
        const after = placeBuffers({ buffers, reuse: true }, asMap(m));
        for (const [i, { bytes, to }] of buffers.entries()) {
          if (bytes.names.length > 0 || Number.isFinite(to)) continue;
          expect(after.addresses[i]).toBe(before.addresses[i]);
        }
      }),
    );
  });

  it("uses memory of what is over again, if it may", () => {
    const buffers = Array.from({ length: 100 }, (_, i) => ({
      bytes: { factor: 640, names: [] },
      from: i,
      to: i + 1,
    }));
    expect(placeBuffers({ buffers, reuse: true }, new Map()).bytes).toBe(64 + 2 * 640);
    expect(placeBuffers({ buffers, reuse: false }, new Map()).bytes).toBe(64 + 100 * 640);
  });
});
