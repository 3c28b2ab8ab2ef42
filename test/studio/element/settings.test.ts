import { describe, expect, it } from "vitest";
import {
  type AttributeTexts,
  readExpression,
  readSettings,
} from "../../../packages/studio/src/element/settings.ts";

const absent: AttributeTexts = { values: "", wrt: "", step: "", view: "" };

function settingsOf(expr: string, texts: Partial<AttributeTexts>) {
  const read = readExpression(expr);
  if ("problem" in read) throw new Error(read.problem.message);
  return readSettings(read.reading, { ...absent, ...texts });
}

describe("settings of the element", () => {
  it("hold what the attributes ask for", () => {
    const read = settingsOf("c(a + 2b)", { values: "a = 3", wrt: "b", step: "2", view: "graph" });
    expect(read).toMatchObject({
      settings: { values: { a: 3 }, wrt: "b", step: 2, view: ["graph"] },
    });
  });

  it("name what an expression lacks", () => {
    const known = "which has the variables";
    expect(settingsOf("x y", { values: "z = 1" })).toEqual({
      problem: `values: must name variables of the expression, ${known} x, y, got "z"`,
    });
    expect(settingsOf("x y", { wrt: "a" })).toEqual({
      problem: `wrt: must name variables of the expression, ${known} x, y, got "a"`,
    });
    expect(settingsOf("1 + 2", { wrt: "a" })).toEqual({
      problem: 'wrt: must name variables of the expression, which has no variable, got "a"',
    });
  });

  it("say where an expression is wrong", () => {
    expect(readExpression("  ")).toEqual({
      problem: {
        message: "must be an expression such as c(a + 2b), got nothing",
        offset: undefined,
      },
    });
    expect(readExpression("c(a + 2b")).toEqual({
      problem: { message: 'expected ")", got end of text', offset: 8 },
    });
  });
});
