import { describe, it } from "vitest";
import { law } from "./law.ts";
import { moves } from "./moves.ts";

/** Numbers at which functions change their ways. */
const special = [
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ...[-0, 0, 1e-310, -1, 1, 0.5, 3],
];

describe("compiled tensors = interpreted of NaN, infinities, zeros and numbers near 0", () => {
  it("double precision", () => law({ moves, tolerance: 1e-9, programs: 3000, special }), 300_000);
  it(
    "single precision",
    () => law({ moves, dtype: "f32", tolerance: 3e-4, programs: 2000, special }),
    300_000,
  );
});
