import { compile } from "@chainrule/compile";
import {
  add,
  checkGradients,
  constant,
  evaluate,
  grad,
  logSoftmax,
  matmul,
  scalar,
  sigmoid,
  softmax,
  sum,
  Tensor,
  type Value,
  variable,
} from "@chainrule/core";
import * as nn from "@chainrule/nn";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixedTarget, lossSamples, outputValue } from "./samples.ts";

const { bce, bceWithLogits, crossEntropy, crossEntropyFromProbabilities, nll } = nn;

describe("losses", () => {
  it("have the gradients that differences show, both ways, over sizes and options", () => {
    fc.assert(
      fc.property(lossSamples, (sample) => {
        const target = fixedTarget(sample);
        const { entries } = checkGradients((x) => sample.loss(x, target), [outputValue(sample)]);
        // At kinks the differences disagree with each other and decide nothing.
        const wrong = entries.filter(({ ok, uncertainty }) => !ok && uncertainty < 1e-6);
        expect(wrong, sample.title).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("are the same compiled, gradient included", () => {
    fc.assert(
      fc.property(lossSamples, (sample) => {
        const x = variable("x", sample.output.shape);
        const loss = sample.loss(x, fixedTarget(sample));
        const total = loss.shape.length === 0 ? loss : sum(loss);
        const outputs = { loss, gradient: grad(total, [x])[0] };
        const values = { x: outputValue(sample) };
        const compiled = compile({ inputs: { x }, outputs })(values);
        for (const [name, value] of Object.entries(evaluate(outputs, values))) {
          const other = numbers(compiled[name] as Value);
          for (const [i, expected] of numbers(value).entries()) {
            expect(other[i], `${sample.title} ${name}`).toBeCloseTo(expected, 12);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("are never negative where outputs are what they should be", () => {
    fc.assert(
      fc.property(lossSamples, (sample) => {
        // Likelihoods of numbers that are no log-probabilities may have any sign.
        fc.pre(sample.title !== "nll" && sample.title !== "klDivergence");
        const value = evaluate(sample.loss(constant(sample.output), fixedTarget(sample)));
        for (const loss of numbers(value)) expect(loss).toBeGreaterThanOrEqual(-1e-15);
      }),
      { numRuns: 200 },
    );
  });
});

describe("tails", () => {
  const x = scalar("x");
  const at = (value: number, target: number) => {
    const loss = bceWithLogits(x, constant(target));
    return evaluate([loss, grad(loss, [x])[0]], { x: value });
  };

  it("bceWithLogits keeps both, values and derivatives", () => {
    // e⁻⁵⁰ / (1 + e⁻⁵⁰) and ln(1 + e⁻⁵⁰), to 60 digits by mpmath; x − t x and σ(x) − t give 0.
    const tail = 1.9287498479639178e-22;
    for (const [found, sign] of [
      [at(50, 1), -1],
      [at(-50, 0), 1],
    ] as const) {
      expect(found[0]).toBe(tail);
      expect((sign * found[1]) / tail).toBeCloseTo(1, 15);
    }
    expect(at(800, 0)).toEqual([800, 1]);
    expect(at(-800, 1)).toEqual([800, -1]);
  });

  it("crossEntropy bears logits of any size", () => {
    const logits = variable("logits", [3]);
    const loss = crossEntropy(logits, constant(1, "i32"));
    const [value, gradient] = evaluate([loss, grad(loss, [logits])[0]], { logits: [1e4, -1e4, 0] });
    expect(value).toBe(2e4);
    expect(numbers(gradient)).toEqual([1, -1, 0]);
  });

  it("a class with logit −∞ costs nothing unless it is asked for", () => {
    const logits = variable("logits", [3]);
    const target = constant([0.25, 0.75, 0]);
    const loss = crossEntropy(logits, target);
    const values = { logits: [0, 0, Number.NEGATIVE_INFINITY] };
    const [value, gradient] = evaluate([loss, grad(loss, [logits])[0]], values);
    expect(value).toBeCloseTo(Math.LN2, 15);
    expect(numbers(gradient)).toEqual([0.25, -0.25, 0]);
  });

  it("certain answers cost 0 if right and 100 if wrong, without NaN", () => {
    const p = variable("p", [2]);
    const loss = bce(p, constant([1, 0]), { reduction: "none" });
    const gradient = grad(sum(loss), [p])[0];
    const right = evaluate([loss, gradient], { p: [1, 0] });
    expect(numbers(right[0]).map(Math.abs)).toEqual([0, 0]);
    expect(numbers(right[1])).toEqual([-1, 1]);
    const wrong = evaluate([loss, gradient], { p: [0, 1] });
    expect(numbers(wrong[0])).toEqual([100, 100]);
    expect(numbers(wrong[1]).map(Math.abs)).toEqual([0, 0]);
  });

  it("a zero vector has cosine 0 and derivative 0", () => {
    const v = variable("v", [2]);
    const loss = nn.cosineLoss(v, constant([1, 2]));
    const [value, gradient] = evaluate([loss, grad(loss, [v])[0]], { v: [0, 0] });
    expect(value).toBe(1);
    expect(numbers(gradient).every(Number.isFinite)).toBe(true);
  });
});

describe("ignored examples", () => {
  const logits = variable("logits", ["batch", 3]);
  const labels = variable("labels", ["batch"], "i32");
  const loss = crossEntropy(logits, labels, { ignoreIndex: -100, weights: [1, 2, 3] });

  it("give 0 and no gradient where all are", () => {
    const values = { logits: [[1, 2, 3]], labels: [-100] };
    const [value, gradient] = evaluate([loss, grad(loss, [logits])[0]], values);
    expect(value).toBe(0);
    expect(numbers(gradient).map(Math.abs)).toEqual([0, 0, 0]);
  });

  it("leave the mean of the others", () => {
    const rest = crossEntropy(logits, labels, { weights: [1, 2, 3] });
    const some = evaluate(loss, {
      logits: [
        [1, 2, 3],
        [3, 1, 0],
        [0, 0, 5],
      ],
      labels: [1, -100, 0],
    });
    expect(some).toBeCloseTo(
      evaluate(rest, {
        logits: [
          [1, 2, 3],
          [0, 0, 5],
        ],
        labels: [1, 0],
      }) as number,
      14,
    );
  });
});

describe("misuse", () => {
  const output = variable("output", ["batch", 3]);
  const labels = variable("labels", ["batch"], "i32");

  it("shapes that would broadcast are refused", () => {
    const y = variable("y", ["batch", 1]);
    const t = variable("t", ["batch"]);
    expect(() => nn.mse(y, t)).toThrow(
      "mse: output and target must have the same shape, got [batch, 1] and [batch]",
    );
    expect(() => bce(y, t)).toThrow("same shape");
  });

  it("class indices of another type, another batch, a wrong last axis", () => {
    expect(() => crossEntropy(output, variable("t", ["batch"]))).toThrow(
      "crossEntropy: class indices must be of type i32, got f64",
    );
    expect(() => crossEntropy(output, variable("t", ["other"], "i32"))).toThrow(
      "the target must be class indices [batch] of type i32 or a distribution [batch, 3] over the classes on the output's last axis, got i32[other]",
    );
    expect(() => crossEntropy(output, variable("t", ["batch", 4]))).toThrow("got f64[batch, 4]");
    expect(() => crossEntropy(scalar("x"), labels)).toThrow(
      "the last axis of the output must hold",
    );
  });

  it("probabilities for logits, logits for probabilities", () => {
    expect(() => crossEntropy(softmax(output), labels)).toThrow(
      "crossEntropy: the output must be logits, got probabilities (of softmax); drop the softmax, or use crossEntropyFromProbabilities",
    );
    expect(() => bceWithLogits(sigmoid(output), output)).toThrow("drop the activation, or use bce");
    const dense = add(
      matmul(variable("x", ["batch", 2]), variable("w", [2, 3])),
      variable("b", [3]),
    );
    expect(() => bce(dense, output)).toThrow(
      "bce: the output must be probabilities, got logits (x W + b without activation); put a sigmoid after it, or use bceWithLogits",
    );
    expect(() => crossEntropyFromProbabilities(logSoftmax(output), labels)).toThrow("log-prob");
    expect(() => nll(softmax(output), labels)).toThrow("put a logSoftmax after it");
    expect(() => crossEntropy(logSoftmax(output), labels)).not.toThrow();
  });

  it("options out of range", () => {
    expect(() => crossEntropy(output, labels, { labelSmoothing: 1 })).toThrow(
      "crossEntropy: labelSmoothing must be ≥ 0 and < 1, got 1",
    );
    expect(() => crossEntropy(output, labels, { weights: [1, 2] })).toThrow(
      "crossEntropy: weights must be one per class (3), got [2]",
    );
    expect(() => nn.huber(output, output, { delta: 0 })).toThrow("huber: delta must be > 0, got 0");
    const reduction = "median" as unknown as "mean";
    expect(() => nn.mse(output, output, { reduction })).toThrow(
      'mse: reduction must be "mean", "sum" or "none", got "median"',
    );
  });

  it("numbers that are no probabilities give NaN, and a sentence", () => {
    const p = variable("p", ["batch"]);
    const value = evaluate(bce(p, p), { p: [0.5, 1.5] });
    expect(value).toBeNaN();
    const target = new Tensor([2], Float64Array.of(0, 1));
    const logits = { shape: [2], data: Float64Array.of(0.5, 1.5) };
    expect(bce.problem({ target, output: logits })).toBe(
      "bce: outputs (probabilities) must be between 0 and 1, got 1.5 at [1]; put a sigmoid after it, or use bceWithLogits",
    );
  });

  it("data: labels out of range, NaN, targets that are none", () => {
    const shape = { shape: [2, 3] };
    const labelled = (...list: number[]) => new Tensor([2], Int32Array.from(list));
    expect(crossEntropy.problem({ target: labelled(0, 3), output: shape })).toBe(
      "crossEntropy: class indices must be whole numbers 0 … 2 for an output of 3 classes, got 3 at [1]",
    );
    expect(crossEntropy.problem({ target: labelled(0, 2), output: shape })).toBeUndefined();
    const padded = nn.withOptions(crossEntropy, { ignoreIndex: -1 });
    expect(padded.problem({ target: labelled(-1, 2), output: shape })).toBeUndefined();
    const real = (...list: number[]) => new Tensor([1, 2], Float64Array.from(list));
    expect(nn.mse.problem({ target: real(0, Number.NaN), output: { shape: [1, 2] } })).toBe(
      "mse: targets must be finite numbers, got NaN at [0, 1]",
    );
    expect(nn.hinge.problem({ target: real(0, 1), output: { shape: [1, 2] } })).toBe(
      "hinge: targets must be −1 or 1, got 0 at [0, 0]",
    );
  });
});

describe("withOptions", () => {
  it("fixes options, which a call may replace", () => {
    const summed = nn.withOptions(nn.mse, { reduction: "sum" });
    const [y, t] = [constant([1, 2]), constant([0, 0])];
    expect(evaluate(summed(y, t))).toBe(5);
    expect(evaluate(summed(y, t, { reduction: "mean" }))).toBe(2.5);
    const halved = nn.withOptions(nn.withOptions(nn.huber, { delta: 0.5 }), { reduction: "sum" });
    expect(evaluate(halved(y, t))).toBe(0.5 * 0.75 + 0.5 * 1.75);
  });

  it("keeps type and metrics, which follow the options", () => {
    const padded = nn.withOptions(crossEntropy, { ignoreIndex: 2 });
    expect(padded.targetType({ shape: ["batch", 3], dtype: "f32" })).toEqual({
      shape: ["batch"],
      dtype: "i32",
    });
    const { accuracy } = padded.metrics;
    const output = constant([
      [1, 0, 0],
      [1, 0, 0],
    ]);
    const totals = evaluate(accuracy.totals(output, constant([0, 2], "i32")));
    expect(numbers(totals)).toEqual([1, 1]);
  });
});

function numbers(value: Value): number[] {
  return typeof value === "number" ? [value] : Array.from(value.data);
}
