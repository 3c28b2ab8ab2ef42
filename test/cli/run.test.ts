import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chainrule } from "./support/chainrule.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("chainrule", () => {
  it("shows the lecture's numbers forward and backward", async () => {
    const { code, out, error } = await chainrule("L = c(a + 2b)", "a=3", "b=1", "c=-2");
    expect(error).toBe("");
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "Forward
        c             = -2
        a             = 3
        b             = 1
        v1  = 2b      = 2
        v2  = a + v1  = 5
        L   = c v2    = -10

      Backward
        ∂L/∂L                            = 1
        ∂L/∂v2  = ∂L/∂L · c = 1 · (-2)   = -2
        ∂L/∂v1  = ∂L/∂v2 · 1 = (-2) · 1  = -2
        ∂L/∂b   = ∂L/∂v1 · 2 = (-2) · 2  = -4
        ∂L/∂a   = ∂L/∂v2 · 1 = (-2) · 1  = -2
        ∂L/∂c   = ∂L/∂L · v2 = 1 · 5     = 5

      Gradient
        ∂L/∂a  = c       = -2  differences -2 ✓
        ∂L/∂b  = 2c      = -4  differences -4 ✓
        ∂L/∂c  = a + 2b  = 5   differences 5 ✓
      "
    `);
  });

  it("runs the lecture's example without arguments, and says what else there is", async () => {
    const { code, out } = await chainrule();
    expect(code).toBe(0);
    expect(out).toContain("-10");
    expect(out).toContain("npm start -- --help");
  });

  it("prints JSON as documented", async () => {
    const { out } = await chainrule("L = c(a + 2b)", "a=3", "b=1", "c=-2", "--format", "json");
    expect(JSON.parse(out)).toEqual({
      outputs: { L: -10 },
      gradients: { L: { a: -2, b: -4, c: 5 } },
      expressions: { L: "c(a + 2b)", "dL/da": "c", "dL/db": "2c", "dL/dc": "a + 2b" },
    });
  });

  it("prints NaN and infinities of JSON as texts", async () => {
    const { out } = await chainrule("y = log(x)", "x=0", "--format", "json");
    expect(JSON.parse(out)).toMatchObject({
      outputs: { y: "-Infinity" },
      gradients: { y: { x: "Infinity" } },
    });
  });

  it("checks derivatives by vectors, at the values given as lists", async () => {
    const point = ["A=[[2,1],[1,3]]", "x=[1,2]"];
    for (const answer of ["dq/dx = A x + A' x", "dq/dx = [8, 14]"]) {
      const { code, out } = await chainrule("check", "q = x' A x", answer, ...point);
      expect(out).toContain("Right: ∂q/∂x = A x + x A");
      expect(code).toBe(0);
    }
  });

  it("takes the shape of a list from its values, and says where the first value is lost", async () => {
    const { out } = await chainrule("y = A x; L = sum(y)", "A=[[1,2],[3,4]]", "x=[1,1]");
    expect(out).toMatch(/∂L\/∂A {2}= ones\(2, 1\) xᵀ +=/);
    const lost = await chainrule("u = a/b; y = exp(u) + a", "a=1", "b=0");
    expect(lost.out).toContain("a / b is Infinity at a = 1, b = 0: the first value that is not");
  });

  it("gives the whole Hessian at order 2", async () => {
    const { out } = await chainrule("f = x^2 y", "x=3", "y=5", "--order", "2", "--format", "json");
    expect(JSON.parse(out).hessian).toEqual({ f: { x: { x: 10, y: 6 }, y: { x: 6, y: 0 } } });
  });

  it("prints formulas alone when there are no values", async () => {
    const { code, out } = await chainrule("x^x", "--order", "2", "--format", "text");
    expect(code).toBe(0);
    expect(out).toBe("f = x^x\nd2f/dx2 = x^x (log(x)^2 + 2log(x) + 1 + 1 / x)\n");
  });

  it("takes values from the text, from files, and from the line, the last winning", async () => {
    const json = file("point.json", '{"b": 1, "a": 100}');
    const { out } = await chainrule(
      ...["c = -2; L = c(a + 2b)", "--values", json, "a=3", "--format", "json"],
    );
    expect(JSON.parse(out).outputs).toEqual({ L: -10 });
    const csv = file("point.csv", "a,b,c\n3,1,-2\n");
    const { out: fromCsv } = await chainrule("c(a + 2b)", "--values", csv, "--format", "json");
    expect(JSON.parse(fromCsv).outputs).toEqual({ f: -10 });
  });

  it("updates by gradient descent, and says why", async () => {
    const { out } = await chainrule(
      "E = 1/2 (t - w)^2",
      "t=1",
      "w=0.5",
      "--update",
      "0.6",
      "--why",
    );
    expect(out).toContain("Update, rate 0.6");
    expect(out).toMatch(/w {2}= 0\.5 - 0\.6 · \(-0\.5\) +(?:.*)= 0\.8/);
    expect(out).toContain("Why");
  });

  it("differentiates functions without a body", async () => {
    const { code, out } = await chainrule("u(v(w(x)))", "--functions", "u,v,w", "--format", "text");
    expect(code).toBe(0);
    expect(out).toContain("u'(v(w(x)))");
  });

  it("reads texts that begin with a minus sign", async () => {
    for (const args of [["-x^2"], ["--", "-x^2"]]) {
      const { code, out } = await chainrule("--format", "text", ...args);
      expect(code).toBe(0);
      expect(out).toContain("df/dx = -2x");
    }
  });

  it("reads a file, and writes one", async () => {
    const source = file("model.txt", "d = 2b\ne = a + d\nL = c e\n");
    const target = join(folder, "out.tex");
    const { code, out } = await chainrule("--file", source, "--format", "latex", "-o", target);
    expect([code, out]).toEqual([0, ""]);
    expect(readFileSync(target, "utf8")).toContain("\\frac{\\partial L}{\\partial b} &= 2c");
  });

  it("tells all options and examples in its first help", async () => {
    const { code, out } = await chainrule("--help");
    expect(code).toBe(0);
    for (const text of ["--wrt", "--update", "--why", "Examples:", "lecture", "--version"]) {
      expect(out).toContain(text);
    }
  });

  it("prints the worked solution, with the lecture's truncated numbers", async () => {
    const network = [
      "sum_h1 = i1 w1 + i2 w3 + b1; sum_h2 = i1 w2 + i2 w4 + b1",
      "out_h1 = sigmoid(sum_h1); out_h2 = sigmoid(sum_h2)",
      "sum_o1 = out_h1 w5 + out_h2 w6 + b2; sum_o2 = out_h1 w7 + out_h2 w8 + b2",
      "out_o1 = sigmoid(sum_o1); out_o2 = sigmoid(sum_o2)",
      "E = 1/2 (t1 - out_o1)^2 + 1/2 (t2 - out_o2)^2",
    ].join("; ");
    const weights = Array.from({ length: 8 }, (_, i) => `w${i + 1}=0.${i + 1}`);
    const values = ["i1=0.1", "i2=0.5", "b1=0.25", "b2=0.35", "t1=0.05", "t2=0.95", ...weights];
    const style = ["--decimals", "5", "--rounding", "trunc", "--update", "0.6", "--wrt", "w5,w1"];
    for (const format of ["derivation", "markdown"]) {
      const { code, out } = await chainrule(network, ...values, ...style, "--format", format);
      expect(code).toBe(0);
      for (const number of ["0.24908", "0.08020", "0.45187", "0.00110", "0.09933"]) {
        expect(out).toContain(number);
      }
    }
  });

  it("says that there is nothing to differentiate by", async () => {
    const { code, out } = await chainrule("1/0");
    expect(code).toBe(0);
    expect(out).toContain("= Infinity");
    expect(out).toContain("There is no variable to differentiate by.");
    expect(out).not.toContain("Backward");
  });

  it("prints a graph as DOT", async () => {
    const { out } = await chainrule("L = c(a + 2b)", "a=3", "b=1", "c=-2", "--format", "dot");
    expect(out).toMatch(/^digraph chainrule \{[\s\S]*\}\n$/);
  });
});

describe("anything a user can get wrong ends with code 2 and one message", () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      "a slip in the syntax",
      ["x +"],
      /line 1, column \d+: expected an expression, got end of text/,
    ],
    ["an unknown function", ["sinn(x)"], /unknown function "sinn", did you mean sin\?/],
    ["a missing value", ["x y", "x=1"], /every variable must have a value, got none for y/],
    [
      "an unused value",
      ["alpha x", "x=1", "alhpa=2"],
      /alhpa: a value must belong.*did you mean alpha/,
    ],
    ["a value that is no number", ["x", "x=abc"], /x: the value must be a number/],
    ["a word that is no value", ["x", "hello"], /name=value, got "hello"/],
    ["two values for one name", ["x", "x=1", "x=2"], /x: one value must be given, got two/],
    ["an empty text", [""], /the text must hold an expression/],
    ["an unreadable file", ["--file", "/nonexistent/model.txt"], /must be readable, got ENOENT/],
    ["an unknown option", ["x", "--ordr", "2"], /unknown option '--ordr'/],
    ["an unknown format", ["x", "--format", "pdf"], /Allowed choices are table, json/],
    ["an order that is none", ["x", "--order", "0"], /must be a whole number from 1/],
    ["an unknown variable", ["alpha x", "--wrt", "alhpa"], /did you mean alpha/],
    ["an unknown definition", ["y = x", "--of", "z"], /must be a definition \(y\), got "z"/],
    ["shapes that do not fit", ["x: [2]; y: [3]; x + y"], /\[2\] and \[3\]/],
    ["a wrong shape of a value", ["x: [2]; sum(x)", "x=[1,2,3]"], /shape must be \[2\], got \[3\]/],
    ["a file that cannot be written", ["x^2", "-o", "/nonexistent/out.txt"], /must be writable/],
    [
      "a list for a scalar",
      ["x = 2; mean(x)", "x=[[1,2,3],[4,5,6]]"],
      /x: the value must be a number, got an array of shape \[2, 3\]; declare it in the text: "x: \[2, 3\]; …"/,
    ],
    ["values that are no JSON", ["x", "--values", file("bad.json", "{")], /must be JSON/],
    [
      "a CSV with a word",
      ["x", "--values", file("bad.csv", "x\nhello\n")],
      /line 2, x: must be a number/,
    ],
  ];
  it.each(cases)("%s", async (_what, args, message) => {
    const { code, error } = await chainrule(...args);
    expect(code).toBe(2);
    expect(error).toMatch(message);
    expect(error).not.toMatch(/\n\s+at /);
    expect(error).not.toMatch(/unexpected (?:Type|Range|Reference)?Error/);
  });
});
