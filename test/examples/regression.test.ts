import { describe, expect, it } from "vitest";
import { hiddenUnits, hiddenUnitsOf } from "../../examples/hiddenUnits.ts";
import { multiOutput } from "../../examples/multiOutput.ts";
import { quiet } from "../../examples/support/example.ts";

describe("regression", () => {
  it("needs neither too few hidden units nor too many without early stopping", async () => {
    const result = await hiddenUnitsOf([1, 2, 5, 10, 20, 50]).run(quiet(1));
    const { hidden, training, truth, truthStoppedEarly } = result;
    expect([hidden[0], hidden.at(-1)]).toEqual([1, 50]);
    expect(training[0]).toBeGreaterThan(0.6 ** 2);
    expect(training.at(-1)).toBeLessThan(0.6 ** 2 / 2);
    expect(truth.at(-1)).toBeGreaterThan(1.5 * (truthStoppedEarly.at(-1) as number));
    expect(hiddenUnits.reached(result)).toBe(true);
  });

  it("may have several outputs", async () => {
    const result = await multiOutput.run(quiet(1));
    expect(result.x).toBeGreaterThanOrEqual(0.99);
    expect(result.y).toBeGreaterThanOrEqual(0.99);
    expect(multiOutput.reached(result)).toBe(true);
  });
});
