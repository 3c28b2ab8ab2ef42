import { parse } from "@chainrule/core/parse";
import { describe, expect, it } from "vitest";
import { fileName, formats } from "../../../packages/studio/src/export/formats.ts";
import type { Exported } from "../../../packages/studio/src/rooms/room.ts";

const program = parse("d = 2b; e = a + d; L = c e");
const lecture: Exported = {
  name: "chain-rule",
  expr: program.result,
  program,
  values: { a: 3, b: 1, c: -2 },
  wrt: "b",
};
const texts = formats.filter(({ id }) => id !== "png");

/** What each form must hold of L = c(a + 2b) with ∂L/∂b = −4. */
const marks: Readonly<Record<string, readonly string[]>> = {
  latex: ["c(a + 2b)"],
  "derivation-latex": ["\\frac{\\partial L}{\\partial b}", "-4"],
  markdown: ["\\frac{\\partial L}{\\partial b}", "-4"],
  dot: ["digraph", "d = 2b", "point-size"],
  mermaid: ["flowchart", "∂L/∂b"],
  tikz: ["\\begin{tikzpicture}", "-4"],
  svg: ["<svg", "∂L/∂b = −4"],
  html: ["<!DOCTYPE html>", "∂L/∂b"],
};

describe("forms of export", () => {
  it.each(texts)("$title holds the graph with its numbers", async ({ id, make }) => {
    const text = await make(lecture);
    for (const mark of marks[id] ?? []) expect(text).toContain(mark);
    expect(marks[id]).toBeDefined();
  });

  it("write what has no definitions and no such variable", async () => {
    const bare: Exported = { name: "x", expr: program.definitions.d, values: { b: 3 }, wrt: "z" };
    for (const { make } of texts) expect(String(await make(bare)).length).toBeGreaterThan(5);
  });

  it("are files by names that every system takes", () => {
    const [latex] = formats;
    if (latex === undefined) throw new Error("no formats");
    expect(fileName(lecture, latex)).toBe("chain-rule.tex");
    expect(fileName({ ...lecture, name: "../../a b\u0000<i>" }, latex)).toBe("-a-b-i-.tex");
    expect(fileName({ ...lecture, name: "" }, latex)).toBe("graph.tex");
    expect(fileName({ ...lecture, name: "x".repeat(1000) }, latex)).toHaveLength(84);
  });
});
