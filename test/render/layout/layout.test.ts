import { add, type Expr, mul, Program, scalar, sigmoid } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { type GraphLayout, graphLayout, toSvg, toTikz } from "@chainrule/render";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textWidth } from "../../../packages/render/src/text/measure.ts";
import { randomProgram } from "../../support/randomProgram.ts";
import { readXml } from "../../support/readXml.ts";
import { network, networkValues, perceptron } from "../gallery.ts";

interface Rectangle {
  readonly what: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Boxes and the texts beside arrows as a reader of the file finds them, and the page. */
function rectangles(svg: string): { page: Rectangle; labels: Rectangle[] } {
  const labels: Rectangle[] = [];
  let page: Rectangle | undefined;
  for (const { name, attributes, text } of readXml(svg)) {
    const number = (key: string): number => Number(attributes[key]);
    const rectangle = (): Rectangle => ({
      what: attributes["class"] ?? "",
      left: number("x"),
      top: number("y"),
      right: number("x") + number("width"),
      bottom: number("y") + number("height"),
    });
    if (attributes["class"] === "page") page = rectangle();
    if (attributes["class"] === "shape") labels.push(rectangle());
    if (name !== "text" || !/^halo(?: adjoint)?$/.test(attributes["class"] ?? "")) continue;
    const size = number("font-size");
    const width = textWidth(text, size);
    const anchor = { middle: 0.5, end: 1 }[attributes["text-anchor"] ?? ""] ?? 0;
    const left = number("x") - anchor * width;
    const top = number("y") - 0.8 * size;
    labels.push({ what: text, left, top, right: left + width, bottom: number("y") + 0.2 * size });
  }
  return { page: page as Rectangle, labels };
}

function meeting(labels: readonly Rectangle[]): [string, string][] {
  const out: [string, string][] = [];
  labels.forEach((a, i) => {
    for (const b of labels.slice(0, i)) {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 0.05 && high > 0.05) out.push([a.what, b.what]);
    }
  });
  return out;
}

function check(svg: string): void {
  const { page, labels } = rectangles(svg);
  expect(meeting(labels)).toEqual([]);
  for (const { what, left, top, right, bottom } of labels) {
    expect(left, what).toBeGreaterThanOrEqual(page.left);
    expect(top, what).toBeGreaterThanOrEqual(page.top);
    expect(right, what).toBeLessThanOrEqual(page.right);
    expect(bottom, what).toBeLessThanOrEqual(page.bottom);
  }
}

const direction = fc.constantFrom("LR" as const, "TB" as const);

describe("boxes and labels are disjoint and on the page", () => {
  it("for random graphs of scalars with all numbers", () => {
    const program = randomProgram({ moves: [], size: 14 });
    fc.assert(
      fc.property(program, direction, fc.boolean(), ({ output, values }, towards, merged) => {
        const detail = merged ? "definitions" : "nodes";
        check(toSvg(output, { values, direction: towards, detail }));
      }),
      { numRuns: 150 },
    );
  });

  it("for random graphs of tensors", () => {
    fc.assert(
      fc.property(randomProgram({ named: true, size: 14 }), direction, ({ output }, towards) => {
        check(toSvg(output, { direction: towards }));
      }),
      { numRuns: 100 },
    );
  });

  it("for random scopes, open and folded", () => {
    const program = randomProgram({ size: 14 });
    const labels = fc.array(fc.constantFrom("a", "b", "a b", ""), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(program, labels, fc.boolean(), ({ output }, parts, fold) => {
        const scopes = new Map<Expr, readonly string[]>();
        walk(output).forEach((node, i) => {
          const path = (parts[i % parts.length] as string).split(" ").filter((part) => part !== "");
          if (path.length > 0) scopes.set(node, path);
        });
        check(toSvg(new Program({ definitions: { y: output }, scopes }), { fold }));
      }),
      { numRuns: 100 },
    );
  });

  it("where dagre gives up: long chains, and hundreds of boxes", () => {
    let y: Expr = scalar("x");
    for (let i = 0; i < 2_000; i++) y = sigmoid(y);
    check(toSvg(y, { fold: false }));
    let z: Expr = scalar("x");
    for (let i = 0; i < 150; i++) z = add(mul(z, scalar(`w${i}`)), z);
    check(toSvg(z, { fold: false, values: new Map(inputsOf(z)) }));
    check(toSvg(z, { fold: false, values: new Map(inputsOf(z)), direction: "TB" }));
  });
});

describe("long strips", () => {
  const chain = (length: number): Expr => {
    let y: Expr = scalar("x");
    for (let i = 0; i < length; i++) y = sigmoid(y);
    return y;
  };

  it("are broken into rows as wide as a slide, and arrows lead from row to row", () => {
    for (const direction of ["LR", "TB"] as const) {
      const options = { direction, values: { x: 1 } };
      const { width, height, boxes } = graphLayout(chain(60), options);
      const ratio = direction === "LR" ? width / height : height / width;
      expect(ratio).toBeGreaterThan(0.8);
      expect(ratio).toBeLessThan(5);
      expect(boxes).toHaveLength(61);
      check(toSvg(chain(60), options));
    }
  });

  it("keep inputs in the row of who uses them, and scopes together", () => {
    const scopes = new Map<Expr, readonly string[]>();
    let y: Expr = scalar("x");
    for (let i = 0; i < 40; i++) {
      const product = mul(y, scalar(`w${i}`));
      y = add(product, scalar(`b${i}`));
      if (i > 4 && i < 30) for (const node of [product, y]) scopes.set(node, ["middle"]);
    }
    const program = new Program({ definitions: { y }, scopes });
    const { boxes, width, height } = graphLayout(program);
    expect(width / height).toBeGreaterThan(0.8);
    expect(width / height).toBeLessThan(5);
    const at = new Map(boxes.map((box) => [box.name, box]));
    for (let i = 1; i < 40; i++) {
      const user = boxes.find(({ node }) => node?.args.some((arg) => arg === scalar(`b${i}`)));
      expect(Math.abs((at.get(`b${i}`)?.y as number) - (user?.y as number))).toBeLessThan(250);
    }
    check(toSvg(program));
  });

  it("lead the arrows of a box with many users along one line", () => {
    const shared = scalar("s");
    let y: Expr = scalar("x");
    for (let i = 0; i < 60; i++) y = sigmoid(i % 3 === 0 ? mul(y, shared) : y);
    const { width, height } = graphLayout(y);
    expect(width / height).toBeLessThan(5);
    check(toSvg(y));
  });

  it("of random graphs have no box in the way of their labels", () => {
    fc.assert(
      fc.property(randomProgram({ moves: [], size: 40 }), ({ output, values }) => {
        check(toSvg(output, { values, fold: false }));
      }),
      { numRuns: 60 },
    );
  });
});

describe("pinned positions", () => {
  const places = (layout: GraphLayout): Map<string, string> =>
    new Map(layout.boxes.map(({ name, x, y }) => [name, `${x} ${y}`]));

  it("in are positions out, to the byte", () => {
    for (const program of [network, perceptron()]) {
      const { positions } = graphLayout(program);
      const again = graphLayout(program, { positions });
      expect(again.positions).toEqual(positions);
      const svg = toSvg(program, { positions });
      expect(toSvg(program, { positions: again.positions })).toBe(svg);
    }
  });

  it("stay when the graph is edited, and labels stay apart", () => {
    const values = { a: 3, b: 1, c: -2 };
    const before = graphLayout(parse("d = 2b; e = a + d; L = c e"), { values });
    const edited = parse("d = 2b + sin(b); e = a + d; L = c e");
    const { positions } = before;
    const after = graphLayout(edited, { positions, values });
    for (const name of ["a", "b", "c", "d", "e", "L"]) {
      expect(places(after).get(name), name).toBe(places(before).get(name));
    }
    expect(after.boxes).toHaveLength(8);
    check(toSvg(edited, { positions, values }));
  });

  it("keep nodes without a name by what they are made of", () => {
    const before = graphLayout(parse("sin(x) + cos(x)"));
    const after = graphLayout(parse("exp(x) (sin(x) + cos(x))"), { positions: before.positions });
    const find = ({ boxes }: GraphLayout, op: string): string => {
      const box = boxes.find(({ node }) => node?.op.name === op);
      return `${box?.x} ${box?.y}`;
    };
    for (const op of ["sin", "cos", "add"]) expect(find(after, op), op).toBe(find(before, op));
  });

  it("hold in every format with a layout", () => {
    const program = parse("L = c (a + 2b)");
    const positions = { a: { x: 1000, y: 0 }, b: { x: 1000, y: 200 } };
    const layout = graphLayout(program, { positions });
    expect(layout.positions["a"]).toEqual(positions.a);
    // Pixels times 0.75 are points of TeX, and y grows upwards there.
    expect(toTikz(program, { positions })).toMatch(/\(n\d\) at \(750,-150\) \{\};\n.*\$b\$/);
  });

  it("are free for random edits of places, and nothing overlaps beside them", () => {
    const { positions } = graphLayout(network, { values: networkValues });
    const keys = Object.keys(positions);
    fc.assert(
      fc.property(fc.subarray(keys), (kept) => {
        const pins = Object.fromEntries(kept.map((key) => [key, positions[key] as never]));
        check(toSvg(network, { positions: pins, values: networkValues }));
      }),
      { numRuns: 40 },
    );
  });
});

function walk(output: Expr): Expr[] {
  const seen = new Set<Expr>([output]);
  for (const node of seen) for (const arg of node.args) seen.add(arg);
  return [...seen];
}

function inputsOf(output: Expr): [Expr, number][] {
  return walk(output).flatMap((node, i): [Expr, number][] =>
    node.op.name === "variable" ? [[node, Math.sin(i)]] : [],
  );
}
