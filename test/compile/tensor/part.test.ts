import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixed, times } from "../../../packages/compile/src/plan/size.ts";
import { share } from "../../../packages/compile/src/tensor/part.ts";

describe("a thread's share of scratch memory", () => {
  const threads = fc.integer({ min: 1, max: 256 });
  const own = fc.record({
    factor: fc.integer({ min: 1, max: 2 ** 31 }),
    names: fc.constantFrom<readonly string[]>([], ["batch"]),
  });

  it("is what it was made of, to the byte", () => {
    fc.assert(
      fc.property(own, threads, (bytes, count) => {
        expect(share(times(fixed(count), bytes), count)).toEqual(bytes);
      }),
    );
    // 49 · 1/49 is less than 1 in doubles: shares would overlap by a byte.
    expect(share(fixed(49 * 7168), 49)).toEqual(fixed(7168));
  });
});
