import { type Expr, grad, mul, Program, parameter, paths } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { graphLayout, toSvg } from "@chainrule/render";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomProgram } from "../../support/randomProgram.ts";
import { readXml, type XmlElement } from "../../support/readXml.ts";
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

const ofClass = (elements: readonly XmlElement[], name: string): XmlElement[] =>
  elements.filter(({ attributes }) => attributes["class"]?.split(" ").includes(name));

const texts = (svg: string): string[] =>
  readXml(svg).flatMap(({ name, text }) => (name === "text" ? [text] : []));

describe("snapshots", () => {
  const samples: Readonly<Record<string, () => string>> = {
    lecture: () => toSvg(lecture, { values: lectureValues }),
    "lecture-symbols": () => toSvg(lecture, { derivatives: true, greyscale: true }),
    "lecture-dark-path": () =>
      toSvg(lecture, {
        values: lectureValues,
        theme: "dark",
        direction: "TB",
        highlight: { x: lecture.variables["b"] as Expr },
      }),
    network: () => toSvg(network, { values: networkValues, digits: 5, detail: "definitions" }),
    perceptron: () => toSvg(perceptron()),
    attention: () => toSvg(attention()),
    recurrent: () => toSvg(unrolled(4)),
    loop: () => toSvg(looped()),
  };
  for (const [name, make] of Object.entries(samples)) {
    it(name, async () => {
      await expect(make()).toMatchFileSnapshot(`../snapshots/drawings/${name}.svg`);
    });
  }
});

describe("toSvg", () => {
  it("shows values, adjoints, local derivatives as symbol and number, and what comes back", () => {
    const shown = texts(toSvg(lecture, { values: lectureValues }));
    for (const text of ["d = 2b", "e = a + d", "L = c·e", "−10", "∂L/∂b = −4", "∂L/∂c = 5"]) {
      expect(shown).toContain(text);
    }
    for (const text of ["c = −2", "e = 5", "+5", "−2"]) expect(shown).toContain(text);
  });

  it("shows the adjoints that grad gives", () => {
    const scalars = randomProgram({ moves: [], size: 8 });
    fc.assert(
      fc.property(scalars, ({ output, values }) => {
        const shown = texts(toSvg(output, { values, fold: false }));
        const x = [...values.keys()].find((node) => graphHas(output, node));
        fc.pre(x !== undefined && output.args.length > 0);
        expect(grad(output, x).shape).toEqual([]);
        expect(shown.some((text) => text.endsWith("= 1"))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it("writes nodes that are used once into a definition's formula, with the chain's derivative", () => {
    const shown = texts(
      toSvg(parse("s = i1 w1 + i2 w2; E = 1/2 (t - s)^2"), {
        values: { i1: 2, w1: 3, i2: 4, w2: 5, t: 30 },
        detail: "definitions",
      }),
    );
    expect(shown).toContain("s = i1·w1 + i2·w2");
    expect(shown).toContain("E = 1/2·(t − s)²");
    expect(shown).toContain("w1 = 3");
    expect(shown).toContain("−(t − s) = −4");
    expect(shown).toContain("t − s = 4");
  });

  it("speaks: a title, a description, and every box by name and content", () => {
    const elements = readXml(toSvg(lecture, { values: lectureValues }));
    const [svg] = elements as [XmlElement];
    expect(svg.attributes["role"]).toBe("graphics-document");
    expect(svg.attributes["aria-labelledby"]).toBe("graph-title graph-desc");
    expect(elements.find(({ name }) => name === "title")?.text).toBe("Computational graph of L");
    expect(elements.find(({ name }) => name === "desc")?.text).toContain("6 boxes and 5 arrows");
    const boxes = ofClass(elements, "box");
    expect(boxes.map(({ attributes }) => attributes["aria-label"])).toEqual([
      "input b, value 1, ∂L/∂b = −4",
      "operation d = 2b, value 2, ∂L/∂d = −2",
      "input a, value 3, ∂L/∂a = −2",
      "operation e = a + d, value 5, ∂L/∂e = −2",
      "input c, value −2, ∂L/∂c = 5",
      "operation L = c·e, value −10, ∂L/∂L = 1",
    ]);
    for (const { attributes } of boxes) expect(attributes["tabindex"]).toBe("0");
  });

  it("tells directions apart without colours", () => {
    const elements = readXml(toSvg(lecture, { values: lectureValues, greyscale: true }));
    for (const { attributes } of elements) {
      for (const name of ["fill", "stroke"]) {
        expect(attributes[name] ?? "none").toMatch(/^(?:none|#(..)\1\1)$/);
      }
    }
    const [forward, backward] = [ofClass(elements, "forward"), ofClass(elements, "backward")];
    expect(backward.length).toBe(forward.length);
    for (const { attributes } of forward) expect(attributes["stroke-dasharray"]).toBeUndefined();
    for (const { attributes } of backward) expect(attributes["stroke-dasharray"]).toBeDefined();
  });

  it("follows the reader's system into the dark, unless a theme is given", () => {
    expect(toSvg(lecture)).toContain("prefers-color-scheme:dark");
    expect(toSvg(lecture, { theme: "light" })).not.toContain("prefers-color-scheme");
    expect(toSvg(lecture, { theme: "dark" })).toContain('class="page"');
  });

  it("takes width and id", () => {
    const [svg] = readXml(toSvg(lecture, { width: 500, id: "my pic" })) as [XmlElement];
    expect(svg.attributes["width"]).toBe("500");
    expect(svg.attributes["id"]).toBe("my-pic");
    const [, , w, h] = (svg.attributes["viewBox"] as string).split(" ").map(Number);
    const ratio = (h as number) / (w as number);
    expect(Number(svg.attributes["height"])).toBeCloseTo(500 * ratio, 1);
  });

  it("is well-formed, and lets no name become markup", () => {
    for (const name of [...hostileNames, "<img src=x onerror=alert(1)>", "]]>", "\ud800"]) {
      const made = mul(parameter(name), parameter("y"));
      const program = new Program({
        definitions: { [`${name}!`]: made },
        scopes: new Map([[made, [name]]]),
      });
      const values = new Map<Expr, number>(made.args.map((node): [Expr, number] => [node, 2]));
      const elements = readXml(toSvg(program, { values, title: name, id: name }));
      const names = new Set(elements.map((element) => element.name));
      expect([...names].sort(), name.slice(0, 40)).toEqual([
        ...["defs", "desc", "g", "marker", "path", "rect", "style", "svg", "text", "title"],
      ]);
      for (const { attributes } of elements) {
        for (const key of Object.keys(attributes)) expect(key).not.toMatch(/^on|href/);
      }
      expect(ofClass(elements, "box"), name.slice(0, 40)).toHaveLength(3);
    }
  });

  it("has no foreign objects and no reference to elsewhere", () => {
    const svg = toSvg(network, { values: networkValues });
    expect(svg).not.toMatch(/foreignObject|<image|<use|@import|url\((?!#)/);
    expect([...svg.matchAll(/https?:\/\/[^"]*/g)].map(([url]) => url)).toEqual([
      "http://www.w3.org/2000/svg",
    ]);
  });

  it("is well-formed for random graphs", () => {
    fc.assert(
      fc.property(randomProgram({ named: true }), ({ output }) => {
        expect(readXml(toSvg(output)).length).toBeGreaterThan(5);
      }),
      { numRuns: 60 },
    );
  });

  it("gives the same bytes for the same text", () => {
    const make = (): string => toSvg(parse("a b + sin(a b)"), { values: { a: 1, b: 2 } });
    expect(make()).toBe(make());
  });
});

describe("highlighting", () => {
  const pale = (svg: string): string[] =>
    readXml(svg).flatMap(({ attributes }) => {
      const label = attributes["aria-label"];
      return label !== undefined && attributes["opacity"] !== undefined ? [label] : [];
    });
  const { a, b, c } = lecture.variables as Record<string, Expr>;

  it("of a derivative leaves out what it does not go through", () => {
    expect(pale(toSvg(lecture, { highlight: { x: b as Expr } }))).toEqual(["input a", "input c"]);
    const y = lecture.definitions["e"] as Expr;
    expect(pale(toSvg(lecture, { highlight: { y, x: a as Expr } }))).toEqual([
      ...["input b", "operation d = 2b", "input c", "operation L = c·e"],
    ]);
  });

  it("of a path leaves out the others", () => {
    const program = parse("u = x^2; v = sin(x); L = u v");
    const x = program.variables["x"] as Expr;
    const [first] = [...paths(program.result, x)];
    const svg = toSvg(program, { highlight: first as NonNullable<typeof first> });
    expect(pale(svg)).toEqual(["operation v = sin(x)"]);
  });

  it("refuses a node that is not there", () => {
    expect(() => toSvg(lecture, { highlight: { x: parameter("z"), y: c as Expr } })).toThrow(
      /highlight: x must be a node of the drawing, got parameter/,
    );
  });
});

function graphHas(output: Expr, node: Expr): boolean {
  return graphLayout(output, { fold: false }).boxes.some((box) => box.node === node);
}
