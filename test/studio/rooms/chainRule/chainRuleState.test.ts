import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  initial,
  LONGEST_TEXT,
  readChainRule,
} from "../../../../packages/studio/src/rooms/chainRule/chainRuleState.ts";
import { chainRule } from "../../../../packages/studio/src/rooms/chainRule/room.ts";

describe("readChainRule", () => {
  it("reads back what it wrote", () => {
    const states = [
      initial,
      { ...initial, text: "y = x^2", values: { x: 4 }, step: 2, panel: "quiz", question: 3 },
      { ...initial, detail: "operations", way: "sweep", delta: -0.25, wrt: "a" },
    ];
    for (const state of states) {
      const read = readChainRule(JSON.parse(JSON.stringify(state)));
      expect(read).toEqual({ state, notes: [] });
    }
  });

  it("begins anew where a link is wrong, and says so", () => {
    const { state, notes } = readChainRule({
      text: "x".repeat(LONGEST_TEXT + 1),
      values: { a: "<img>" },
      step: -3,
      panel: "<script>",
      delta: Number.NaN,
    });
    expect(state).toEqual(initial);
    expect(notes).toHaveLength(5);
  });

  it("gives another expression no numbers of the first one", () => {
    expect(readChainRule({ text: "y = a + q" }).state.values).toEqual({});
    expect(readChainRule({ text: "y = a + q" }).state.wrt).toBe("");
  });

  it("never throws, whatever a link holds", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const { state } = readChainRule(json);
        expect(typeof state.text).toBe("string");
      }),
      { numRuns: 200 },
    );
    expect(readChainRule(JSON.parse('{"values": {"__proto__": 1}}')).notes).toEqual([]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("the room", () => {
  it("hands what it shows to the export menu, and nothing while a text is half typed", () => {
    expect(chainRule.exported(initial)).toMatchObject({
      name: "chain-rule",
      values: { a: 3, b: 1, c: -2 },
      wrt: "b",
    });
    expect(chainRule.exported({ ...initial, text: "L = c(" })).toBeUndefined();
    expect(chainRule.exported({ ...initial, text: "y = x" })).not.toHaveProperty("wrt");
  });
});
