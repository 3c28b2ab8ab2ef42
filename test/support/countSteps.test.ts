import { type Expr, scalar, sigmoid, topological } from "@chainrule/core";
import { expect, it } from "vitest";
import { countSteps } from "./countSteps.ts";

function chain(length: number): Expr {
  let y: Expr = scalar("x_steps");
  for (let i = 0; i < length; i++) y = sigmoid(y);
  return y;
}

it("counts calls and loops in proportion, also when the code has been hot for long", () => {
  const steps = [1_000, 10_000, 100_000, 1_000].map((length) => {
    const y = chain(length);
    return countSteps(() => void topological([y]));
  }) as [number, number, number, number];
  expect(steps[0]).toBeGreaterThan(1_000);
  expect(steps[1] / steps[0]).toBeCloseTo(10, 0);
  expect(steps[2] / steps[1]).toBeCloseTo(10, 0);
  expect(steps[3]).toBe(steps[0]);
});
