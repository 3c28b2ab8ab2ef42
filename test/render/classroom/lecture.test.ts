import { documentText, lecture, lectureTopics } from "@chainrule/render/classroom";
import { describe, expect, it } from "vitest";

const network = documentText(lecture("network"));

/** Whether a number stands in the text by itself, not as part of a longer one. */
function holds(text: string, number: string): boolean {
  return new RegExp(`(?<![\\d.])${number.replaceAll(".", "\\.")}(?![\\d])`).test(text);
}

// The lecture's inputs, its printed numbers, and the same in full, computed independently.
describe("the worked network of the lecture", () => {
  it.each(
    `0.1 0.5 0.2 0.3 0.4 0.6 0.7 0.8 0.25 0.35 0.05 0.95
     0.41 0.6010878788483698 0.60108 0.47 0.6153837563911821 0.61538
     1.0197741932588942 1.01977 0.7349286127170142 0.73492
     1.2630685203068044 1.26306 0.7795538841677558 0.77955
     0.23456360225922676 0.23456 0.014525939201149389 0.01452 0.24908954146037615 0.24908
     0.6849286127 0.68492 -0.1704461158 -0.17044
     0.1948085469 0.19480 0.1718496258 0.17184 0.2397812407 0.23978
     0.0015996999 0.00159 -0.0004916420 -0.00049 0.0011080580 0.00110 0.0993351652 0.09933
     0.0018948648 -0.0005546249 0.0013402399 0.1991958561 0.19919
     0.0079984996 -0.0024582098 0.0055402898 0.2966758261 0.29667
     0.0094743238 -0.0027731243 0.0067011994 0.3959792803 0.39597
     0.0802031243 0.08020 0.4518781254 0.45187
     0.0821106225 0.08211 0.5507336265 0.55073
     -0.0176065259 -0.01760 0.7105639155 0.71056
     -0.0180252679 -0.01802 0.8108151607 0.81081
     0.2407249055 0.2353102129 0.2875166921 0.2338458881`
      .trim()
      .split(/\s+/)
      .map((number) => [number]),
  )("has %s", (number) => {
    expect(holds(network, number)).toBe(true);
  });

  it("does not find numbers that are not there", () => {
    expect(holds(network, "0.60109")).toBe(false);
    expect(holds(network, "0.601")).toBe(false);
  });
});

describe("lecture", () => {
  it("prints its sections in order", () => {
    const all = documentText(lecture());
    const places = [
      "Neurons and architectures",
      "Training",
      "Sigmoid",
      "Loss functions",
      "Chain rule",
      "Computational graph",
      "Worked network 2-2-2",
      "Activation functions",
      "Over-training, and what networks are said to be",
      "Deeper networks",
    ].map((title) => all.indexOf(`\n${title}\n===`));
    expect(places.every((place) => place > 0)).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(places).toHaveLength(lectureTopics.length);
  });

  it("works the graph L = c(a + 2b) out", () => {
    const text = documentText(lecture("graph"));
    expect(text).toContain("∂L/∂b = ∂L/∂e · ∂e/∂d · ∂d/∂b");
    expect(text).toMatch(/∂L\/∂b = .*\n\s+= -4/);
  });

  it("says what the losses of its example are", () => {
    // ((1 - 0.8)² + 0.4²) / 2 and -ln(0.8) / 2.
    expect(documentText(lecture("losses"))).toContain("0.1 and the cross-entropy 0.111572");
  });

  it("tables the activations with their slopes", () => {
    const text = documentText(lecture("activations"));
    expect(text).toMatch(/\n\s+0\s+0\.5\s+0\.25\n/);
    expect(text).toContain("f'(x) = 1 - tanh(x)^2");
    // The right branch at 0.
    expect(text).toMatch(/\n\s+0\s+0\s+1\n/);
  });

  it("refuses a topic there is not", () => {
    expect(() => lecture("history")).toThrow(/lecture: the topic must be one of .*got "history"/);
  });
});
