import { backprop } from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { chainTable } from "../../../../packages/studio/src/rooms/chainRule/chainTable.ts";
import { gallery } from "../../../../packages/studio/src/rooms/chainRule/gallery.ts";
import {
  inputValues,
  sliderEnd,
} from "../../../../packages/studio/src/rooms/chainRule/inputValues.ts";
import {
  chosenInput,
  lessonOf,
  lostOf,
  positionOf,
} from "../../../../packages/studio/src/rooms/chainRule/lesson.ts";
import { arrowsOf } from "../../../../packages/studio/src/rooms/chainRule/lit.ts";
import {
  rulesOf,
  stepSentence,
  stepTitle,
} from "../../../../packages/studio/src/rooms/chainRule/stepWords.ts";
import { lesson, reading } from "./support.ts";

const lecture = lesson("L = c(a + 2b)", { a: 3, b: 1, c: -2 });

describe("lessonOf", () => {
  it("walks from the inputs forward to the result and back", () => {
    expect(lecture.steps.map(stepTitle)).toEqual([
      "The inputs",
      "Forward: the value of v1",
      "Forward: the value of v2",
      "Forward: the value of L",
      "Backward: ∂L/∂L",
      "Backward: ∂L/∂v2",
      "Backward: ∂L/∂v1",
      "Backward: ∂L/∂c",
      "Backward: ∂L/∂a",
      "Backward: ∂L/∂b",
    ]);
    expect(stepSentence(lecture, 0)).toBe("Step 1 of 10. Inputs: c = -2, a = 3, b = 1");
    expect(stepSentence(lecture, 9)).toBe(
      "Step 10 of 10, backward. ∂L/∂b = ∂L/∂v1 · ∂v1/∂b = -2 · 2 = -4, by constant factor rule",
    );
    expect(stepSentence(lecture, 99)).toBe("");
    expect(rulesOf({ kind: "inputs" })).toBe("");
  });

  it("names every step, so that drawing and walk speak of the same", () => {
    for (const { text, values } of gallery) {
      for (const detail of ["names", "operations"] as const) {
        const { program, steps } = lesson(text, values, detail);
        const names = new Set(program.names.values());
        for (const step of steps) {
          if (step.kind !== "inputs") expect(names).toContain(step.quantity.name);
        }
      }
    }
  });

  it("ends with the derivatives of core's backprop, for every example", () => {
    for (const { text, values } of gallery) {
      const { program, worked } = lesson(text, values);
      const trace = backprop(program, values);
      for (const { by, value } of worked.derivatives) {
        expect(value.value).toBeCloseTo(trace.at(by.node)?.adjoint as number, 12);
      }
    }
  });

  it("keeps its program while only numbers change, so that boxes keep their places", () => {
    const own = reading("y = x^2 + 1");
    const programs = (["names", "names", "operations"] as const).map((detail, i) => {
      const read = lessonOf(own, { x: i + 1 }, detail);
      return "lesson" in read ? read.lesson.program : undefined;
    });
    expect(programs[0]).toBeDefined();
    expect(programs[1] === programs[0]).toBe(true);
    expect(programs[2] === programs[0]).toBe(false);
  });

  it("says what is missing instead of throwing", () => {
    expect(lessonOf(reading("y = x z"), { x: 1 }, "names")).toEqual({
      problem: expect.stringContaining("z"),
    });
  });

  it("takes the last position where a link names a later one, and the first input for an unknown", () => {
    expect(positionOf(lecture, undefined)).toBe(9);
    expect(positionOf(lecture, 4)).toBe(4);
    expect(positionOf(lecture, 400)).toBe(9);
    expect(chosenInput(lecture, "b")).toBe("b");
    expect(chosenInput(lecture, "<img>")).toBe("c");
    expect(chosenInput(lesson("y = 2 + 3"), "x")).toBeUndefined();
  });
});

describe("chainTable", () => {
  it("holds the products whose factors are arrows", () => {
    const table = chainTable(lecture, "b");
    const [product] = table?.products ?? [];
    expect(product?.factors.map(({ of, by }) => `${of.name}/${by.name}`)).toEqual([
      "L/v2",
      "v2/v1",
      "v1/b",
    ]);
    expect(table?.value).toBe("-4");
    expect(table?.document().blocks.length).toBeGreaterThan(0);
  });

  it("adds up what comes by users where the paths are too many", () => {
    const text = "a1 = x + x^2; a2 = a1 + a1^2; a3 = a2 + a2^2; y = a3 + a3^2 + x";
    const table = chainTable(lesson(text, { x: 0.1 }, "operations"), "x");
    expect(table?.derivative.method).toBe("adjoints");
    expect(table?.products.length).toBeGreaterThan(1);
  });
});

describe("arrowsOf", () => {
  it("is one arrow, or two over an output that only adds up", () => {
    const network = gallery.find(({ id }) => id === "network");
    const own = lesson(network?.text ?? "", network?.values);
    expect(arrowsOf(own, { of: "o_1", by: "sum_o1" })).toEqual([{ of: "o_1", by: "sum_o1" }]);
    expect(arrowsOf(own, { of: "E", by: "o_1" })).toEqual([
      { of: "E_1", by: "o_1" },
      { of: "E", by: "E_1" },
    ]);
    expect(arrowsOf(own, { of: "E", by: "w_1" })).toEqual([{ of: "E", by: "w_1" }]);
  });
});

describe("lostOf", () => {
  it("names the first step without a finite value, and what it was made of", () => {
    expect(lostOf(lesson("y = 1 + sqrt(-x)", { x: 2 }))).toBe(
      "v2 is no real number where v1 = −2.",
    );
    expect(lostOf(lesson("y = 1/x", { x: 0 }))).toBe("y is infinite where x = 0.");
    expect(lostOf(lecture)).toBeUndefined();
  });
});

describe("inputValues", () => {
  it("takes the number chosen, else that of the text, else a beginning", () => {
    const own = reading("a = 3; b = 4; y = a b c");
    expect(inputValues(own, { a: 7 })).toEqual({ a: 7, b: 4, c: 0.5 });
    expect(inputValues(reading("y = constructor + x"), {})["constructor"]).toBe(2);
  });

  it("ends sliders at round numbers", () => {
    expect([0, 5, -6, 100].map(sliderEnd)).toEqual([5, 5, 10, 160]);
  });
});
