import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { functionCompletions, namesOf } from "../../../packages/studio/src/editor/complete.ts";
import { tokenAt } from "../../../packages/studio/src/editor/language.ts";

/** Kinds and texts of a line's tokens. */
function tokens(line: string): readonly string[] {
  const out: string[] = [];
  for (let at = 0; at < line.length; ) {
    const { kind, length } = tokenAt(line.slice(at));
    if (kind !== undefined) out.push(`${kind} ${line.slice(at, at + length)}`);
    at += length;
  }
  return out;
}

describe("tokenAt", () => {
  it("tells names, functions, constants and definitions apart", () => {
    expect(tokens("w_1 = 2.5e-3 sin(π x')")).toEqual([
      "definition w_1",
      "operator =",
      "number 2.5e-3",
      "function sin",
      "bracket (",
      "constant π",
      "variableName x'",
      "bracket )",
    ]);
    expect(tokens("a == b; ∂")).toEqual([
      "variableName a",
      "operator =",
      "operator =",
      "variableName b",
      "separator ;",
    ]);
  });

  it("goes on through any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        expect(tokenAt(text).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe("completions", () => {
  it("offers every function with its arguments", () => {
    const known = new Map(functionCompletions.map(({ label, detail }) => [label, detail]));
    expect(known.get("sin")).toBe("(x)");
    expect(known.get("atan2")).toBe("(x, y)");
    expect(known.get("max")).toContain("…");
  });

  it("offers the names of the text, without functions and what is being typed", () => {
    expect(namesOf("sum_h1 = i_1 w_1; h = sigmoid(sum_h1) + su", "su")).toEqual([
      "sum_h1",
      "i_1",
      "w_1",
    ]);
  });
});
