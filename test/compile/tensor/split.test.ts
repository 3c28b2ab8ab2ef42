import { type Expr, exp, sum, variable } from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { checkParts } from "../../../packages/compile/src/parts.ts";
import { splitOf } from "../../../packages/compile/src/tensor/split.ts";
import { planTensors } from "../../../packages/compile/src/tensor/tensorModule.ts";

/** The axis that the loop of an expression is divided along. */
function axisOf(y: Expr): number | undefined {
  const { steps } = planTensors(checkParts({ outputs: { y } }), { threads: 2 });
  const [loop] = steps;
  expect(loop?.kind).toBe("loop");
  return loop && splitOf(loop)?.axis;
}

describe("loops are divided among threads", () => {
  const x = variable("x", [300, 200, 40]);

  it("by the outermost axis that nothing is combined over", () => {
    expect(axisOf(exp(x))).toBe(0);
    expect(axisOf(sum(exp(x), 2))).toBe(0);
    expect(axisOf(sum(exp(x), 0))).toBe(1);
    expect(axisOf(sum(exp(x), [0, 2]))).toBe(1);
    expect(axisOf(sum(exp(x), [0, 1]))).toBe(2);
  });

  it("unless parts would have to be added up, or are short", () => {
    expect(axisOf(sum(exp(x)))).toBe(undefined);
    expect(axisOf(exp(variable("x", [300])))).toBe(undefined);
  });
});
