import { describe, expect, it } from "vitest";
import {
  quizMarks,
  walkMarks,
} from "../../../../packages/studio/src/rooms/chainRule/graphMarks.ts";
import { pathTable } from "../../../../packages/studio/src/rooms/chainRule/pathTable.ts";
import { questionsOf } from "../../../../packages/studio/src/rooms/chainRule/quiz/questions.ts";
import { lesson } from "./support.ts";

const lecture = lesson("d = 2b; e = a + d; L = c e", { a: 3, b: 1, c: -2 });
const sorted = (set: ReadonlySet<string> | undefined): readonly string[] => [...(set ?? [])].sort();

describe("walkMarks", () => {
  it("shows values as far as the walk has come, then adjoints", () => {
    const forward = walkMarks(lecture, 2, [], undefined);
    expect(sorted(forward.values)).toEqual(["a", "b", "c", "d", "e"]);
    expect(sorted(forward.adjoints)).toEqual([]);
    expect(sorted(forward.current)).toEqual(["e"]);
    expect(sorted(forward.walked)).toEqual(["a → e", "d → e"]);
    const backward = walkMarks(lecture, 6, [], undefined);
    expect(sorted(backward.adjoints)).toEqual(["L", "d", "e"]);
    expect(sorted(backward.walked)).toEqual(["d → e"]);
  });

  it("shows all at the end, and lights what is pointed at", () => {
    const marks = walkMarks(lecture, 9, [{ of: "e", by: "d" }], undefined);
    expect(marks.values).toBeUndefined();
    expect(sorted(marks.current)).toEqual(["d", "e"]);
    expect(sorted(marks.walked)).toEqual(["d → e"]);
  });

  it("colours the arrows of each path", () => {
    const marks = walkMarks(lecture, 9, [], pathTable(lecture, "b"));
    expect(marks.paths?.map(sorted)).toEqual([["b → d", "d → e", "e → L"]]);
  });
});

describe("quizMarks", () => {
  it("shows nothing of what is still to be asked", () => {
    for (const question of questionsOf(lecture)) {
      const marks = quizMarks(lecture, question, []);
      const asked = question.kind === "adjoint" ? question.by : "";
      expect(marks.adjoints?.has(asked)).toBe(false);
      for (const step of lecture.steps.slice(question.position)) {
        if (step.kind !== "backward") continue;
        expect(marks.adjoints?.has(step.quantity.name)).toBe(false);
        for (const { user } of step.terms) {
          expect(marks.hidden?.has(`${step.quantity.name} → ${user.name}`)).toBe(true);
        }
      }
    }
  });
});
