import { type Expr, type Program, parameter, topological } from "@chainrule/core";
import { graphLayout, toSvg } from "@chainrule/render";
import { describe, expect, it } from "vitest";
import { draw } from "../../../packages/render/src/graph/draw.ts";
import type { Box } from "../../../packages/render/src/graph/drawing.ts";
import { transformer } from "../transformer.ts";

const program: Program = transformer({ blocks: 104, heads: 24, width: 384, words: 512 });
const { nodes } = topological([...Object.values(program.definitions), program.result]);

/** What folded boxes tell: `1,500 nodes` and `8,864,640 parameters`. */
function told(boxes: readonly Box[], what: "node" | "parameter"): number {
  let sum = 0;
  for (const { lines } of boxes) {
    for (const { text } of lines) {
      const count = new RegExp(`^([\\d,]+) ${what}s?$`).exec(text)?.[1];
      if (count !== undefined) sum += Number(count.replaceAll(",", ""));
    }
  }
  return sum;
}

/** All nodes that get a box, opening whatever is folded until nothing is. */
function unfoldAll(): ReadonlySet<Expr> {
  const open: string[] = [];
  for (;;) {
    const { boxes } = draw(program, { unfold: open });
    const folded = boxes.filter(({ kind }) => kind === "scope");
    if (folded.length === 0) return new Set(boxes.flatMap(({ node }) => node ?? []));
    for (const { id } of folded) open.push(id);
  }
}

const reached = unfoldAll();

describe("a transformer of 100,000 nodes", () => {
  it("has as many", () => {
    expect(nodes.length).toBeGreaterThanOrEqual(100_000);
  });

  it("is a picture of 20 to 200 boxes with shapes and parameter counts", () => {
    const svg = toSvg(program);
    const boxes = [...svg.matchAll(/class="box /g)].length;
    expect(boxes).toBeGreaterThanOrEqual(20);
    expect(boxes).toBeLessThanOrEqual(200);
    for (const text of ["block1 … block5", "1,500 nodes", "8,864,640 parameters", "[512, 384]"]) {
      expect(svg).toContain(`>${text}<`);
    }
    const { width, height } = graphLayout(program);
    expect(width / height).toBeGreaterThan(1);
    expect(width / height).toBeLessThan(6);
    expect(width).toBeLessThan(4_000);
  });

  it("counts every node and every parameter once", () => {
    const { boxes } = draw(program, {});
    const shown = boxes.filter(({ kind }) => kind !== "scope").length;
    expect(told(boxes, "node") + shown).toBe(reached.size);
    const elements = nodes
      .filter(({ op }) => op === parameter.op)
      .map(({ shape }) => shape.reduce<number>((product, dim) => product * (dim as number), 1));
    expect(told(boxes, "parameter")).toBe(elements.reduce((a, b) => a + b, 0));
  });

  it("shows a head when it is unfolded, and leaves the rest folded", () => {
    const { boxes } = graphLayout(program, { unfold: ["block7/attention/head3"] });
    expect(boxes.length).toBeLessThanOrEqual(200);
    const names = boxes.map(({ name }) => name);
    for (const letter of ["Q", "K", "V"]) {
      expect(names).toContain(`block7.attention.head3.${letter}`);
    }
    expect(names).toContain("feedForward");
    expect(boxes.some(({ node }) => node?.op.name === "softmax")).toBe(true);
  });

  it("reaches every node by unfolding, but for numbers, which are written into formulas", () => {
    const inputs = new Set<Expr>();
    for (const node of nodes) {
      const own = node.op === parameter.op || node.op.name === "variable";
      if (own || node.args.some((arg) => inputs.has(arg))) inputs.add(node);
    }
    for (const node of nodes) {
      if (reached.has(node)) continue;
      expect(inputs.has(node)).toBe(false);
      expect(node.shape).toEqual([]);
    }
    expect(inputs.size).toBeGreaterThanOrEqual(100_000);
  });
});
