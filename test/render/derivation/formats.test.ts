import { spawnSync } from "node:child_process";
import { type Expr, mul, Program, parameter, scalar } from "@chainrule/core";
import { abstract } from "@chainrule/core/control";
import { parse } from "@chainrule/core/parse";
import {
  type DerivationOptions,
  derivation,
  derivationDocument,
  derivationHtml,
  derivationLatex,
  derivationMarkdown,
  derivationText,
} from "@chainrule/render";
import katex from "katex";
import { describe, expect, it } from "vitest";
import { describeWith } from "../../support/requireTool.ts";
import { hostileNames } from "../hostileNames.ts";
import { lectureNetwork, RATE } from "./lecture.ts";

const graph = () => parse("d = 2b; e = a + d; L = c e");
const at = { a: 3, b: 1, c: -2 };

const text = (source: string, values?: Record<string, number>, options?: DerivationOptions) =>
  derivationText(derivation(parse(source), values, options));

describe("the computational graph of the lecture", () => {
  const file = (name: string): string => `../snapshots/derivation/${name}`;

  it.each([1, 2, 3] as const)("is derived at level of detail %i", async (detail) => {
    const made = derivationText(derivation(graph(), at, { detail }));
    await expect(made).toMatchFileSnapshot(file(`graph-${detail}.txt`));
  });

  it("is derived in symbols where no values are given", async () => {
    const made = derivationText(derivation(graph()));
    await expect(made).toMatchFileSnapshot(file("graph-symbols.txt"));
  });

  it("is printed as Markdown and LaTeX", async () => {
    const made = derivation(graph(), at);
    await expect(derivationMarkdown(made)).toMatchFileSnapshot(file("graph.md"));
    await expect(derivationLatex(made)).toMatchFileSnapshot(file("graph.tex"));
  });

  it("is derived by upstream derivatives where there are many paths", async () => {
    const program = parse("a = x^2 y; b = sin(a) + a^3; c = a b; L = c exp(-b) + a");
    const made = derivation(program, { x: 0.5, y: -2 }, { digits: 4, update: 0.1, mostPaths: 2 });
    await expect(derivationText(made)).toMatchFileSnapshot(file("adjoints.txt"));
  });
});

describe("a derivation", () => {
  it("names intermediate steps v1, v2 … in forward order, apart from names in use", () => {
    const made = text("c(a + 2b) v2", { a: 1, b: 2, c: 3, v2: 4 });
    expect(made).toContain("v1 = 2b");
    expect(made).toContain("v3 = a + v1");
    expect(made).not.toMatch(/^ +v2 = /m);
  });

  it("names the rules", () => {
    const made = text("y = x^3 sin(x) + e^x / (x - 1)", { x: 2 }, { detail: 3 });
    for (const rule of [
      "power rule",
      "product rule",
      "quotient rule",
      "exponential rule",
      "sum rule",
      "derivative of sin",
    ]) {
      expect(made).toContain(rule);
    }
  });

  it.each([
    ["partial", "∂y/∂x = ∂y/∂v · ∂v/∂x"],
    ["d", "dy/dx = dy/dv · dv/dx"],
    ["prime", "y'(x) = y'(v) · v'(x)"],
    ["bar", "bar(x) = ∂y/∂v · ∂v/∂x"],
    ["delta", "δ_x = ∂y/∂v · ∂v/∂x"],
  ] as const)("writes derivatives as asked: %s", (notation, line) => {
    expect(text("v = x^2; y = sin(v)", { x: 2 }, { notation })).toContain(line);
  });

  it("writes d for a chain of one variable, ∂ for several", () => {
    expect(text("v = x^2; y = sin(v)", { x: 2 })).toContain("dy/dx = dy/dv · dv/dx");
    expect(text("v = x^2; y = sin(v) z", { x: 2, z: 1 })).toContain("∂y/∂x = ∂y/∂v · ∂v/∂x");
  });

  it("enumerates few paths, and sums upstream derivatives of many", () => {
    const source = "a = x^2; b = a^2 + a; c = b^2 + b; y = c^2 + c";
    const many = text(source, { x: 0.5 }, { detail: 3 });
    expect(many).toContain("Upstream derivatives, from the output down");
    expect(many).toMatch(/δ_b += /);
    expect(many).not.toContain("path 2");
    const few = text("a = x^2; y = a^2 + a", { x: 0.5 }, { detail: 3 });
    expect(few).toContain("path 2");
    expect(few).not.toContain("Upstream derivatives");
  });

  it("says that no path leads to an unused variable", () => {
    const [x, y] = [scalar("x"), scalar("y")];
    const program = new Program({ variables: { x, y }, definitions: { z: x.square() } });
    const made = derivationText(derivation(program, { x: 1 }, { wrt: ["y"] }));
    expect(made).toContain("No path leads from y to z:");
    expect(made).toContain("∂z/∂y = 0".replaceAll("∂", made.includes("dz/dy") ? "d" : "∂"));
  });

  it("differentiates functions without a body", () => {
    const [u, v] = [abstract("u"), abstract("v")];
    const y = u(v(scalar("x")));
    const made = derivationText(derivation(new Program({ definitions: { y } })));
    expect(made).toContain("dy/dx = dy/dv1 · dv1/dx   (chain rule)");
    expect(made).toContain("dy/dx = u'(v1) · v'(x)");
  });

  it("shows the raw rule and its collected form", () => {
    const made = text("E = 1/2 (t - o)^2", { t: 1, o: 0.25 }, { wrt: ["o"], detail: 2 });
    expect(derivationText(derivation(lectureNetwork()))).toContain("= out_o1 - target_1");
    expect(made).toContain("∂E/∂o");
  });

  it("substitutes negative numbers in parentheses", () => {
    const made = text("d = 2b; e = a + d; L = c e", { a: 3, b: 1, c: -2 });
    expect(made).toContain("∂L/∂b = -2 · 1 · 2");
    expect(text("y = a b c", { a: 1, b: -2, c: -3 }, { wrt: ["a"], detail: 3 })).toContain("(-2)");
  });

  it("refuses a name that is neither input nor step", () => {
    expect(() => derivation(graph(), at, { wrt: ["q"] })).toThrow(
      'derivation: wrt must be inputs or steps (c, a, b, d, e, L), got "q"',
    );
  });

  it("has formulas that KaTeX sets, whatever the names are", () => {
    const product = hostileNames
      .slice(0, 12)
      .map((name): Expr => parameter(name))
      .reduce((a, b) => mul(a, b));
    for (const made of [
      derivation(product),
      derivation(lectureNetwork(), undefined, { update: RATE }),
    ]) {
      const document = derivationDocument(made);
      let formulas = 0;
      for (const block of document.blocks) {
        if (block.kind !== "equations") continue;
        for (const { left, right } of block.lines) {
          for (const formula of [left, right]) {
            if (formula === undefined) continue;
            formulas++;
            katex.renderToString(formula.latex, { strict: "error" });
          }
        }
      }
      expect(formulas).toBeGreaterThan(10);
    }
  });

  it("prints no name as markup in HTML", () => {
    const product = hostileNames.map((name): Expr => parameter(name)).reduce((a, b) => mul(a, b));
    const html = derivationHtml(derivation(product, undefined, { detail: 1 }));
    expect(html).not.toMatch(/<script|<img|javascript:/i);
  });
});

describeWith("python3", "HTML of derivations", () => {
  it("is well-formed XML, with any names", () => {
    const product = hostileNames
      .filter((name) => name.length < 100)
      .map((name): Expr => parameter(name))
      .reduce((a, b) => mul(a, b));
    for (const made of [
      derivation(product, undefined, { detail: 1 }),
      derivation(lectureNetwork(), undefined, { update: RATE }),
    ]) {
      const { status, stderr } = spawnSync(
        "python3",
        ["-c", "import sys, xml.etree.ElementTree as e; e.fromstring(sys.stdin.buffer.read())"],
        { input: derivationHtml(made), encoding: "utf8" },
      );
      expect(stderr).toBe("");
      expect(status).toBe(0);
    }
  });
});
