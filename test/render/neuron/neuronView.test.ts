import { ArgumentError } from "@chainrule/core";
import { type NeuronModel, neuronView } from "@chainrule/render";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileTex } from "../../support/compileTex.ts";
import { describeWith } from "../../support/requireTool.ts";
import { hostileNames } from "../hostileNames.ts";
import { readXml, textBoxes } from "../plot/readSvg.ts";

/** The lecture's network; output weights are numbered by target. */
const lecture: NeuronModel = {
  layers: [
    { units: 2, name: "inputs" },
    { units: 2, activation: "sigmoid", biases: [0.25, 0.25] },
    { units: 2, activation: "sigmoid", biases: [0.35, 0.35] },
  ],
  weights: [
    [
      [0.1, 0.2],
      [0.3, 0.4],
    ],
    [
      [0.5, 0.7],
      [0.6, -0.8],
    ],
  ],
  names: [
    ["i1", "i2"],
    ["h1", "h2"],
    ["o1", "o2"],
  ],
};

const single: NeuronModel = {
  layers: [{ units: 3 }, { units: 1, activation: "step" }],
  weights: [[[1], [-2], [0.5]]],
};

function textsOf(svg: string): string[] {
  return readXml(svg)
    .filter(({ name }) => name === "text")
    .map(({ text }) => text);
}

describe("neuronView", () => {
  it("shows every weight, bias, name and activation of the lecture's network", () => {
    const texts = textsOf(neuronView(lecture));
    for (const text of ["i1", "h2", "o2", "0.1", "0.4", "0.6", "0.7", "−0.8", "b = 0.35"]) {
      expect(texts).toContain(text);
    }
    expect(texts.filter((text) => text === "sigmoid")).toHaveLength(2);
    expect(texts.filter((text) => text === "b = 0.25")).toHaveLength(2);
  });

  it("tells negative weights by dash as well as by colour", () => {
    const lines = readXml(neuronView(lecture, { greyscale: true })).filter(
      ({ name, attributes }) => name === "line" && attributes["class"] !== "arrow",
    );
    expect(lines).toHaveLength(8);
    expect(lines.filter(({ attributes }) => attributes["stroke-dasharray"])).toHaveLength(1);
  });

  it("names the parts of a biological neuron on request", () => {
    const texts = textsOf(neuronView(single, { biological: true }));
    expect(texts).toEqual(expect.arrayContaining(["dendrites", "synapses", "soma", "axon"]));
    expect(textsOf(neuronView(single))).not.toContain("soma");
    expect(() => neuronView(lecture, { biological: true })).toThrow(
      "neuronView: biological names need a single neuron, got 2-2-2",
    );
  });

  it("folds wide layers and deep networks, and counts what is left out", () => {
    const wide = textsOf(neuronView({ layers: [{ units: 784 }, { units: 10 }] }));
    expect(wide).toContain("775 more");
    expect(wide).toContain("x784");
    const deep = { layers: Array.from({ length: 10_000 }, () => ({ units: 3 })) };
    const svg = neuronView(deep);
    expect(svg.length).toBeLessThan(40_000);
    expect(textsOf(svg)).toContain("… 9992 layers …");
  });

  it("gives the same bytes every time, and the TikZ of the snapshot", () => {
    expect(neuronView(lecture)).toBe(neuronView(lecture));
    expect(neuronView(single, { format: "tikz-fragment" })).toMatchSnapshot();
    const whole = neuronView(single, { format: "tikz" });
    expect(whole).toMatch(/^\\documentclass[\s\S]+\\end\{document\}\n$/);
  });

  it.each(hostileNames)("keeps the name %j text", (name) => {
    const model: NeuronModel = {
      layers: [
        { units: 1, name },
        { units: 1, activation: name, name },
      ],
      names: [[name], [name]],
    };
    const names = new Set(readXml(neuronView(model, { title: name })).map((node) => node.name));
    const known = ["svg", "title", "desc", "style", "rect", "line", "path", "circle", "text"];
    expect([...names].filter((found) => !known.includes(found))).toEqual([]);
    const tikz = neuronView(model, { format: "tikz" });
    expect(tikz).not.toContain("\\input");
    expect(tikz.length).toBeLessThan(6000);
  });

  it("keeps labels inside the page and off each other for random networks", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
    const weight = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(sizes, fc.array(weight, { minLength: 20, maxLength: 20 }), (units, values) => {
        const value = (i: number): number => values[i % values.length] ?? 0;
        const model: NeuronModel = {
          layers: units.map((n) => ({
            units: n,
            activation: "tanh",
            biases: Array.from({ length: n }, (_, i) => value(i + 7)),
          })),
          weights: units
            .slice(1)
            .map((to, l) =>
              Array.from({ length: units[l] ?? 0 }, (_, i) =>
                Array.from({ length: to }, (_, j) => value(5 * i + j)),
              ),
            ),
        };
        const { boxes, page } = textBoxes(neuronView(model, { weightLabels: true }));
        boxes.forEach((box, i) => {
          expect(box.left).toBeGreaterThanOrEqual(0);
          expect(box.right).toBeLessThanOrEqual(page.width);
          expect(box.bottom).toBeLessThanOrEqual(page.height);
          for (const other of boxes.slice(i + 1)) {
            const apart =
              box.right <= other.left ||
              other.right <= box.left ||
              box.bottom <= other.top ||
              other.bottom <= box.top;
            expect(apart, `${box.text} and ${other.text}`).toBe(true);
          }
        });
      }),
    );
  });

  it("refuses sizes that do not fit", () => {
    const bad: [NeuronModel, string][] = [
      [{ layers: [] }, "there must be at least one layer, got none"],
      [{ layers: [{ units: 0 }] }, "layer 0 must have 1 unit or more, got 0"],
      [{ layers: [{ units: 2, biases: [1] }] }, "layer 0 must have 2 biases, got 1"],
      [{ ...single, weights: [] }, "there must be 1 matrices of weights, got 0"],
      [{ ...single, weights: [[[1], [2]]] }, "weights 0 must be 3 × 1, got 2 × 1"],
      [{ layers: [{ units: 1 }], names: [["a", "b"]] }, "at most 1 names, got 2"],
    ];
    for (const [model, message] of bad) {
      expect(() => neuronView(model)).toThrow(ArgumentError);
      expect(() => neuronView(model)).toThrow(message);
    }
  });
});

describeWith(["tex", "tikz"], "a real TeX sets networks", () => {
  it("of the samples, folded ones and single neurons", () => {
    const samples = [
      neuronView(lecture, { format: "tikz" }),
      neuronView(lecture, { format: "tikz", greyscale: true, width: 300, weightLabels: false }),
      neuronView(single, { format: "tikz", biological: true }),
      neuronView({ layers: [{ units: 784 }, { units: 128 }, { units: 10 }] }, { format: "tikz" }),
    ];
    for (const sample of samples) {
      const run = compileTex(sample);
      expect(run.errors).toEqual([]);
      expect(run.pages).toBe(1);
    }
  }, 120_000);

  it("as a fragment for input, with names of all kinds", () => {
    const pictures = hostileNames.map((name) =>
      neuronView(
        {
          layers: [
            { units: 1, name },
            { units: 1, activation: name, name },
          ],
          names: [[name], [name]],
        },
        { format: "tikz-fragment" },
      ),
    );
    const head = "\\documentclass{article}\\usepackage{tikz,amsmath}\\begin{document}";
    const run = compileTex(`${head}\n${pictures.join("\n\n")}\n\\end{document}\n`);
    expect(run.errors).toEqual([]);
    expect(run.pages).toBeGreaterThan(0);
  }, 120_000);
});
