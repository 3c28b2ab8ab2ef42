import { type Expr, evaluate, isFloat, leavesOf, topological, variable } from "@chainrule/core";
import { allOps } from "@chainrule/core/json";
import { describe, expect, it } from "vitest";
import { scalarize } from "../../../packages/core/src/scalarize.ts";
import type { Value } from "../../../packages/core/src/tensor.ts";
import { expectDerivatives, type Point, spread } from "../../support/differences.ts";
import { samples } from "../../support/samples.ts";

const BATCH = 2;

function pointOf(y: Expr): Point {
  const point: Record<string, Value> = {};
  for (const leaf of leavesOf([y])) {
    if (leaf.op !== variable.op) continue;
    const shape = leaf.shape.map((dim) => (typeof dim === "string" ? BATCH : dim));
    const name = leaf.attributes["name"] as string;
    const value = spread(shape, name === "y" ? 3 : 1);
    point[name] = shape.length === 0 ? (value.data[0] as number) : value;
  }
  return point;
}

const elements = (value: Value): readonly number[] =>
  typeof value === "number" ? [value] : [...value.data];

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, item] of actual.entries()) expect(item).toBeCloseTo(expected[i] as number, 10);
}

/** Ops that choose pivots by value: no scalar graph says them. */
const PIVOTING = ["determinant", "inverse", "logDet", "signDet", "solve"];

describe.each(Object.entries(samples))("%s", (name, makers) => {
  it.each(makers.map((make) => make()))("sample %#", (y) => {
    const point = pointOf(y);
    const value = evaluate(y, point);
    expect(topological([y]).nodes.some((node) => node.op.name === name)).toBe(true);
    if (isFloat(y.dtype) && Object.keys(point).length > 0) expectDerivatives(y, point);
    const lowered = y.op.lower?.(y);
    if (lowered !== undefined) {
      expect([lowered.shape, lowered.dtype]).toEqual([y.shape, y.dtype]);
      const given = evaluate([lowered, ...leavesOf([y])], point)[0] as Value;
      expectClose(elements(given), elements(value));
    }
    if (PIVOTING.includes(name)) return;
    const { outputs, inputs } = scalarize([y], { sizes: { batch: BATCH } });
    const given = new Map<Expr, number>();
    for (const [input, { items }] of inputs) {
      const own = elements(point[input.attributes["name"] as string] as Value);
      for (const [i, item] of items.entries()) given.set(item, own[i] as number);
    }
    const scalars = evaluate(outputs[0]?.items ?? [], given, { extra: "allow" });
    expectClose(scalars as number[], elements(value));
  });
});

it("samples belong to ops there are", () => {
  const names = allOps.map((op) => op.name);
  expect(Object.keys(samples).filter((name) => !names.includes(name))).toEqual([]);
});
