import { describe, expect, it } from "vitest";
import { boxClass, edgeClass, edgeKey } from "../../../packages/studio/src/graph/marks.ts";

const box = { id: "d", kind: "operation", output: false };

describe("marks of a graph", () => {
  it("show everything unless they say otherwise", () => {
    expect(boxClass(box, {})).toBe("box operation");
    expect(edgeClass("b", "d", {})).toBe("edge");
  });

  it("hide numbers that are still to come", () => {
    const marks = { values: new Set(["b"]), adjoints: new Set<string>() };
    expect(boxClass(box, marks)).toBe("box operation no-value no-adjoint");
    expect(boxClass({ ...box, id: "b", kind: "input" }, marks)).toBe("box input no-adjoint");
    expect(edgeClass("b", "d", marks)).toBe("edge no-adjoint no-value");
    expect(edgeClass("b", "d", { adjoints: new Set(["d"]) })).toBe("edge");
  });

  it("lead the eye to a step", () => {
    const marks = { current: new Set(["d"]), walked: new Set([edgeKey("b", "d")]) };
    expect(boxClass({ ...box, output: true }, marks)).toBe("box operation output current");
    expect(edgeClass("b", "d", marks)).toBe("edge walked");
    expect(edgeClass("a", "d", marks)).toBe("edge");
  });

  it("colour paths in turn, and let the rest be pale", () => {
    const paths = Array.from({ length: 7 }, (_, i) => new Set([edgeKey(`x${i}`, "d")]));
    expect(edgeClass("x0", "d", { paths })).toBe("edge path1");
    expect(edgeClass("x5", "d", { paths })).toBe("edge path6");
    expect(edgeClass("x6", "d", { paths })).toBe("edge path1");
    expect(edgeClass("a", "d", { paths })).toBe("edge pale");
    expect(boxClass(box, { paths })).toBe("box operation");
    expect(boxClass({ ...box, id: "a" }, { paths })).toBe("box operation pale");
  });
});
