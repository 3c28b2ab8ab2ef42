import { add, type Expr, scalar } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { lectureNetwork, toBeamer } from "@chainrule/render/classroom";
import { describe, expect, it } from "vitest";
import { compileTex } from "../../support/compileTex.ts";
import { describeWith } from "../../support/requireTool.ts";

const graph = toBeamer(parse("d = 2b; e = a + d; L = c e"), { a: 3, b: 1, c: -2 });

/** The slides with a title. */
function slides(deck: string, title: string): string[] {
  return deck.split("\\end{frame}").filter((slide) => slide.includes(`{${title}`));
}

describe("toBeamer", () => {
  it("brings up a step an overlay, forward and backward", () => {
    expect(slides(graph, "Forward")[0]).toMatchInlineSnapshot(`
      "

      \\begin{frame}{Forward: values}
      \\[
      \\begin{aligned}
      \\uncover<1->{d} & \\uncover<1->{{}= 2b {}= 2\\cdot 1 {}= \\alert<1>{2}} \\\\[4pt]
      \\uncover<2->{e} & \\uncover<2->{{}= a + d {}= 3 + 2 {}= \\alert<2>{5}} \\\\[4pt]
      \\uncover<3->{L} & \\uncover<3->{{}= c e {}= -2\\cdot 5 {}= \\alert<3>{-10}}
      \\end{aligned}
      \\]
      "
    `);
    expect(slides(graph, "Backward")[0]).toMatchInlineSnapshot(`
      "

      \\begin{frame}{Backward: upstream times local derivative}
      \\[
      \\begin{aligned}
      \\uncover<1->{\\frac{\\partial L}{\\partial L}} & \\uncover<1->{{}= 1} \\\\[4pt]
      \\uncover<2->{\\frac{\\partial L}{\\partial e}} & \\uncover<2->{{}= \\frac{\\partial L}{\\partial L} \\cdot c {}= 1 \\cdot (-2) {}= \\alert<2>{-2}} \\\\[4pt]
      \\uncover<3->{\\frac{\\partial L}{\\partial d}} & \\uncover<3->{{}= \\frac{\\partial L}{\\partial e} \\cdot 1 {}= (-2) \\cdot 1 {}= \\alert<3>{-2}} \\\\[4pt]
      \\uncover<4->{\\frac{\\partial L}{\\partial b}} & \\uncover<4->{{}= \\frac{\\partial L}{\\partial d} \\cdot 2 {}= (-2) \\cdot 2 {}= \\alert<4>{-4}} \\\\[4pt]
      \\uncover<5->{\\frac{\\partial L}{\\partial a}} & \\uncover<5->{{}= \\frac{\\partial L}{\\partial e} \\cdot 1 {}= (-2) \\cdot 1 {}= \\alert<5>{-2}} \\\\[4pt]
      \\uncover<6->{\\frac{\\partial L}{\\partial c}} & \\uncover<6->{{}= \\frac{\\partial L}{\\partial L} \\cdot e {}= 1 \\cdot 5 {}= \\alert<6>{5}}
      \\end{aligned}
      \\]
      "
    `);
  });

  it("shows formulas where there are no values", () => {
    const deck = toBeamer(parse("L = c(a + 2b)"));
    expect(deck).not.toMatch(/NaN|Inputs|alert/);
    expect(slides(deck, "Backward")[0]).toContain("\\cdot c");
  });

  it("takes the values of the text", () => {
    expect(toBeamer(parse("y = x^2; x = 3"))).toContain("\\alert<1>{9}");
  });

  it("puts sums in parentheses, and rounds as asked", () => {
    const deck = toBeamer(parse("y = sigmoid(x)"), { x: 1 }, { digits: 3 });
    expect(deck).toContain("\\cdot y(1 - y) ");
    expect(deck).toContain("\\alert<2>{0.197}");
    const tangent = toBeamer(parse("y = tanh(x)"), { x: 1 });
    expect(tangent).toContain("\\cdot \\left(1 - y^{2}\\right)");
  });

  it("goes on to the next slide where one is full", () => {
    const deck = toBeamer(lectureNetwork());
    const back = slides(deck, "Backward");
    expect(back.length).toBeGreaterThan(3);
    for (const slide of back) {
      expect((slide.match(/\\\\/g) ?? []).length).toBeLessThan(6);
      expect(slide).toContain("\\uncover<1->");
    }
  });

  it("shows tensors in matrix form, line by line", () => {
    const deck = toBeamer(parse("X: [3, 2]; w: [2]; E = sum((X w)^2)"));
    expect(deck).toContain("\\begin{frame}{Adjoints, from the output down}");
    expect(deck).toContain("X^{\\top}");
    expect(deck).toMatch(/\\uncover<3->/);
  });

  it("escapes names and titles", () => {
    const deck = toBeamer(scalar("\\input{x}").mul(2), undefined, { title: "50% & more_" });
    expect(deck).toContain("\\title{50\\% \\& more\\_}");
    expect(deck).not.toContain("\\input{");
  });

  it("refuses what nobody sits through", () => {
    let sum: Expr = scalar("x");
    for (let i = 0; i < 400; i++) sum = add(sum, i);
    expect(() => toBeamer(sum)).toThrow(
      /toBeamer: an expression must have at most 300 steps, got \d+/,
    );
  });
});

describeWith("tex", "a real TeX", () => {
  it.each([
    ["the lecture's graph", graph],
    ["the lecture's network", toBeamer(lectureNetwork())],
    ["tensors", toBeamer(parse("X: [3, 2]; w: [2]; E = sum((X w)^2)"))],
    ["hard names", toBeamer(scalar("50% {of} \\x_$&#~^").mul(2).exp())],
  ])("compiles %s, on slides that hold every line", (_, deck) => {
    const run = compileTex(deck);
    expect(run.errors).toEqual([]);
    expect(run.overfull).toBe(0);
    expect(run.pages).toBeGreaterThan(5);
  });
});
