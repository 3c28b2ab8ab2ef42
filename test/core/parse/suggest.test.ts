import { describe, expect, test } from "vitest";
import { distance, nearest } from "../../../packages/core/src/parse/suggest.ts";

describe("distance", () => {
  test.each([
    ["", "", 0],
    ["sin", "sin", 0],
    ["sinn", "sin", 1],
    ["sni", "sin", 1],
    ["cso", "sin", 3],
    ["kitten", "sitting", 3],
    ["", "abc", 3],
  ])("%s and %s: %i", (a, b, slips) => {
    expect(distance(a, b)).toBe(slips);
    expect(distance(b, a)).toBe(slips);
  });
});

describe("nearest", () => {
  const names = ["sin", "sinh", "cos", "sqrt", "sigmoid", "logSumExp"];
  test.each([
    ["sinn", "sin"],
    ["Sin", "sin"],
    ["sigmiod", "sigmoid"],
    ["logsumexp", "logSumExp"],
    ["squrt", "sqrt"],
    ["foo", undefined],
    ["x".repeat(100), undefined],
  ])("%s: %s", (name, near) => expect(nearest(name, names)).toBe(near));
});
