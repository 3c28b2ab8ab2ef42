import { describe, it } from "vitest";
import { law } from "./law.ts";
import { moves } from "./moves.ts";

describe("compiled tensors = interpreted with a named size", () => {
  it("of ten nodes", () => law({ moves, named: true, tolerance: 1e-9, programs: 4000 }), 300_000);
});
