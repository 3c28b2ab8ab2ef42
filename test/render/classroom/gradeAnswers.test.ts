import { parse } from "@chainrule/core/parse";
import {
  exerciseLevels,
  exerciseTopics,
  type GivenAnswer,
  gradeAnswers,
  makeExercise,
  makeExercises,
} from "@chainrule/render/classroom";
import { describe, expect, it } from "vitest";
import { valueMistakes } from "../../../packages/render/src/classroom/valueMistakes.ts";

const key = { topic: "graph", level: 1, seed: "42" } as const;
// Exercise 1 of this seed: d = 2b; e = a + d; L = c e at a = -5, b = 2, c = 5.
const mark = (question: string, answer: string) => gradeAnswers([{ ...key, question, answer }])[0];

describe("gradeAnswers", () => {
  it("marks every right answer right, in full and with three digits or five decimals", () => {
    const answers: GivenAnswer[] = [];
    for (const topic of exerciseTopics) {
      for (const level of exerciseLevels) {
        const own = { topic, level, seed: "right" };
        for (const { questions } of makeExercises(own, 10)) {
          for (const { id, kind, answer } of questions) {
            const short = kind === "update" ? answer.toFixed(5) : answer.toPrecision(4);
            answers.push({ ...own, question: id, answer: String(answer) });
            answers.push({ ...own, question: id, answer: short });
          }
        }
      }
    }
    const wrong = gradeAnswers(answers).filter((one) => one.mark !== "right");
    expect(wrong).toEqual([]);
  });

  it("marks and names mistakes", () => {
    expect(mark("1e", "10")).toMatchObject({ mark: "right", mistakes: [] });
    expect(mark("1E", "2c")?.mark).toBe("right");
    expect(mark("1e", "5")).toMatchObject({ mark: "wrong", expected: 10 });
    expect(mark("1e", "5")?.mistakes.map(({ name }) => name)).toContain(
      "inner derivative forgotten",
    );
    expect(mark("1e", "-10")?.mistakes[0]?.name).toBe("sign");
    expect(mark("1e", "c")?.mistakes.map(({ name }) => name)).toContain(
      "inner derivative forgotten",
    );
    expect(mark("1a", "5")).toMatchObject({ mark: "wrong", mistakes: [] });
    expect(mark("1e", " ")?.mark).toBe("missing");
    expect(mark("1e", "2 +")?.mark).toBe("unreadable");
    expect(mark("1e", "u v")?.mark).toBe("unreadable");
  });

  // d = 2b = 4; e = a + d = -1; L = c e = -5.
  it.each([
    ["1a", "2", "factor forgotten", "In 2b, the factor 2 is forgotten."],
    ["1b", "1", "sign", "The sign is wrong."],
    ["1b", "-9", "sign of a term", "a + d was computed as a - d."],
    ["1b", "-20", "product for sum", "a + d was computed as a d."],
    ["1c", "4", "other value", "This is the value of d, not of L."],
    ["1c", "-21", "order of operations", "c e was computed as c a + d."],
    ["1c", "5", "sign", "The sign is wrong."],
  ])("names mistakes in values: %s = %s", (question, answer, name, sentence) => {
    expect(mark(question, answer)?.mistakes).toContainEqual({ name, sentence });
  });

  it("names powers, functions and halves that went wrong", () => {
    const at = { x: 3, y: -2, t: 1 };
    const told = (text: string, wrong: number): string[] => {
      const program = parse(text);
      const of = Object.keys(program.definitions).at(-1) as string;
      return valueMistakes(program, of, at, wrong, 1e-6).map(({ sentence }) => sentence);
    };
    expect(told("u = (x + y)^2", 13)).toContain("(x + y)^2 was computed as x^2 + y^2.");
    expect(told("u = (x y)^2", 12)).toContain("(x y)^2 was computed as x y^2.");
    expect(told("u = y^2", -4)).toContain("y^2 was computed as -y^2.");
    expect(told("z = x + y; o = tanh(z)", 1)).toContain("In tanh(z), the function is forgotten.");
    expect(told("E = 1/2 (t - x)^2", 4)).toContain(
      "In 1 / 2 * (t - x)^2, the factor 1 / 2 is forgotten.",
    );
    expect(told("q = x / y", -2 / 3)).toContain("x / y was computed as y / x.");
    expect(told("u = x^2 + y", 123.4)).toEqual([]);
  });

  it("names no mistake in a right value, and none that gives another number", () => {
    for (const topic of exerciseTopics) {
      for (const { program, problem, questions } of makeExercises(
        { topic, level: 3, seed: "values" },
        5,
      )) {
        for (const { kind, of, answer } of questions) {
          if (kind !== "value") continue;
          expect(valueMistakes(program, of, problem.values, answer + 0.37, 1e-6)).toEqual([]);
        }
      }
    }
  });

  it("recognises steps in the wrong direction, and none", () => {
    const own = { topic: "network", level: 3, seed: "1" } as const;
    const { questions, problem } = makeExercise({ ...own, number: 1 });
    const update = questions.find(({ kind }) => kind === "update");
    const old = problem.values[update?.by ?? ""] ?? Number.NaN;
    const up = 2 * old - (update?.answer ?? 0);
    const graded = gradeAnswers(
      [up, old].map((answer) => ({ ...own, question: update?.id ?? "", answer: String(answer) })),
    );
    expect(graded[0]?.mistakes.map(({ name }) => name)).toContain("sign");
    expect(graded[1]?.mistakes[0]?.name).toBe("not updated");
  });

  it.each([
    ["x", 'a question must be a number and a letter, such as 2b, got "x"'],
    ["1z", 'exercise 1 has questions 1a to 1f, got "1z"'],
  ])("refuses question %s", (question, message) => {
    expect(() => mark(question, "1")).toThrow(message);
  });
});
