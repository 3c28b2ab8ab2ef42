import { type Expr, mul, Program, parameter } from "@chainrule/core";
import { toTikz } from "@chainrule/render";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileTex } from "../../support/compileTex.ts";
import { randomProgram } from "../../support/randomProgram.ts";
import { describeWith } from "../../support/requireTool.ts";
import {
  attention,
  lecture,
  lectureValues,
  looped,
  network,
  networkValues,
  perceptron,
  unrolled,
} from "../gallery.ts";
import { hostileNames } from "../hostileNames.ts";

/** A product of two names, in a scope of the same name, with numbers. */
function named(name: string): { program: Program; values: Map<Expr, number> } {
  const made = mul(parameter(name), parameter("y"));
  const scopes = new Map([[made, [name]]]);
  const program = new Program({ definitions: { [`${name}!`]: made }, scopes });
  return { program, values: new Map(made.args.map((node) => [node, 2])) };
}

describe("toTikz", () => {
  it("draws the lecture's graph", async () => {
    const tikz = toTikz(lecture, { values: lectureValues });
    await expect(tikz).toMatchFileSnapshot("../snapshots/drawings/lecture.tex");
  });

  it("has labels in LaTeX, and all looks in one tikzset", () => {
    const tikz = toTikz(network, { values: networkValues, digits: 5, detail: "definitions" });
    expect(tikz).toContain("$\\mathit{sum}_{h1} = i_{1} w_{1} + i_{2} w_{3} + b_{1}$");
    expect(tikz).toContain("$\\partial E/\\partial w_{5} = 0.080203$");
    expect(tikz.match(/\\tikzset/g)).toHaveLength(1);
    const [, picture] = tikz.split("\\begin{tikzpicture}[chainrule picture]") as [string, string];
    expect(picture).not.toMatch(/rgb|#/);
  });

  it("is a fragment for input where asked", () => {
    const fragment = toTikz(lecture, { standalone: false, width: "0.8\\linewidth" });
    expect(fragment).toMatch(/^\\tikzset\{/);
    expect(fragment).toContain("\\resizebox{0.8\\linewidth}{!}{%");
    expect(fragment).not.toContain("\\documentclass");
  });

  it("takes only lengths for widths", () => {
    expect(() => toTikz(lecture, { width: "1cm}\\input{x" })).toThrow(
      /toTikz: width must be a length such as 12cm or 0.8\\linewidth, got "1cm}/,
    );
  });

  it("uses grey alone where asked", () => {
    const tikz = toTikz(lecture, { values: lectureValues, greyscale: true });
    for (const [, red, green, blue] of tikz.matchAll(/red,(\d+);green,(\d+);blue,(\d+)/g)) {
      expect([green, blue]).toEqual([red, red]);
    }
    expect(tikz).toMatch(/backward\/\.style=\{->.*dashed\}/);
  });

  it("lets no name run as a command", () => {
    for (const name of hostileNames) {
      const { program, values } = named(name);
      const tikz = toTikz(program, { values });
      expect(tikz, name.slice(0, 40)).not.toMatch(/\\input\b/);
      expect(tikz, name.slice(0, 40)).toMatch(/^[\n -~\u00c0-\u00ff]*$/);
    }
  });
});

describeWith(["tex", "tikz"], "a real TeX sets pictures", () => {
  it("of the samples, standalone", () => {
    const samples = [
      toTikz(lecture, { values: lectureValues }),
      toTikz(network, { values: networkValues, digits: 5, detail: "definitions", width: "16cm" }),
      toTikz(perceptron(), { greyscale: true }),
      toTikz(attention(), { direction: "TB" }),
      toTikz(unrolled(3), { fold: true }),
      toTikz(looped()),
    ];
    for (const sample of samples) {
      const run = compileTex(sample);
      expect(run.errors).toEqual([]);
      expect(run.pages).toBe(1);
    }
  }, 240_000);

  it("of hostile names and random graphs, as fragments of one document", () => {
    const pictures = hostileNames.map((name) => {
      const { program, values } = named(name);
      return toTikz(program, { values, standalone: false, width: "10cm" });
    });
    for (const { output, values } of fc.sample(randomProgram({ moves: [], size: 8 }), {
      numRuns: 15,
      seed: 3,
    })) {
      pictures.push(toTikz(output, { values, standalone: false, width: "\\linewidth" }));
    }
    for (const { output } of fc.sample(randomProgram({ named: true }), { numRuns: 15, seed: 4 })) {
      pictures.push(toTikz(output, { standalone: false, width: "\\linewidth" }));
    }
    const head = [
      "\\documentclass{article}",
      "\\usepackage{amsmath,tikz}",
      "\\usetikzlibrary{arrows.meta}",
      "\\begin{document}",
    ];
    const pages = pictures.map((picture) => `\\noindent ${picture}\\newpage`);
    const run = compileTex([...head, ...pages, "\\end{document}"].join("\n"));
    expect(run.errors).toEqual([]);
    expect(run.pages).toBe(pictures.length);
  }, 240_000);
});
