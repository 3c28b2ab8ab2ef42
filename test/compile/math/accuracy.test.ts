import { readFileSync } from "node:fs";
import { type MathFunction, mathFunctions } from "@chainrule/compile";
import { describe, expect, it } from "vitest";
import { evaluator } from "../../../packages/compile/scripts/evaluator.ts";
import { randomNumbers } from "../../../packages/compile/scripts/points.ts";
import { ulps } from "../../../packages/compile/scripts/ulps.ts";

type Row = [x: number, y: number, high: number, low: number];

/** Values of 106 bits from mpmath, made by packages/compile/scripts/reference.py. */
const reference = JSON.parse(
  readFileSync(new URL("../fixtures/math.json", import.meta.url), "utf8"),
) as Record<MathFunction, Row[]>;

/** All but the exact. */
const names = (Object.keys(mathFunctions) as MathFunction[]).filter((name) => name !== "mod");
const evaluate = evaluator(names);

/** The bound that the documentation states. */
const bound = 2;

describe.each(names)("%s", (name) => {
  const rows = reference[name];
  const points = Float64Array.from(rows.flatMap((row) => row.slice(0, 2)));

  it.each(["f64", "f64x2"] as const)(`is within ${bound} ulp in %s`, (lane) => {
    const values = evaluate(name, lane, points);
    const wrong = rows.flatMap(([x, y, high, low], i) => {
      const error = ulps(values[i] ?? 0, high, low);
      return error <= bound ? [] : [{ x, y, got: values[i], want: high, error }];
    });
    expect(rows.length).toBeGreaterThan(300);
    expect(wrong).toEqual([]);
  });

  it("has the same bits in one lane and in two", () => {
    expect(evaluate(name, "f64x2", points)).toEqual(evaluate(name, "f64", points));
  });

  it("has the bits it has beside any other argument", () => {
    const random = randomNumbers(7);
    const others = rows.map(() => rows[Math.floor(random() * rows.length)] ?? [0, 0, 0, 0]);
    const mixed = Float64Array.from(
      rows.flatMap(([x, y], i) => [x, y, others[i]?.[0] ?? 0, others[i]?.[1] ?? 0]),
    );
    const values = evaluate(name, "f64x2", mixed).filter((_, i) => i % 2 === 0);
    expect(values).toEqual(evaluate(name, "f64", points));
  });

  // Those with code of their own in single precision: singles.test.ts.
  if (mathFunctions[name].single !== undefined) return;
  it("in f32 is the rounded value of f64", () => {
    const rounded = points.map(Math.fround);
    const wide = evaluate(name, "f64", rounded).map(Math.fround);
    expect(evaluate(name, "f32", rounded)).toEqual(wide);
    expect(evaluate(name, "f32x4", rounded)).toEqual(wide);
  });
});
