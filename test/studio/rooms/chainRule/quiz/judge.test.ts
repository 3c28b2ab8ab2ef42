import { describe, expect, it } from "vitest";
import { gallery } from "../../../../../packages/studio/src/rooms/chainRule/gallery.ts";
import type { Lesson } from "../../../../../packages/studio/src/rooms/chainRule/lesson.ts";
import {
  judge,
  LONGEST_ANSWER,
  type Verdict,
} from "../../../../../packages/studio/src/rooms/chainRule/quiz/judge.ts";
import {
  type Question,
  questionAt,
  questionsOf,
} from "../../../../../packages/studio/src/rooms/chainRule/quiz/questions.ts";
import { lesson } from "../support.ts";

const lecture = lesson("d = 2b; e = a + d; L = c e", { a: 3, b: 1, c: -2 });
const unit = lesson("z = w x + b; h = sigmoid(z); E = (1/2)(t - h)^2", {
  w: 0.4,
  x: 0.7,
  b: -0.2,
  t: 0.9,
});

const lessons = { lecture, unit };

function asked(own: Lesson, of: string, by: string): Question {
  const found = questionsOf(own).find((one) => one.of === of && one.by === by);
  if (found === undefined) throw new Error(`∂${of}/∂${by} must be asked`);
  return found;
}

function told(verdict: Verdict): string {
  return verdict.kind === "wrong" ? (verdict.mistakes[0]?.name ?? "") : verdict.kind;
}

/** Right answers changed in one place, and what the page says of each. */
const mutations: readonly (readonly [
  "lecture" | "unit",
  string,
  string,
  string,
  string,
  string,
])[] = [
  ["lecture", "L", "b", "c", "lost factor", "∂d/∂b = 2"],
  ["lecture", "L", "b", "-2c", "sign", "sign"],
  ["lecture", "L", "b", "2", "upstream factor forgotten", "∂L/∂e = c"],
  ["lecture", "L", "b", "2 + c + 1", "sum along a path", "b → d → e → L"],
  ["lecture", "L", "b", "a + 2b", "other variable", "∂L/∂c"],
  ["lecture", "L", "b", "L", "value instead of derivative", "L itself"],
  ["lecture", "L", "b", "1 / (2c)", "reciprocal", "∂L/∂b"],
  ["lecture", "L", "b", "c * 1 * 3", "wrong factor", "∂d/∂b is 2, not 3"],
  ["unit", "E", "w", "(t - h) h (1 - h) x", "target and output exchanged", "t and h"],
  ["unit", "E", "w", "-(t - h) h (1 - h)", "inner derivative forgotten", "= x is missing"],
  ["unit", "E", "w", "-(t - h) x", "factor forgotten", "∂h/∂z"],
  ["unit", "E", "w", "h (1 - h) x", "upstream factor forgotten", "∂E/∂h"],
  ["unit", "E", "w", "-2(t - h) h (1 - h) x", "lost factor", "1 / 2"],
  ["unit", "E", "w", "-(t - h) h x", "function not differentiated", "sigmoid"],
];

describe("judge", () => {
  it.each(mutations)("%s: ∂%s/∂%s is not %s: %s", (which, of, by, answer, name, says) => {
    const own = lessons[which];
    const verdict = judge(own, asked(own, of, by), answer);
    expect(told(verdict)).toBe(name);
    const [first] = verdict.kind === "wrong" ? verdict.mistakes : [];
    expect(first?.sentence).toContain(says);
  });

  it("has a diagnosis of its own for each mutated answer of one question", () => {
    for (const which of ["lecture", "unit"]) {
      const names = mutations.filter(([one]) => one === which).map((row) => row[4]);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it("takes every form of the right answer, and its number", () => {
    for (const answer of ["2c", "c + c", "c * 1 * 2", "-4", "dL/de * 2", "4c / 2", " 2 c ", "−4"]) {
      expect(judge(lecture, asked(lecture, "L", "b"), answer).kind).toBe("right");
    }
    expect(judge(unit, asked(unit, "h", "z"), "h(1 - h)").kind).toBe("right");
    expect(judge(unit, asked(unit, "E", "h"), "h - t").kind).toBe("right");
  });

  it("reads on where an answer is none", () => {
    const question = asked(lecture, "L", "b");
    const unreadable = ["", "  ", "2c +", "q", "dL/db", "∂L / ∂b", "x".repeat(LONGEST_ANSWER + 1)];
    for (const answer of unreadable) {
      expect(judge(lecture, question, answer).kind).toBe("unreadable");
    }
    expect(judge(lecture, question, "<img src=x onerror=alert(1)>").kind).toBe("unreadable");
  });

  it("claims nothing of an answer that no slip explains", () => {
    expect(judge(lecture, asked(lecture, "L", "b"), "17c^3")).toEqual({
      kind: "wrong",
      mistakes: [],
    });
  });
});

describe("questionsOf", () => {
  it("asks local derivatives, then adjoints, from the output down", () => {
    const told = questionsOf(lecture).map(({ kind, of, by }) => `${kind} ${of}/${by}`);
    expect(told).toEqual([
      "adjoint L/e",
      "partial e/d",
      "adjoint L/d",
      "adjoint L/c",
      "partial e/a",
      "adjoint L/a",
      "partial d/b",
      "adjoint L/b",
    ]);
    expect(questionAt(lecture, 8)).toEqual(questionAt(lecture, 0));
    expect(questionAt(lesson("y = 2 + 3"), 0)).toBeUndefined();
  });

  it("knows the answer of every question of every example: its number is right", () => {
    for (const { text, values } of gallery) {
      const own = lesson(text, values);
      for (const question of questionsOf(own)) {
        const step = own.steps[question.position];
        if (step?.kind !== "backward") throw new Error("a question belongs to a step backward");
        const term = step.terms.find(({ local }) => local.component.of.name === question.of);
        const value =
          question.kind === "adjoint"
            ? own.worked.adjoints
                .concat(own.worked.derivatives)
                .find(({ by }) => by.name === question.by)?.value.value
            : term?.local.component.value.value;
        expect(judge(own, question, String(value)).kind).toBe("right");
      }
    }
  });
});
