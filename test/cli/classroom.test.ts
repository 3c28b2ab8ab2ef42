import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chainrule } from "./support/chainrule.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-classroom-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("chainrule network", () => {
  it("writes the lecture's network, which is read back and differentiated", async () => {
    const { out, code } = await chainrule("network", "2-2-2", "--activation", "sigmoid");
    expect(code).toBe(0);
    expect(out).toContain("sum_h1 = i1 w1 + i2 w3 + b1\n");
    const path = file("network.txt", out);
    const json = await chainrule("--file", path, "--format", "json");
    const { outputs, gradients } = JSON.parse(json.out);
    expect(outputs.E).toBeCloseTo(0.24908954146037615, 12);
    expect(gradients.E.w5).toBeCloseTo(0.0802031243, 9);
  });

  it("writes to a file", async () => {
    const path = join(folder, "written.txt");
    const { out, code } = await chainrule("network", "3-2-1", "--no-values", "-o", path);
    expect([code, out]).toEqual([0, ""]);
    expect(readFileSync(path, "utf8")).toContain("E = 1/2 (target_1 - out_o1)^2");
  });

  it.each([["2"], ["2-x"], ["0-2"], ["9999-2"]])("refuses %s", async (layers) => {
    const { code, error } = await chainrule("network", layers);
    expect(code).toBe(2);
    expect(error).not.toBe("");
  });
});

describe("chainrule lecture", () => {
  it("prints what was measured of the claims, section by section", async () => {
    const { out } = await chainrule("lecture", "training");
    expect(out).toMatch(
      /Claim 6\. Gradient descent may oscillate indefinitely\.[\s\S]*Verdict: when the rate/,
    );
    const whole = (await chainrule("lecture")).out;
    const order = ["Claim 4.", "Sigmoid", "Claim 21.", "Claim 26.", "Claim 33."];
    const places = order.map((text) => whole.indexOf(text));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  it("measures a claim anew", async () => {
    const { out, code } = await chainrule("lecture", "--claim", "21");
    expect(code).toBe(0);
    expect(out).toMatch(/^21\. [\s\S]*Verdict: false\.\n/);
  });

  it.each([
    [["sigmoid", "--claim", "21"], 'lecture: --claim must stand without a topic, got "sigmoid"'],
    [
      ["--claim", "21", "-o", "x.txt"],
      "'--claim <n>' cannot be used with option '-o, --output <file>'",
    ],
    [["--claim", "21", "--format", "latex"], "cannot be used with option '--format <format>'"],
  ])("refuses what a claim's measurement would not heed: %j", async (args, message) => {
    const { code, error } = await chainrule("lecture", ...args);
    expect(code).toBe(2);
    expect(error).toContain(message);
  });

  it("prints one section", async () => {
    const { out, code } = await chainrule("lecture", "graph");
    expect(code).toBe(0);
    expect(out).toContain("∂L/∂b");
    expect(out).toContain("-10");
  });

  it.each(["markdown", "latex"])("prints everything as %s", async (format) => {
    const { out, code } = await chainrule("lecture", "--format", format);
    expect(code).toBe(0);
    expect(out).toContain("\\frac{\\partial E}{\\partial w_{1}}");
  });

  it("refuses a topic there is not", async () => {
    const { code, error } = await chainrule("lecture", "history");
    expect(code).toBe(2);
    expect(error).toContain('got "history"');
  });
});

describe("chainrule check", () => {
  const text = "L = c(a+2b)";

  it("says that a derivative is right", async () => {
    expect(await chainrule("check", text, "dL/db = 2c")).toEqual({
      code: 0,
      out: "Right: ∂L/∂b = 2c (the difference simplifies to 0).\n",
      error: "",
    });
  });

  it("ends with 1 and names the factor where it is wrong", async () => {
    const { code, out } = await chainrule("check", "d = 2b; e = a + d; L = c e", "L.b = c*1*3");
    expect(code).toBe(1);
    expect(out).toMatchInlineSnapshot(`
      "Wrong: c*1*3 is not ∂L/∂b.
        wrong factor: On the path b → d → e → L the factor ∂d/∂b is 2, not 3.
      Answer: ∂L/∂b = 2c
      "
    `);
  });

  it("checks numbers at a point, negative ones too", async () => {
    const values = ["a=3", "b=1", "c=-2"];
    expect((await chainrule("check", text, "L.b = -4", ...values)).code).toBe(0);
    expect((await chainrule("check", text, "L.b = 4", ...values)).code).toBe(1);
    expect((await chainrule("check", "-x^2", "df/dx = -2x")).code).toBe(0);
  });

  it("prints JSON", async () => {
    const { out } = await chainrule("check", text, "L.b = 2c", "--format", "json");
    expect(JSON.parse(out)).toMatchObject({ of: "L", by: "b", correct: true, expected: "2c" });
  });

  it.each([
    [["check", text, "2c"], "an answer must be written as dL/db = 2c"],
    [["check", text, "L.q = 2"], 'got "q"'],
    [["check", text, "L.b = 4", "a=3"], "every variable must have a value"],
    [["check", text, "L.b = 4", "q=3"], "a value must belong to a variable"],
    [["check", text], "must be given, got none"],
  ])("refuses %j", async (args, message) => {
    const { code, error } = await chainrule(...args);
    expect(code).toBe(2);
    expect(error).toContain(message);
  });
});

describe("chainrule exercise and grade", () => {
  const students = file("class.csv", "student,group\nada,1\nbob,2\n");
  const topic = ["--topic", "graph", "--level", "2", "--count", "2", "--seed", "42"];

  it("gives the same sheet for the same seed", async () => {
    const [first, second] = [
      await chainrule("exercise", ...topic),
      await chainrule("exercise", ...topic),
    ];
    expect(first).toEqual(second);
    expect(first.out).toContain("# Answer key");
    const other = await chainrule("exercise", "--topic", "graph", "--level", "2", "--seed", "43");
    expect(other.out).not.toBe(first.out);
  });

  it.each([
    ["latex", "\\documentclass"],
    ["markdown", "# Exercises: ada"],
    ["moodle", '<question type="cloze">'],
    ["json", '"student": "bob"'],
    ["csv", "bob,graph,2,42,1a,"],
  ])("prints a class as %s", async (format, part) => {
    const { code, out } = await chainrule(
      ...["exercise", ...topic, "--students", students, "--format", format],
    );
    expect(code).toBe(0);
    expect(out).toContain(part);
  });

  it("marks a class's answers and counts its mistakes", async () => {
    const { out } = await chainrule(
      ...["exercise", ...topic, "--students", students, "--format", "json"],
    );
    const lines = ["student;question;answer"];
    for (const { student, exercises } of JSON.parse(out)) {
      for (const { questions } of exercises) {
        for (const { id, kind, answer } of questions) {
          const wrong = student === "bob" && kind === "derivative";
          lines.push(`${student};${id};${wrong ? -answer : answer}`);
        }
      }
    }
    const answers = file("answers.csv", lines.join("\n"));
    const marked = await chainrule("grade", answers, ...topic.slice(0, 4), "--seed", "42");
    expect(marked.error).toBe("");
    expect(marked.code).toBe(0);
    expect(marked.out).toContain("ada: 12 of 12\n");
    expect(marked.out).toContain("bob: 6 of 12\n");
    expect(marked.out).toMatch(/Mistakes: sign \(\d\)/);
  });

  it("reads the table it printed, once it is filled in", async () => {
    const { out } = await chainrule("exercise", ...topic, "--format", "csv");
    const path = file("filled.csv", out.replace(/^(.*,1a,)$/m, "$11000000"));
    const { code, out: told } = await chainrule("grade", path, "--format", "json");
    expect(code).toBe(0);
    const [first, second] = JSON.parse(told);
    expect(first).toMatchObject({ question: "1a", mark: "wrong", seed: "42" });
    expect(second).toMatchObject({ question: "1b", mark: "missing" });
  });

  it.each([
    [["exercise", "--level", "6"], "the level must be a whole number from 1 to 5, got 6"],
    [["exercise", "--level", "x"], "must be a whole number"],
    [["exercise", "--topic", "poetry"], "poetry"],
    [["exercise", "--count", "100000"], "the count must be a whole number from 1 to 500"],
    [["exercise", "--students", "/nowhere.csv"], "must be readable"],
    [["exercise", "--students", file("twice.csv", "student\nada\nada\n")], 'got "ada" twice'],
    [["grade", file("columns.csv", "a,b\n1,2\n")], "the columns must be question and answer"],
    [["grade", file("topic.csv", "question,answer\n1a,2\n")], "line 2: give topic in a column"],
    [
      ["grade", file("level.csv", "question,answer,topic,seed,level\n1a,2,graph,1,x\n")],
      "the level must be",
    ],
  ])("refuses %j", async (args, message) => {
    const { code, error } = await chainrule(...args);
    expect(code).toBe(2);
    expect(error).toContain(message);
  });
});

describe("chainrule --format beamer", () => {
  it("prints a deck of the output asked for", async () => {
    const text = "d = 2b; e = a + d; L = c e";
    const { code, out } = await chainrule(text, "a=3", "b=1", "c=-2", "--format", "beamer");
    expect(code).toBe(0);
    expect(out).toContain("{beamer}");
    expect(out).toContain("\\alert<3>{-10}");
    const inner = await chainrule(text, "a=3", "b=1", "c=-2", "--of", "e", "--format", "beamer");
    expect(inner.out).toContain("\\frac{\\partial e}{\\partial b}");
  });
});
