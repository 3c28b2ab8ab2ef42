import { describe, it } from "vitest";
import { law } from "./law.ts";
import { moves } from "./moves.ts";

describe("compiled tensors = interpreted in single precision", () => {
  it("of ten nodes", () => law({ moves, dtype: "f32", tolerance: 3e-4, programs: 4000 }), 300_000);
});
