import {
  documentLatex,
  exerciseTopics,
  lecture,
  makeExercises,
  sheetLatex,
} from "@chainrule/render/classroom";
import { expect, it } from "vitest";
import { compileTex } from "../../support/compileTex.ts";
import { describeWith } from "../../support/requireTool.ts";

describeWith("tex", "a real TeX", () => {
  it("compiles the lecture, on pages that hold every line", () => {
    const run = compileTex(documentLatex(lecture()));
    expect(run.errors).toEqual([]);
    expect(run.overfull).toBe(0);
    expect(run.pages).toBeGreaterThan(5);
  });

  it.each(exerciseTopics)("compiles sheets on %s", (topic) => {
    const sheets = ["Ada & Co", "50% _#{}"].map((student) => ({
      student,
      exercises: makeExercises({ topic, level: 3, seed: "tex", student }, 3),
    }));
    expect(compileTex(sheetLatex(sheets)).errors).toEqual([]);
  });
});
