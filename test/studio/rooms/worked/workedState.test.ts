import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { initial, readWorked } from "../../../../packages/studio/src/rooms/worked/workedState.ts";

describe("the state of the worked network", () => {
  it("comes back from JSON as it was", () => {
    const state = {
      ...initial,
      start: { ...initial.start, w3: -2 },
      steps: 7,
      page: "w4",
    } as const;
    expect(readWorked(JSON.parse(JSON.stringify(state)))).toEqual({ state, notes: [] });
    expect(readWorked(undefined)).toEqual({ state: initial, notes: [] });
  });

  it("replaces what is wrong, and names it", () => {
    const { state, notes } = readWorked({
      start: { w1: "3", w2: 5, zz: 1 },
      rate: -1,
      steps: 2.5,
      page: "<b>",
      digits: 5,
      biases: "no",
    });
    expect(state).toEqual({ ...initial, start: { ...initial.start, w2: 5 } });
    expect(notes.map((note) => note.split(" ")[0])).toEqual([
      "w1",
      "rate",
      "steps",
      "biases",
      "digits",
      "page",
    ]);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.anything(), (json) => {
        const { state } = readWorked(json);
        expect(readWorked(state).notes).toEqual([]);
      }),
    );
  });
});
