import {
  exerciseLevels,
  exerciseTopics,
  type GivenAnswer,
  gradeAnswers,
  makeExercise,
  makeExercises,
} from "@chainrule/render/classroom";
import { describe, expect, it } from "vitest";

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
