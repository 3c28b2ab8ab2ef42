import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { initial, readDeeper } from "../../../../packages/studio/src/rooms/deeper/deeperState.ts";

describe("the state of the deeper networks", () => {
  it("comes back from JSON as it was", () => {
    const state = {
      ...initial,
      part: "gan",
      attention: {
        ...initial.attention,
        tokens: ["a", "b"],
        embeddings: [
          [1, 2],
          [3, 4],
        ],
        selected: 0,
      },
      gan: { seed: 5, pace: "slow" },
    };
    expect(readDeeper(JSON.parse(JSON.stringify(state)))).toEqual({ state, notes: [] });
    expect(readDeeper({})).toEqual({ state: initial, notes: [] });
  });

  it("replaces what is wrong, and names it", () => {
    const { state, notes } = readDeeper({
      part: "x",
      convolution: { drawing: 3, row: 99 },
      recurrent: [],
      attention: { tokens: ["a"], embeddings: [[1, "2"]], selected: 1 },
      gan: { seed: -1 },
    });
    expect(state.attention).toEqual({
      ...initial.attention,
      tokens: ["a"],
      embeddings: [initial.attention.embeddings[0]],
      selected: 0,
    });
    expect(state.recurrent).toEqual(initial.recurrent);
    expect(notes).toHaveLength(7);
  });

  it("never throws", () => {
    const inner = fc.record(
      {
        convolution: fc.anything(),
        recurrent: fc.anything(),
        attention: fc.anything(),
        gan: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), inner), (json) => {
        expect(readDeeper(readDeeper(json).state).notes).toEqual([]);
      }),
    );
  });
});
