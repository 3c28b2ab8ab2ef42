import { readFileSync } from "node:fs";
import { lectureClaims } from "@chainrule/render/classroom";
import { describe, expect, it } from "vitest";
import { claims } from "../../../examples/claims/index.ts";
import type { Result } from "../../../examples/support/example.ts";
import { findings } from "../../../packages/render/src/classroom/lectureFindings.ts";

/** Results that would say otherwise, and what they would say. */
const otherwise: Readonly<Record<string, readonly [result: Result, verdict: string]>> = {
  "a neuron fires at its threshold": [{ below: 0, at: 0, above: 1 }, "false"],
  "a perceptron learns": [{ and: 4, or: 4, xor: 4 }, "true"],
  "a unit delay makes a dynamic system": [{ recurrent: 0, feedForward: 0 }, "false"],
  "zero error is not guaranteed": [{ oneUnit: 0.01, fourUnits: 0 }, "false"],
  "gradient descent stops in local optima": [{ solved: 20, stuck: 0 }, "false"],
  "gradient descent oscillates": [{ rates: [], ends: [0, 0, 0, 0] }, "false"],
  "random restarts": [{ alone: 1, bestOfFive: 1 }, "false"],
  "a committee": [{ members: [0.9, 0.8], committee: [0.91, 0.8] }, "false"],
  "small random weights": [{ ranges: [], gradients: [1, 1, 1, 1], apartFromEqual: 0 }, "false"],
  "the error falls epoch by epoch": [{ slow: 1, fast: 1 }, "true"],
  "the sigmoid squashes to (0, 1)": [{ least: 0.1, most: 0.9, reachesOneAt: 99 }, "true"],
  "the sigmoid's slope": [{ sigmoid: [0, 1], tanh: [0, 1] }, "false"],
  "tanh is a sigmoid": [{ difference: 1e-9 }, "false"],
  "the sigmoid is not zero-centred": [{ sigmoid: 0.9, tanh: 0.1 }, "false"],
  "zero-centred learns faster": [{ sigmoid: [9, 9], tanh: [3, 10] }, "false"],
  "gradients vanish": [{ sigmoid: 0.1, tanh: 0.1, tanhSmall: 0.1 }, "false"],
  "the sigmoid costs an exp": [{ sigmoid: 4, relu: 2, shareOfTen: 0, shareOfThousand: 0 }, "false"],
  "ReLU does not vanish": [{ he: 1, small: 1 }, "true"],
  "ReLU is sparse": [{ relu: 0, sigmoid: 0 }, "false"],
  "ReLU can die": [{ relu: 8, leaky: 3 }, "false"],
  "an output of zero activates": [{ values: [0, 0, 1], slopes: [0, 1, 1] }, "true"],
  "softmax is a distribution": [{ least: 0, off: 0.1 }, "false"],
  "softmax saturates": [{ leads: [], slopes: [0.2, 0.1] }, "false"],
  "validation error rises again": [{ least: 1, last: 1, toTheEnd: 2, stoppedEarly: 1 }, "false"],
  "too few and too many hidden units": [
    { one: 1, five: 0.1, fifty: 1, fiftyStoppedEarly: 1 },
    "true",
  ],
  "noise is no problem": [{ shares: [], accuracies: [1, 1, 1, 1] }, "true"],
  "kinds of outputs": [{ discrete: 1, real: 1, vector: 0.5 }, "false"],
  "a black box": [{ gap: 0.5, share: 1 }, "true"],
  "hardware dependence": [{ xor: 100, images: 1000 }, "false"],
  "levels of abstraction": [{ pixels: 0.9, first: 0.8, second: 0.95 }, "false"],
  "pooling tolerates small translations": [
    { pooled: 0.2, strided: 0.1, pooledByThree: 1 },
    "false",
  ],
  "pooling lowers cost": [{ pooled: 100, whole: 100 }, "false"],
  "long-range dependence": [{ recurrent: 1, lstm: 1, attention: 1 }, "false"],
  "gradients through time": [{ recurrent: 1, lstm: 1, attention: 1 }, "false"],
  "in parallel, without recurrence": [{ recurrent: 60, attention: 60 }, "false"],
  "positional encoding": [{ with: 0.1, without: 0.1 }, "false"],
  "generator and discriminator compete": [{ modes: 1, quality: 1 }, "false"],
};

describe("the lecture's claims", () => {
  it("are as many as are written down, with their numbers", () => {
    expect(findings.map(({ number }) => number)).toEqual(claims.map((_, i) => i + 1));
    expect(findings.map(({ claim }) => claim)).toEqual(claims.map(({ claim }) => claim));
    expect(Object.keys(otherwise).toSorted()).toEqual(claims.map(({ name }) => name).toSorted());
  });

  it("are a table whose rows have a cell for every column", () => {
    const page = new URL("../../../examples/claims/results.md", import.meta.url);
    const rows = readFileSync(page, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("|"));
    expect(rows).toHaveLength(findings.length + 2);
    for (const row of rows) expect(row.split(/(?<!\\)\|/), row).toHaveLength(8);
  });

  it.each(claims.map((claim, i) => [claim.name, claim, i] as const))(
    "measured anew: %s",
    async (name, claim, i) => {
      const verdict = claim.verdict(await claim.measure(1));
      expect(verdict).toBe(findings[i]?.verdict);
      const [other, said] = otherwise[name] as readonly [Result, string];
      expect(said).not.toBe(verdict);
      expect(claim.verdict(other)).toBe(said);
    },
    120_000,
  );

  it("are sections of the lecture", () => {
    const blocks = lectureClaims("Training", [3, 4]);
    const count = findings.filter(({ section }) => section === 3 || section === 4).length;
    expect(blocks).toHaveLength(1 + 3 * count);
  });
});
