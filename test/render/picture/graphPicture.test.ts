import { parse } from "@chainrule/core/parse";
import { graphLayout, graphPicture, toSvg } from "@chainrule/render";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomScalar } from "../../support/randomScalar.ts";

const program = parse("d = 2b; e = a + d; L = c e; a = 3; b = 1; c = -2");

describe("a picture as data", () => {
  it("holds what the SVG shows: every text and every path, at the same places", () => {
    const svg = toSvg(program, { legend: false });
    const { boxes, edges } = graphPicture(program);
    expect(boxes).toHaveLength(6);
    const texts = [...boxes, ...edges].flatMap((one) => one.texts);
    expect(texts.map(({ text }) => text)).toContain("∂L/∂b = −4");
    for (const { text, x } of texts) {
      expect(svg).toContain(`x="${Math.round(x * 100) / 100}"`);
      expect(svg).toContain(`>${text}</text>`);
    }
    for (const { forward, backward } of edges) {
      expect(svg).toContain(`d="${forward}"`);
      if (backward !== undefined) expect(svg).toContain(`d="${backward}"`);
    }
  });

  it("is plain data but for the nodes, and the same each time", () => {
    const plain = () => {
      const picture = graphPicture(program);
      return { ...picture, boxes: picture.boxes.map(({ node: _, ...box }) => box) };
    };
    expect(structuredClone(plain())).toEqual(plain());
  });

  it("calls one box the output, also where a folded graph names every node", () => {
    const lines = Array.from({ length: 300 }, (_, i) => `h${i + 1} = sin(h${i}) a`);
    const { boxes } = graphPicture(parse(["h0 = x", ...lines].join("\n")));
    expect(boxes.length).toBeLessThan(100);
    expect(boxes.filter(({ output }) => output)).toHaveLength(1);
  });

  it("puts boxes where graphLayout says, and keeps them there", () => {
    fc.assert(
      fc.property(randomScalar, (expr) => {
        const { boxes, positions } = graphPicture(expr);
        expect(positions).toEqual(graphLayout(expr).positions);
        const again = graphPicture(expr, { positions });
        expect(again.boxes.map(({ x, y }) => [x, y])).toEqual(boxes.map(({ x, y }) => [x, y]));
      }),
      { numRuns: 30 },
    );
  });

  it("names folded scopes by what unfolds them", () => {
    const long = parse(
      `y0 = x; ${Array.from({ length: 300 }, (_, i) => `y${i + 1} = sin(y${i})`).join("; ")}`,
    );
    const { boxes } = graphPicture(long, { fold: true });
    const folded = boxes.find(({ scope }) => scope !== undefined);
    const opened = graphPicture(long, { fold: true, unfold: [folded?.scope ?? ""] });
    expect(opened.frames.map(({ id }) => id)).toContain(folded?.scope);
  });
});
