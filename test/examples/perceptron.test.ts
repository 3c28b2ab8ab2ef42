import { describe, expect, it } from "vitest";
import { perceptron } from "../../examples/perceptron.ts";
import { quiet } from "../../examples/support/example.ts";
import { workedNetwork } from "../../examples/workedNetwork.ts";

describe("Rosenblatt's perceptron", () => {
  it("learns AND and OR, and not XOR", async () => {
    const result = await perceptron.run(quiet(1));
    expect(result).toMatchObject({ andRight: 4, orRight: 4, xorEpochs: 200 });
    expect(result.xorRight).toBeLessThan(4);
    expect(result.andEpochs).toBeLessThan(200);
    expect(result.orEpochs).toBeLessThan(200);
    expect(perceptron.reached(result)).toBe(true);
  });
});

describe("the worked network 2-2-2", () => {
  it("gives the lecture's numbers, and converges", async () => {
    const result = await workedNetwork.run(quiet(1));
    expect(result.outputs[0]).toBeCloseTo(0.7349286127170142, 14);
    expect(result.outputs[1]).toBeCloseTo(0.7795538841677558, 14);
    // The lecture's new weights at full precision.
    const expected = [
      0.0993351652, 0.1991958561, 0.2966758261, 0.3959792803, 0.4518781254, 0.5507336265,
      0.7105639155, 0.8108151607,
    ];
    expect(result.weights).toHaveLength(8);
    for (const [i, weight] of expected.entries()) expect(result.weights[i]).toBeCloseTo(weight, 9);
    expect(result.outputsInTheEnd[0]).toBeCloseTo(0.05, 6);
    expect(result.outputsInTheEnd[1]).toBeCloseTo(0.95, 6);
    expect(workedNetwork.reached(result)).toBe(true);
  });
});
