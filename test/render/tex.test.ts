import { type Expr, grad, mul, parameter, sum, topological } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { derivation, derivationLatex, toLatex } from "@chainrule/render";
import fc from "fast-check";
import { expect, it } from "vitest";
import { compileTex } from "../support/compileTex.ts";
import { randomProgram } from "../support/randomProgram.ts";
import { describeWith } from "../support/requireTool.ts";
import { lectureNetwork, RATE, WEIGHTS } from "./derivation/lecture.ts";
import { hostileNames } from "./hostileNames.ts";

/** Formulas in a document that needs amsmath alone. */
function documentOf(formulas: readonly string[]): string {
  const head = "\\documentclass{article}\\usepackage{amsmath}\\begin{document}";
  return `${head}\n${formulas.map((latex) => `\\[${latex}\\]`).join("\n")}\n\\end{document}\n`;
}

describeWith("tex", "a real TeX", () => {
  it("compiles random expressions and their gradients with amsmath alone", () => {
    const samples = fc.sample(randomProgram({ size: 8, named: true }), { numRuns: 150, seed: 7 });
    const formulas = samples.flatMap(({ output, inputs }) => {
      const total = output.shape.length === 0 ? output : sum(output);
      const floating = inputs.filter((node) => topological([total]).has(node));
      return [output, ...(grad(total, floating) as readonly Expr[])].map((expr) => toLatex(expr));
    });
    expect(formulas.length).toBeGreaterThan(200);
    expect(compileTex(documentOf(formulas)).errors).toEqual([]);
  }, 180_000);

  it("compiles the lecture's derivation, on pages that hold every line", () => {
    for (const detail of [1, 2, 3] as const) {
      const made = derivation(lectureNetwork(), undefined, {
        wrt: WEIGHTS,
        update: RATE,
        digits: { fixed: 5 },
        rounding: "trunc",
        detail,
      });
      const run = compileTex(derivationLatex(made));
      expect(run.errors).toEqual([]);
      expect(run.pages).toBeGreaterThan(1);
      expect(run.overfull).toBeLessThan(30);
    }
  }, 180_000);

  it("compiles derivations in every notation, in symbols and by upstream derivatives", () => {
    const program = parse("a = x^2 y; b = sin(a) + a^3; c = a b / (1 + b^2); L = c exp(-b) + a");
    for (const notation of ["partial", "d", "prime", "bar", "delta"] as const) {
      for (const values of [{ x: 0.5, y: -2 }, undefined]) {
        const made = derivation(program, values, { notation, mostPaths: 2 });
        expect(compileTex(derivationLatex(made)).errors, notation).toEqual([]);
      }
    }
  }, 180_000);

  it("compiles names of all kinds as they are, or by their numbers", () => {
    const names = hostileNames.filter((name) => name.length < 100);
    const product = names.map((name): Expr => parameter(name)).reduce((a, b) => mul(a, b));
    expect(
      compileTex(derivationLatex(derivation(product, undefined, { detail: 1 }))).errors,
    ).toEqual([]);
  }, 60_000);
});
