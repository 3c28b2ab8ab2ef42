import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { compileTex } from "../../support/compileTex.ts";
import { describeWith } from "../../support/requireTool.ts";
import { chainrule } from "../support/chainrule.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-paper-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const example = fileURLToPath(new URL("../../../docs/paper/paper.tex", import.meta.url));

function paper(...lines: readonly string[]): string {
  const path = join(folder, "paper.tex");
  writeFileSync(path, lines.join("\n"));
  return path;
}

const model = ["% chainrule: model", "\\[ d = 2b, \\quad L = c (a + d) \\]"];

describe("chainrule check paper.tex", () => {
  it("finds every claim of the example right", async () => {
    const { code, out } = await chainrule("check", example);
    expect(code).toBe(0);
    expect(out).toMatch(/paper\.tex:27:2: ∂L\/∂b = -4: right \(the same value; differences off by/);
    expect(out).toMatch(/6 claims, 6 right, 0 wrong\.\n$/);
  });

  it("says line, right derivative, a point and the faulty factor of a wrong one", async () => {
    const path = paper(
      ...model,
      "% chainrule: claim",
      "\\[ \\frac{\\partial L}{\\partial b} = c \\]",
    );
    const { code, out } = await chainrule("check", path);
    expect(code).toBe(1);
    expect(out).toContain(`${path}:4:4: ∂L/∂b = c: wrong\n  right: 2c\n`);
    expect(out).toMatch(/ {2}at .*c = .* it is -?[\d.]+, not -?[\d.]+\n/);
    expect(out).toMatch(/∂d\/∂b/);
    expect(out).toMatch(/1 claim, 0 right, 1 wrong\.\n$/);
  });

  it("compares numbers at the point of the mark", async () => {
    const claim = (value: string): readonly string[] => [
      ...model,
      "% chainrule: claim b=1 a=3 c=-2",
      `$\\frac{\\partial L}{\\partial b} = ${value}$`,
    ];
    expect((await chainrule("check", paper(...claim("-4")))).code).toBe(0);
    expect((await chainrule("check", paper(...claim("4")))).code).toBe(1);
  });

  it("gives the same as data", async () => {
    const { out } = await chainrule("check", example, "--format", "json");
    const claims = JSON.parse(out);
    expect(claims).toHaveLength(6);
    expect(claims[3]).toMatchObject({
      line: 27,
      column: 2,
      of: "L",
      by: "b",
      answer: "-4",
      correct: true,
    });
    for (const { differences } of claims) expect(differences).toBeLessThan(1e-8);
  });

  it.each([
    ["no mark", ["$x$"], 'there must be a mark "% chainrule: claim", got none'],
    ["an unknown mark", ["% chainrule: proof"], "a mark must be model, claim, figure, derivation"],
    ["no model", ["% chainrule: claim", "$\\frac{dL}{db} = 2$"], "there must be a model before it"],
    ["no formula", ["% chainrule: model", "text"], "a formula must follow the mark"],
    ["no derivative", [...model, "% chainrule: claim", "$b = 2$"], "a claim must be a derivative"],
    [
      "a value that is none",
      [...model, "% chainrule: claim b=x", "$\\frac{\\partial L}{\\partial b} = 2$"],
      'the value of b must be a number, got "x"',
    ],
    [
      "a name that the model lacks",
      [...model, "% chainrule: claim q=1", "$\\frac{\\partial L}{\\partial b} = 2$"],
      "q: a value must belong to a variable (b, c, a)",
    ],
    ["a formula that cannot be read", ["% chainrule: model", "\\[ L = \\foo{x} \\]"], ".tex:2:8: "],
  ])("refuses %s, with the place", async (_name, lines, message) => {
    const path = paper(...lines);
    const { code, out, error } = await chainrule("check", path);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(error).toContain(path);
    expect(error).toContain(message);
  });

  it.each([
    ["\\partial_b L = 2c", "∂L/∂b"],
    ["L_b = 2c", "∂L/∂b"],
    ["\\nabla_b L = 2c", "∂L/∂b"],
    ["\\frac{\\partial}{\\partial b} L = 2c", "∂L/∂b"],
    ["\\dfrac{\\mathrm{d}{L}}{\\mathrm{d}{b}} = 2c", "∂L/∂b"],
    ["\\frac{\\partial L(b)}{\\partial b} = 2c \\quad \\text{(chain rule)}", "∂L/∂b"],
    ["\\delta = \\frac{\\partial L}{\\partial d} = c, \\\\ L_b = 2\\delta", "∂L/∂d"],
    ["\\epsilon = c \\quad L_a \\approx \\epsilon", "∂L/∂a"],
    ["L_b = c \\\\ & \\times 2", "∂L/∂b"],
    ["\\frac{\\partial^2 L}{\\partial b\\,\\partial c} = 2", "∂²L/∂b∂c"],
    ["\\frac{d^{2}}{db^2} L = 0", "∂²L/∂b²"],
    [
      "\\left. \\frac{\\partial L}{\\partial b} \\right|_{c = -2, b = 1, a = 3} = -4",
      "at c = -2, b = 1",
    ],
    ["L_b \\big|_{a=1,b=0,c=0.5} = \\frac{2}{2}", "at a = 1, b = 0, c = 0.5: right"],
  ])("reads the claim %s", async (claim, shown) => {
    const { code, out, error } = await chainrule(
      "check",
      paper(...model, "% chainrule: claim", `\\[ ${claim} \\]`),
    );
    expect([error, code]).toEqual(["", 0]);
    expect(out).toContain(shown);
  });

  it("reads slopes of functions, of any order and at a point", async () => {
    const lines = (claim: string): readonly string[] => [
      ...["% chainrule: model", "\\[ f(x) = x^3 + \\sin x, \\quad a = \\sigma(3x) \\]"],
      ...["% chainrule: claim", `\\[ ${claim} \\]`],
    ];
    const right = [
      "f''(x) = 6x - \\sin x, f'''(x) = 6 - \\cos x, f'(0) = 1, f''(-1) = -6 + \\sin 1",
      "a_x = 3 \\sigma'(3x), \\frac{d^2 a}{dx^2} = 9 \\sigma''(3x), \\frac{da}{dx} |_{x=0} = \\frac34",
      "f'(x) = 3x^2 - \\sin'(x)^2 + \\cos(x) (1 + \\cos x)",
    ];
    const { code, out, error } = await chainrule("check", paper(...lines(right.join(", "))));
    expect([error, code]).toEqual(["", 0]);
    expect(out).toContain(": ∂²f/∂x² = -6 + \\sin 1 at x = -1: right (the same value");
    expect(out).toContain("8 claims, 8 right, 0 wrong.");
    const wrong = await chainrule("check", paper(...lines("f''(1) = 5, a_x = \\sigma'(3x)")));
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain("∂²f/∂x² = 5 at x = 1: wrong\n  right: 6x - sin(x)\n");
    expect(wrong.out).toMatch(/at x = 1 it is 5\.15853, not 5\n/);
  });

  it("reads gradients, element by element", async () => {
    const lines = (claim: string): readonly string[] => [
      ...["% chainrule: model", "\\[ f(x, y) = x^3 y + \\sin y, \\quad L = f(1, y) \\]"],
      ...["% chainrule: claim", `\\[ ${claim} \\]`],
    ];
    const right = [
      "\\nabla f(x, y) = \\left(3x^2 y, x^3 + \\cos(y)\\right)",
      "\\nabla f = \\begin{bmatrix} 3x^2 y \\\\[2pt] x^3 + \\cos y \\end{bmatrix}",
      "\\nabla f |_{x=1, y=0} = \\begin{pmatrix} 0 & 2 \\end{pmatrix}^\\top",
    ];
    const { code, out, error } = await chainrule("check", paper(...lines(right.join(", "))));
    expect([error, code]).toEqual(["", 0]);
    expect(out).toContain("∂f/∂y = x^(3) + cos(y): right");
    expect(out).toContain("6 claims, 6 right, 0 wrong.");
    const wrong = paper(...lines("\\nabla f = (3x^2 y, x^3 + \\sin y)"));
    expect((await chainrule("check", wrong)).out).toContain("function not differentiated: ");
    for (const [claim, message] of [
      ["\\nabla f = (1, 2, 3)", "4:15: the gradient of f(x, y) must have 2 elements, got 3"],
      ["\\nabla f = [2, q + y]", "4:19: names must belong to the program"],
      [
        "\\nabla L = (1, 2)",
        "4:4: a gradient must be of a function of the model, L(x, y) = …, got",
      ],
      ["L_y = 2 \\nabla f", '4:12: a gradient must stand left, as a claim, got "\\nabla f"'],
    ] as const) {
      const refused = await chainrule("check", paper(...lines(claim)));
      expect([claim, refused.code]).toEqual([claim, 2]);
      expect(refused.error).toContain(message);
    }
  });

  it("reads a density, whose σ is a variable, and calls of what was defined", async () => {
    const density = "f(x) = \\frac{1}{\\sigma\\sqrt{2\\pi}} e^{-\\frac{(x-\\mu)^2}{2\\sigma^2}}";
    const claim = (answer: string): readonly string[] => [
      ...["% chainrule: model", `\\[ ${density} \\]`, "% chainrule: claim", `\\[ ${answer} \\]`],
    ];
    const right = await chainrule(
      "check",
      paper(...claim("f'(x) = -\\frac{x-\\mu}{\\sigma^2} f(x)")),
    );
    expect([right.error, right.code]).toEqual(["", 0]);
    const wrong = await chainrule("check", paper(...claim("\\partial_\\sigma f = \\sigma f(y)")));
    expect(wrong.error).toMatch(/:4:\d+: f must be called as it was defined, f\(x\), got "\(y\)"/);
  });

  it("writes out the macros that the paper defines, and tells places by their calls", async () => {
    const lines = (claim: string): readonly string[] => [
      "\\newcommand{\\pd}[2]{\\frac{\\partial #1}{\\partial #2}} % \\newcommand{\\pd}{c}",
      "\\newcommand{\\loss}{\\mathcal{L}} \\def\\sq#1{\\left(#1\\right)^2}",
      "\\DeclareMathOperator*{\\act}{tanh}",
      "\\newcommand\\der[2][\\loss]{\\pd{#1}{#2}}",
      "% chainrule: model",
      "\\[ \\loss = \\tfrac12 \\sq{t - \\act(w)} \\]",
      "%% Chainrule: claim",
      claim,
    ];
    const claim =
      "\\[ \\der{w} = -(t - \\act(w)) (1 - \\sq{\\act(w)}), \\pd{\\loss}{t} = t - \\act(w) \\]";
    const right = await chainrule("check", paper(...lines(claim)));
    expect([right.error, right.code]).toEqual(["", 0]);
    expect(right.out).toContain(`paper.tex:8:${claim.indexOf("\\pd") + 1}: ∂L/∂t`);
    const wrong = await chainrule("check", paper(...lines("\\[ \\der{w} = \\sq{t} + q \\]")));
    expect(wrong.error).toContain("paper.tex:8:23: names must belong to the program");
    const endless = paper("\\def\\a{\\a x}", "% chainrule: model", "\\[ y = \\a \\]");
    expect((await chainrule("check", endless)).error).toContain(
      ":3:8: the macro \\a must come to an",
    );
  });

  it.each([
    ["y = \\foo", "4:8: a command must have a meaning here"],
    [
      "\\frac{\\partial L}{\\partial b} = 2c + q",
      "4:41: names must belong to the program (d, L, b, c, a), got",
    ],
    ["\\frac{\\partial L}{\\partial q} = 2c", "4:4: a name must belong to the program"],
    [
      "\\frac{\\partial^2 L}{\\partial b} = 0",
      "4:4: a derivative of order 2 must be by 2 names, got 1",
    ],
    [
      "\\frac{\\partial^2 L}{\\partial b \\partial q} = 0",
      '4:4: a name must belong to the program, got "q"',
    ],
    ["L_b |_{b=1} = 2c", '4:4: a derivative at a point must be claimed as a number, got "(2 * c)"'],
    ["L_b |_{q=1} = 2", '4:4: a value must belong to a variable (b, c, a), got "q"'],
    ["L_b |_{b=c} = 2", '4:8: behind a bar numbers must stand, |_{x = 1}, got "b=c"'],
    ["L |_{b=1} = 2", "4:4: a claim must be a derivative"],
    ["\\frac{\\partial L}{\\partial b} \\propto 2c", "4:34: a command must have a meaning here"],
    ["\\frac{\\partial L}{\\partial b} = 2(c", "4:37: what is opened here must be closed"],
    [
      "d = 2b, L_b = 2c",
      '4:4: a claim must be a derivative, \\frac{\\partial L}{\\partial b} = …, got "d = …"',
    ],
  ])("tells line and column of what it cannot read in %s", async (claim, message) => {
    const path = paper(...model, "% chainrule: claim", `\\[ ${claim} \\]`);
    const { code, error } = await chainrule("check", path);
    expect(code).toBe(2);
    expect(error).toContain(`${path}:${message}`);
    expect(error).toContain(`\n  \\[ ${claim} \\]\n`);
  });

  it("says which formula is not closed, whatever a comment says", async () => {
    const path = paper(
      ...["% chainrule: model", "\\begin{align} % no \\end{align}", "y = 2 x"],
      ...["% chainrule: claim", "\\[ y_x = 2 \\]"],
    );
    expect((await chainrule("check", path)).error).toContain(
      `${path}:2:1: what is opened here must be closed by "\\end{align}", got the next mark`,
    );
  });

  it("tells the value at the paper's point beside a number that is wrong", async () => {
    const path = paper(...model, "% chainrule: claim a=3 b=1 c=-2", "$L_b = -5$");
    expect((await chainrule("check", path)).out).toContain(
      "at a = 3, b = 1, c = -2 it is -4, not -5",
    );
  });

  it("reads files of other line ends, and never breaks on strange ones", async () => {
    const path = paper(readFileSync(example, "utf8").replaceAll("\n", "\r\n"));
    expect((await chainrule("check", path)).out).toContain(":27:2: ∂L/∂b = -4: right");
    const part = fc.constantFrom(
      ...["% chainrule: model\n", "% chainrule: claim\n", "% chainrule: end\n", "\\[", "\\]", "$"],
      ...[
        "\\begin{align}",
        "\\end{align}",
        "x = 2",
        "\\frac{\\partial x}{\\partial y} =",
        "\\input{/etc/passwd}",
      ],
      ...["{", "}", "&", "\\\\", "% text\n", "\u0000", "😀"],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 25 }), async (parts) => {
        const { code } = await chainrule("check", paper(parts.join("")));
        expect([1, 2]).toContain(code === 0 ? 1 : code);
      }),
      { numRuns: 150 },
    );
  });

  it("needs an answer for what is no file, and a file that is there", async () => {
    expect((await chainrule("check", "L = 2b")).error).toMatch(
      /an answer .* must be given, got none/,
    );
    expect((await chainrule("check", join(folder, "none.tex"))).error).toMatch(/none\.tex/);
  });
});

describe("chainrule weave paper.tex", () => {
  const marked = (inside: string): string =>
    paper(
      ...model,
      "before",
      "% chainrule: derivation wrt=b b=1 a=3 c=-2",
      inside,
      "% chainrule: end",
      "between",
      "% chainrule: figure width=8cm",
      "% chainrule: end",
      "after % chainrule is not meant",
    );

  it("makes figures and derivations anew, once, and leaves every other letter alone", async () => {
    const path = marked("an old derivation");
    expect((await chainrule("weave", path, "--check")).code).toBe(1);
    expect(readFileSync(path, "utf8")).toContain("an old derivation");
    const first = await chainrule("weave", path);
    expect(first).toEqual({ code: 0, out: `${path} is woven.\n`, error: "" });
    const text = readFileSync(path, "utf8");
    expect(text).not.toContain("an old derivation");
    expect(text).toContain("\\frac{\\partial L}{\\partial b} &= -2 \\cdot 2");
    expect(text).toContain("\\begin{tikzpicture}");
    const frame = text.replace(
      /(derivation[^\n]*\n|figure[^\n]*\n)[\s\S]*?(% chainrule: end)/g,
      "$1$2",
    );
    expect(frame).toBe(
      [
        ...model,
        "before",
        "% chainrule: derivation wrt=b b=1 a=3 c=-2",
        "% chainrule: end",
        "between",
        "% chainrule: figure width=8cm",
        "% chainrule: end",
        "after % chainrule is not meant",
      ].join("\n"),
    );
    expect((await chainrule("weave", path)).out).toBe(`${path} is up to date.\n`);
    expect((await chainrule("weave", path, "--check")).code).toBe(0);
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it("keeps the line ends of the file", async () => {
    const path = marked("old");
    writeFileSync(path, readFileSync(path, "utf8").replaceAll("\n", "\r\n"));
    await chainrule("weave", path);
    expect(readFileSync(path, "utf8").replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });

  it("keeps letters that are no UTF-8, the first mark, links and rights", async () => {
    const frame = [
      "% Caf\u00e9",
      ...model,
      "% chainrule: derivation",
      "% chainrule: end",
      "\u00e9",
    ];
    const path = paper(...frame);
    chmodSync(path, 0o640);
    const link = join(folder, "link.tex");
    symlinkSync(path, link);
    writeFileSync(path, Buffer.from(frame.join("\n"), "latin1"));
    expect((await chainrule("weave", link)).code).toBe(0);
    const text = readFileSync(path, "latin1");
    expect(text.startsWith("% Caf\u00e9\n")).toBe(true);
    expect(text.endsWith("% chainrule: end\n\u00e9")).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    writeFileSync(path, `\uFEFF${frame.join("\n")}`);
    expect((await chainrule("weave", link)).code).toBe(0);
    expect(readFileSync(path, "utf8").startsWith("\uFEFF% Caf\u00e9\n")).toBe(true);
    expect((await chainrule("weave", link, "--check")).code).toBe(0);
    rmSync(link);
  });

  it("keeps what stands before in files whose lines end by a return alone", async () => {
    const lines = [
      ...model,
      "before",
      "% chainrule: derivation",
      "old",
      "% chainrule: end",
      "after",
    ];
    const path = paper(lines.join("\r"));
    expect((await chainrule("weave", path)).code).toBe(0);
    const text = readFileSync(path, "utf8");
    expect(text.startsWith(`${lines.slice(0, 4).join("\r")}\r\\section`)).toBe(true);
    expect(text.endsWith("\r% chainrule: end\rafter")).toBe(true);
    expect((await chainrule("weave", path, "--check")).code).toBe(0);
  });

  it.each([
    ["no end", [...model, "% chainrule: figure", "text"], '"% chainrule: end" must follow'],
    ["an end alone", [...model, "% chainrule: end"], "got an end without a beginning"],
    ["nothing to weave", model, 'there must be a mark "% chainrule: figure" or "derivation"'],
    [
      "a definition that is not there",
      [...model, "% chainrule: figure of=Q", "% chainrule: end"],
      'of must be a definition (d, L), got "Q"',
    ],
    [
      "a wrong setting",
      [...model, "% chainrule: derivation digits=99", "% chainrule: end"],
      "digits must be a whole number from 1 to 17",
    ],
  ])("refuses %s, and writes nothing", async (_name, lines, message) => {
    const path = paper(...lines);
    const { code, error } = await chainrule("weave", path);
    expect(code).toBe(2);
    expect(error).toContain(message);
    expect(readFileSync(path, "utf8")).toBe(lines.join("\n"));
  });

  it("keeps the example up to date", async () => {
    expect((await chainrule("weave", example, "--check")).out).toBe(`${example} is up to date.\n`);
  });
});

describeWith("tex", "the example in LaTeX", () => {
  it("compiles as it is", () => {
    expect(compileTex(readFileSync(example, "utf8")).errors).toEqual([]);
  });
});
