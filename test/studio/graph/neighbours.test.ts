import { parse } from "@chainrule/core/parse";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makePicture } from "../../../packages/studio/src/graph/makePicture.ts";
import { isWalkKey, type WalkKey, walkTo } from "../../../packages/studio/src/graph/neighbours.ts";
import { pictureRequest } from "../../../packages/studio/src/graph/pictureRequest.ts";

const picture = makePicture(
  pictureRequest({
    program: parse("d = 2b; e = a + d; L = c e"),
    values: undefined,
    options: {},
  }),
);
const place = (id: string): number => picture.boxes.findIndex((box) => box.id === id);

function walk(from: string, ...keys: readonly WalkKey[]): string | undefined {
  return picture.boxes[keys.reduce((at, key) => walkTo(picture, at, key), place(from))]?.id;
}

describe("walking a graph by keys", () => {
  it("goes along the arrows and against them", () => {
    expect(walk("b", "ArrowRight")).toBe("d");
    expect(walk("b", "ArrowRight", "ArrowRight", "ArrowRight")).toBe("L");
    expect(walk("c", "ArrowRight")).toBe("L");
    expect(walk("d", "ArrowLeft")).toBe("b");
    expect(walk("L", "ArrowRight")).toBe("L");
    expect(walk("a", "ArrowLeft")).toBe("a");
  });

  it("goes across, and to both ends", () => {
    expect(walk("d", "ArrowDown")).toBe("a");
    expect(walk("a", "ArrowUp")).toBe("d");
    expect(walk("a", "Home")).toBe("b");
    expect(walk("a", "End")).toBe("L");
  });

  it("reaches every box from every other", () => {
    const keys: readonly WalkKey[] = ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home"];
    fc.assert(
      fc.property(fc.nat(picture.boxes.length - 1), (start) => {
        const reached = new Set([start]);
        for (const at of reached) for (const key of keys) reached.add(walkTo(picture, at, key));
        expect(reached.size).toBe(picture.boxes.length);
      }),
    );
  });

  it("leaves other keys alone", () => {
    expect(["ArrowLeft", "Home", "a", "Tab", " "].map(isWalkKey)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
