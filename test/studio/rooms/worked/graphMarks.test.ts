import { describe, expect, it } from "vitest";
import { graphMarks } from "../../../../packages/studio/src/rooms/worked/graphMarks.ts";

describe("what the graph shows on a page", () => {
  it("are the paths of a weight, one for an output's, two for a hidden one's", () => {
    const [only, ...none] = graphMarks("w5").paths ?? [];
    expect(none).toEqual([]);
    expect([...(only ?? [])]).toEqual(["w5 → sum_o1", "sum_o1 → out_o1", "out_o1 → E1", "E1 → E"]);
    const both = graphMarks("w2").paths ?? [];
    expect(both.map((path) => path.size)).toEqual([6, 6]);
    expect(both.every((path) => path.has("w2 → sum_h2"))).toBe(true);
  });

  it("are values as far as the forward pass has come", () => {
    expect(graphMarks("network").values?.size).toBe(0);
    const { values, adjoints } = graphMarks("hidden");
    expect(values?.has("out_h2")).toBe(true);
    expect(values?.has("sum_o1")).toBe(false);
    expect(values?.has("target_1")).toBe(true);
    expect(adjoints?.size).toBe(0);
    expect(graphMarks("error").values?.has("E")).toBe(true);
    expect(graphMarks("update")).toEqual({});
  });
});
