import { mul, Program, parameter } from "@chainrule/core";
import { toMermaid } from "@chainrule/render";
import { describe, expect, it } from "vitest";
import { lecture, lectureValues, perceptron } from "../gallery.ts";
import { hostileNames } from "../hostileNames.ts";

describe("toMermaid", () => {
  it("draws the lecture's graph", async () => {
    const text = toMermaid(lecture, { values: lectureValues });
    await expect(text).toMatchFileSnapshot("../snapshots/drawings/lecture.mmd");
  });

  it("draws scopes as subgraphs that end", () => {
    const text = toMermaid(perceptron());
    expect(text.match(/^ {2}subgraph /gm)).toHaveLength(3);
    expect(text.match(/^ {2}end$/gm)).toHaveLength(3);
    expect(text).toContain('subgraph s0["dense1"]');
  });

  it("keeps every name inside its quotes", () => {
    const line =
      /^(?:flowchart LR| {2}n\d+(?:\(\["[^"]*"\]\)|\["[^"]*"\]|\[\["[^"]*"\]\]):::\w+| {2}n\d+ (?:-->|-\.->)(?:\|"[^"]*"\|)? n\d+| {2}subgraph s\d+\["[^"]*"\]| {2}end| {2}classDef .*| {2}linkStyle .*)$/;
    for (const name of hostileNames) {
      const made = mul(parameter(name), parameter("y"));
      const scopes = new Map([[made, [name]]]);
      const text = toMermaid(new Program({ definitions: { [`${name}!`]: made }, scopes }));
      for (const one of text.trimEnd().split("\n")) {
        expect(one).toMatch(line);
        if (/^ {2}(?:classDef|linkStyle) /.test(one)) continue;
        // Breaks of lines are the only markup; what a name has of `<`, `&`, `#` is written by number.
        expect(one.replaceAll("<br/>", "").replace(/#\d+;/g, "")).not.toMatch(/[<>&#`]\w/);
      }
    }
  });
});
