import { checkGradients, evaluate } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import {
  documentMarkdown,
  type ExerciseKey,
  exerciseLevels,
  exerciseTopics,
  makeExercise,
  makeExercises,
  moodleXml,
  type Sheet,
  sheetDocument,
  sheetLatex,
  sheetsJSON,
} from "@chainrule/render/classroom";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";

const kinds = exerciseTopics.flatMap((topic) =>
  exerciseLevels.map((level) => [topic, level] as const),
);

describe.each(kinds)("exercises on %s, level %i", (topic, level) => {
  const exercises = makeExercises({ topic, level, seed: "law" }, 40);

  it("are those of their seed for ever", () => {
    const [first] = makeExercises({ topic, level, seed: "2026" }, 1);
    const { text, values } = first?.problem ?? {};
    expect({
      text,
      values,
      answers: first?.questions.map(({ answer }) => Number(answer.toFixed(9))),
    }).toMatchSnapshot();
  });

  it("have answers that agree with central differences", () => {
    for (const { program, problem, questions } of exercises) {
      const { entries } = checkGradients(program.result, problem.values);
      for (const { kind, by, answer } of questions) {
        if (kind !== "derivative") continue;
        const entry = entries.find(({ node }) => node === program.variables[by as string]);
        // Some functions are steep beside a pole, where differences have few digits.
        const off = Math.abs((entry?.difference ?? Number.NaN) - answer);
        expect(off).toBeLessThanOrEqual(1e-4 * Math.max(1, Math.abs(answer)));
        expect(entry?.derivative).toBeCloseTo(answer, 9);
      }
    }
  });

  it("are friendly: small answers, different exercises", () => {
    for (const { questions } of exercises) {
      for (const { answer, tolerance } of questions) {
        expect(Math.abs(answer)).toBeLessThanOrEqual(1000);
        expect(tolerance).toBeGreaterThan(0);
        expect(tolerance).toBeLessThanOrEqual(0.011 * Math.max(Math.abs(answer), 1));
      }
    }
    const texts = exercises.map(({ problem }) => problem.text + JSON.stringify(problem.values));
    expect(new Set(texts).size).toBeGreaterThan(topic === "activation" ? 5 : 25);
  });

  it("ask for what the definitions are worth", () => {
    for (const { program, problem, questions } of exercises) {
      for (const { kind, of, answer } of questions) {
        if (kind !== "value") continue;
        const node = program.definitions[of];
        expect(
          node === undefined ? undefined : evaluate(node, problem.values, { extra: "allow" }),
        ).toBeCloseTo(answer, 12);
      }
    }
  });
});

const key = { topic: "network", level: 3, seed: "7" } as const;

describe("makeExercises", () => {
  it("keeps the first ones when more are made", () => {
    const texts = (count: number) => makeExercises(key, count).map(({ problem }) => problem);
    expect(texts(8).slice(0, 3)).toEqual(texts(3));
  });

  it("gives each student numbers of their own", () => {
    const values = ["ada", "bob", undefined].map((student) =>
      JSON.stringify(
        makeExercise({ ...key, number: 1, ...(student === undefined ? {} : { student }) }).problem,
      ),
    );
    expect(new Set(values).size).toBe(3);
  });

  it("asks for new weights by the step, not the weight", () => {
    const { questions } = makeExercise({ ...key, number: 1 });
    const update = questions.find(({ kind }) => kind === "update");
    const slope = questions.find(({ kind, by }) => kind === "derivative" && by === update?.by);
    expect(update?.tolerance).toBeLessThan(0.1 * Math.abs(slope?.answer ?? 0));
  });

  it.each([
    [{ topic: "poetry" }, "the topic must be one of chain, graph, network, activation"],
    [{ level: 6 }, "the level must be a whole number from 1 to 5, got 6"],
    [{ number: 0 }, "the number must be a whole number ≥ 1, got 0"],
  ])("refuses %j", (wrong, message) => {
    const asked = { ...key, number: 1, ...wrong } as ExerciseKey;
    expect(() => makeExercise(asked)).toThrow(message);
  });

  it("refuses counts that are none", () => {
    expect(() => makeExercises(key, 0)).toThrow("the count must be");
    expect(() => makeExercises(key, 1e9)).toThrow("the count must be");
  });
});

function sheet(student: string | undefined, count = 2): Sheet {
  const whose = student === undefined ? {} : { student };
  return {
    student,
    exercises: makeExercises({ topic: "graph", level: 1, seed: "7", ...whose }, count),
  };
}

describe("sheets", () => {
  it("has exercises, key and solutions, or one of them", () => {
    expect(documentMarkdown(sheetDocument([sheet(undefined, 1)]))).toMatchSnapshot();
    const keyOnly = documentMarkdown(sheetDocument([sheet("ada")], "key"));
    expect(keyOnly).toContain("# Answer key: ada");
    expect(keyOnly).not.toContain("Exercise 1");
    expect(documentMarkdown(sheetDocument([sheet("ada")], "exercises"))).not.toContain("Answer");
  });

  it("begins a page for each student", () => {
    const latex = sheetLatex([sheet("ada"), sheet("bob")], "exercises");
    expect(latex.match(/\\clearpage\n\\subsection\*\{Exercises: bob\}/g)).toHaveLength(1);
    expect(latex.match(/\\clearpage/g)).toHaveLength(1);
  });

  it("gives data that is read back", () => {
    const [data] = sheetsJSON([sheet("ada")]);
    expect(data?.student).toBe("ada");
    for (const { text, values, questions } of data?.exercises ?? []) {
      const program = parse(text);
      for (const { formula, answer } of questions) {
        if (formula === undefined) continue;
        const { result } = parse(formula, { variables: program.variables });
        expect(evaluate(result, values, { extra: "allow" })).toBeCloseTo(answer, 12);
      }
    }
  });
});

describe("moodleXml", () => {
  it("is well-formed, whatever students are called", () => {
    const xml = moodleXml([sheet('<b>&"]]>/x', 2)]);
    const texts: string[] = [];
    const parser = new SaxesParser();
    parser.on("error", (error) => {
      throw error;
    });
    parser.on("text", (text) => texts.push(text));
    parser.write(xml).close();
    expect(texts).toContain('$course$/top/chainrule/<b>&"]]>//x');
  });

  // docs.moodle.org, "Moodle XML format": the declaration is the first line, questions stand in a
  // quiz, each with name and questiontext, a category with its path; names are at most 255 letters.
  it("keeps to the rules of the format, for every topic", () => {
    const sheets = kinds.map(([topic, level]): Sheet => {
      const student = `${"ß".repeat(300)} <&> ${topic}`;
      return { student, exercises: makeExercises({ topic, level, seed: "m", student }, 2) };
    });
    const xml = moodleXml(sheets);
    expect(xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<quiz>')).toBe(true);
    const paths = pathsOf(xml);
    expect(new Set(paths.map(({ path }) => path))).toEqual(
      new Set([
        ...["quiz", "quiz/question", "quiz/question/category", "quiz/question/category/text"],
        ...["name", "questiontext", "generalfeedback"].flatMap((part) => [
          `quiz/question/${part}`,
          `quiz/question/${part}/text`,
        ]),
      ]),
    );
    const count = (path: string): number => paths.filter((one) => one.path === path).length;
    expect(count("quiz/question/category/text")).toBe(sheets.length);
    for (const part of ["name", "questiontext", "generalfeedback"]) {
      expect(count(`quiz/question/${part}/text`)).toBe(2 * sheets.length);
    }
    for (const { path, attributes, text } of paths) {
      if (path === "quiz/question") expect(attributes["type"]).toMatch(/^(?:cloze|category)$/);
      if (/(?:questiontext|generalfeedback)$/.test(path)) expect(attributes["format"]).toBe("html");
      if (path.endsWith("/text")) expect(text.trim()).not.toBe("");
      if (path.endsWith("name/text")) expect(text.length).toBeLessThanOrEqual(255);
      // What Moodle shows is a fragment of HTML, which is well-formed too.
      if (/(?:questiontext|generalfeedback)\/text$/.test(path)) pathsOf(`<div>${text}</div>`);
    }
  });

  it("has a field with its tolerance for each number", () => {
    const one = sheet(undefined, 3);
    const xml = moodleXml([one]);
    const fields = [...xml.matchAll(/\{1:NUMERICAL:=(-?[\d.e-]+):([\d.e-]+)\}/g)];
    const questions = one.exercises.flatMap((exercise) => exercise.questions);
    expect(fields.map(([, answer]) => Number(answer))).toEqual(
      questions.map(({ answer }) => answer),
    );
    // Nothing else opens a field.
    expect(xml.match(/\{\d*:/g)).toHaveLength(questions.length);
  });
});

/** Elements by their way from the root, with the text in each. */
function pathsOf(xml: string) {
  const found: { path: string; attributes: Readonly<Record<string, string>>; text: string }[] = [];
  const open: (typeof found)[number][] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const path = [open.at(-1)?.path, name].filter((part) => part !== undefined).join("/");
    const element = { path, attributes: attributes as Record<string, string>, text: "" };
    found.push(element);
    open.push(element);
  });
  parser.on("text", (text) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  });
  parser.on("closetag", () => void open.pop());
  parser.write(xml).close();
  return found;
}
