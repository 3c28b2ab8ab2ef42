import { type Expr, evaluate, Tensor, variable } from "@chainrule/core";
import { gradientDescent, type PenaltyOptions, penalised } from "@chainrule/nn";
import { describe, expect, it } from "vitest";

const weight = variable("weight", [1, 3]);
const bias = variable("bias", [3]);
const gradient = variable("gradient", [1, 3]);
const step = variable("step");
const rate = variable("rate");

function numbersOf(next: Expr): number[] {
  const value = evaluate(next, values);
  return value instanceof Tensor ? Array.from(value.data) : [value];
}

function moved(options: PenaltyOptions, parameter: Expr, g: Expr): Expr {
  const optimizer = penalised(gradientDescent({ rate: 0.5 }), options);
  return optimizer.update({ parameter, gradient: g, slots: {}, step, rate }).next;
}

const values = { weight: [[2, -4, 0]], gradient: [[1, 1, 1]], rate: 0.5 };

describe("penalised", () => {
  it("adds the slopes of its penalties to the gradient", () => {
    expect(numbersOf(moved({ l1: 0.1 }, weight, gradient))).toEqual([1.45, -4.45, -0.5]);
    expect(numbersOf(moved({ l2: 0.1 }, weight, gradient))).toEqual([1.4, -4.3, -0.5]);
  });

  it("decays beside the step", () => {
    expect(numbersOf(moved({ decay: 0.1 }, weight, gradient))).toEqual([1.4, -4.3, -0.5]);
  });

  it("lets biases go free", () => {
    const g = variable("gradient", [3]);
    const { update } = gradientDescent({ rate: 0.5 });
    const plain = update({ parameter: bias, gradient: g, slots: {}, step, rate }).next;
    expect(moved({ l1: 1, l2: 1, decay: 1 }, bias, g)).toBe(plain);
  });

  it("refuses what makes weights grow", () => {
    expect(() => penalised(gradientDescent({ rate: 1 }), { l1: -1 })).toThrow(
      "penalised: l1 must be ≥ 0, got -1",
    );
  });

  it("tells its settings", () => {
    const { settings } = penalised(gradientDescent({ rate: 1 }), { l2: 0.1 });
    expect(settings).toEqual({ weightDecay: 0, l1: 0, l2: 0.1, decay: 0 });
  });
});
