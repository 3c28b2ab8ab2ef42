import { evaluate } from "@chainrule/core";
import { derivation, derivationLatex, toDot } from "@chainrule/render";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exported } from "../../../../packages/studio/src/rooms/playground/exported.ts";
import {
  initial,
  readPlayground,
} from "../../../../packages/studio/src/rooms/playground/playgroundState.ts";

describe("the playground's state", () => {
  it("goes through JSON and back", () => {
    const state = {
      ...initial,
      data: "own" as const,
      held: true,
      sharp: true,
      points: [
        [1, -2, 0],
        [0, 0, 1],
      ] as const,
      layers: [3],
      weights: [[1, 2, 3]],
      epoch: 7,
      labels: ["a", "b"],
      axes: ["p", "q"],
      scales: [{ centre: 1, size: 2 }],
    };
    expect(readPlayground(JSON.parse(JSON.stringify(state)))).toEqual({ state, notes: [] });
  });

  it("names what is wrong and keeps its beginning", () => {
    const { state, notes } = readPlayground({
      layers: [99],
      rate: -1,
      points: [[0, 0, 99]],
      features: [],
      weights: [["x"]],
      scales: [{ centre: 0, size: 0 }],
      seed: 1.5,
      batch: 20,
    });
    expect(state).toEqual({ ...initial, batch: 20 });
    expect(notes.map((note) => note.split(" ")[0])).toEqual([
      "points",
      "features",
      "layers",
      "rate",
      "seed",
      "scales",
      "weights",
    ]);
  });

  it("reads anything", () => {
    const keys = Object.keys(initial);
    const hostile = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue());
    fc.assert(
      fc.property(hostile, (json) => {
        const { state } = readPlayground(json);
        expect(Object.keys(state).sort()).toEqual([...keys].sort());
      }),
    );
  });

  it("is a formula with numbers", () => {
    const found = exported({ ...initial, layers: [2] });
    expect(evaluate(found?.expr as never, found?.values as never)).toBeGreaterThan(0);
    expect(toDot(found?.expr as never, { values: found?.values as never })).toContain("digraph");
    expect(exported({ ...initial, data: "own" })).toBeUndefined();
  });

  it("is a formula at its weights, with its derivation", () => {
    const state = { ...initial, layers: [], weights: [[1, 2, 3]] };
    const found = exported(state);
    expect(found?.values["output.weight"]).toEqual([[1], [2]]);
    const text = derivationLatex(
      derivation(found?.expr as never, found?.values as never, found?.wrt as never),
    );
    expect(text).toContain("\\partial");
    expect(exported({ ...state, data: "blobs", weights: [] })?.values["target"]).toHaveLength(1);
  });
});
