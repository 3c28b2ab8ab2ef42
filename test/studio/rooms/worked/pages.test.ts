import type { Block } from "@chainrule/render";
import { documentText } from "@chainrule/render/classroom";
import { describe, expect, it } from "vitest";
import { lectureNumbers, rate } from "../../../../packages/studio/src/rooms/worked/network.ts";
import {
  type PageId,
  type PageNumbers,
  pageIds,
  pageOf,
} from "../../../../packages/studio/src/rooms/worked/pages.ts";
import { train } from "../../../../packages/studio/src/rooms/worked/training.ts";

const { numbers: next } = train(lectureNumbers, rate, 1, false);
const given: PageNumbers = {
  numbers: lectureNumbers,
  next,
  rate,
  biases: false,
  digits: "lecture",
};

function textOf(id: PageId, more: Partial<PageNumbers> = {}): string {
  const { title, blocks } = pageOf(id, { ...given, ...more });
  return documentText({ title: [title], blocks });
}

function holds(text: string, number: string): boolean {
  return new RegExp(`(?<![\\d.])${number.replaceAll(".", "\\.")}(?![\\d])`).test(text);
}

// The lecture's printed numbers, where it prints them.
const printed: Readonly<Partial<Record<PageId, string>>> = {
  hidden: "0.41 0.60108 0.47 0.61538",
  outputs: "1.01977 0.73492 1.26306 0.77955",
  error: "0.23456 0.01452 0.24908",
  w5: "0.68492 0.19480 0.60108 0.08020 0.45187",
  w6: "0.08211 0.55073",
  w7: "-0.17044 0.17184 -0.01760 0.71056",
  w8: "-0.01802 0.81081",
  w1: "0.23978 0.00159 -0.00049 0.00110 0.09933",
  w2: "0.00189 -0.00055 0.00134 0.19919",
  w3: "0.00799 -0.00245 0.00554 0.29667",
  w4: "0.00947 -0.00277 0.00670 0.39597",
  update: "0.09933 0.19919 0.29667 0.39597 0.45187 0.55073 0.71056 0.81081",
  after: "0.24072",
};

describe("the pages of the worked network", () => {
  it.each(Object.entries(printed))("%s prints what the lecture prints", (id, list) => {
    const text = textOf(id as PageId);
    for (const number of list.split(" ")) expect(holds(text, number), number).toBe(true);
  });

  it("prints all digits where asked to", () => {
    expect(textOf("hidden", { digits: "all" })).toContain("0.601087878848369");
    expect(textOf("w1", { digits: "ten" })).toContain("0.001108057960");
    expect(textOf("w1", { digits: "ten" })).not.toContain("0.00110 ");
  });

  it("says each step of the network in symbols first", () => {
    const text = textOf("network");
    expect(text).toContain("sum_o2 = out_h1 w7 + out_h2 w8 + b2");
    expect(text).not.toContain("0.41");
  });

  it("numbers its footnotes from 1, and shows only those it refers to", () => {
    for (const id of pageIds) {
      const { blocks } = pageOf(id, given);
      const marks = blocks.flatMap((block) =>
        block.kind === "equations" ? block.lines.flatMap(({ note }) => note ?? []) : [],
      );
      const notes = blocks.find((block): block is Block & { kind: "notes" } => {
        return block.kind === "notes";
      });
      expect([...new Set(marks)].sort((a, b) => a - b)).toEqual(
        (notes?.items ?? []).map((_, i) => i + 1),
      );
    }
    expect(textOf("w5")).toContain("The printed numbers of this line give 0.45188");
  });

  it("updates the biases too where asked to", () => {
    expect(textOf("update")).not.toContain("new b1");
    expect(textOf("update", { biases: true })).toContain("0.23531");
  });
});

describe("after some steps", () => {
  it("prints trained weights with the digits chosen, not all they have", () => {
    const { numbers } = train(lectureNumbers, rate, 10, false);
    const text = textOf("w5", { numbers });
    expect(text).toContain("≈ 0.01154 - 0.6 · 0.07936");
    expect(text).not.toContain("0.0115451");
  });
});
