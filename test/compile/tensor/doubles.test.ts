import { describe, it } from "vitest";
import { law } from "./law.ts";
import { moves } from "./moves.ts";

describe("compiled tensors = interpreted in double precision", () => {
  it("of ten nodes", () => law({ moves, tolerance: 1e-9, programs: 4500 }), 300_000);
  it("of twenty", () => law({ moves, size: 20, tolerance: 1e-8, programs: 500 }), 300_000);
});
