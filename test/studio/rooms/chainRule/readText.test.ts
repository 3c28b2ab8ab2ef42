import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gallery } from "../../../../packages/studio/src/rooms/chainRule/gallery.ts";
import { readText } from "../../../../packages/studio/src/rooms/chainRule/readText.ts";
import { reading } from "./support.ts";

/** What is wrong with a text. */
function problem(text: string): { message: string; offset: number | undefined } | undefined {
  const read = readText(text);
  return "problem" in read ? read.problem : undefined;
}

describe("readText", () => {
  it("reads variables, numbers and warnings", () => {
    const { inputs, given, notes } = reading("a = 3; e = 2x; L = a e^x");
    expect(inputs).toEqual(["a", "x"]);
    expect(given).toEqual({ a: 3 });
    expect(notes.join()).toContain("Euler");
  });

  it("says what is wrong, and where", () => {
    expect(problem("L = c(a + 2b")).toMatchObject({ offset: 12 });
    expect(problem("L = sinn(x)")?.message).toContain("sin");
    expect(problem("")?.message).toContain("expected an expression");
  });

  it("takes vectors element by element, with the text's numbers", () => {
    const { program, inputs, given, notes } = reading("x = [1, 2]; y = sum(x^2)");
    expect(inputs).toEqual(["x_1", "x_2"]);
    expect(given).toEqual({ x_1: 1, x_2: 2 });
    expect(program.result.shape).toEqual([]);
    expect(notes.join()).toContain("element by element");
  });

  it("gives the elements of a definition names of their own", () => {
    const { program } = reading("x: [3]; p = softmax(x); L = -ln(p[2])");
    expect(Object.keys(program.definitions)).toEqual(["p_1", "p_2", "p_3", "L"]);
  });

  it("refuses what is no number, and what is too large", () => {
    expect(problem("x: [3]; y = 2x")?.message).toContain("must be a number");
    expect(problem("y = x < 1")?.message).toContain("must be a number");
    expect(problem(`y = ${"x + ".repeat(6000)}x`)?.message).toContain("20000 letters");
    expect(problem("x: [3000]; y = sum(x^2)")?.message).toContain("fewer nodes");
  });

  it("reads every example of the gallery without a note", () => {
    for (const { text, values, wrt } of gallery) {
      const { inputs, notes } = reading(text);
      expect(notes).toEqual([]);
      expect([...inputs].sort()).toEqual(Object.keys(values).sort());
      expect(inputs).toContain(wrt);
    }
  });

  it("never throws, whatever is typed", () => {
    const signs = fc.constantFrom(..."abx12+-*/^()[]{}|=;:,.σ∂²\n <>&\"'".split(""), "sin", "e^");
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 30 }), fc.string({ maxLength: 20 }), (some, any) => {
        expect(readText(some.join(""))).toBeDefined();
        expect(readText(any)).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });
});
