import { derivation, derivationText, type ScalarDerivation, type Shown } from "@chainrule/render";
import { describe, expect, it } from "vitest";
import { lectureNetwork, RATE, WEIGHTS } from "./lecture.ts";

const work = (options: Parameters<typeof derivation>[2]): ScalarDerivation => {
  const made = derivation(lectureNetwork(), undefined, {
    wrt: WEIGHTS,
    update: RATE,
    digits: { fixed: 5 },
    rounding: "trunc",
    ...options,
  });
  if (made.kind !== "scalar") throw new Error("expected a scalar derivation");
  return made;
};

const truncated = work({});
const text = derivationText(truncated);

const step = (name: string, of = truncated): Shown => {
  const found = of.steps.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no step ${name}`);
  return found.value;
};
const by = (name: string, of = truncated) => {
  const found = of.derivatives.find((one) => one.by.name === name);
  if (found === undefined) throw new Error(`no derivative by ${name}`);
  return found;
};
const updated = (name: string, of = truncated): Shown => {
  const found = of.updates.find((one) => one.of.name === name);
  if (found === undefined) throw new Error(`no update of ${name}`);
  return found.value;
};
const component = (w: string, of: string, name: string, from = truncated): Shown => {
  const all = by(w, from).paths.flatMap(({ components }) => components);
  const found = all.find((one) => one.of.name === of && one.by.name === name);
  if (found === undefined) throw new Error(`no component ∂${of}/∂${name}`);
  return found.value;
};

// All 31 printed numbers of the lecture's slides: true values cut off after five decimals.
describe("the lecture's numbers, cut off after five decimals", () => {
  it.each([
    ["sum_h1", "0.41"],
    ["out_h1", "0.60108"],
    ["sum_h2", "0.47"],
    ["out_h2", "0.61538"],
    ["sum_o1", "1.01977"],
    ["out_o1", "0.73492"],
    ["sum_o2", "1.26306"],
    ["out_o2", "0.77955"],
    ["E1", "0.23456"],
    ["E2", "0.01452"],
    ["E", "0.24908"],
  ])("forward: %s is %s", (name, printed) => {
    expect(step(name).text).toBe(printed);
    expect(text).toMatch(new RegExp(`[=≈] ${printed.replace(".", "\\.")}(?: \\[\\d+\\])?\\n`));
  });

  it.each([
    ["w5", "E", "out_o1", "0.68492"],
    ["w7", "E", "out_o2", "-0.17044"],
    ["w5", "out_o1", "sum_o1", "0.19480"],
    ["w7", "out_o2", "sum_o2", "0.17184"],
    ["w1", "out_h1", "sum_h1", "0.23978"],
  ])("by %s: ∂%s/∂%s is %s", (w, of, name, printed) => {
    expect(component(w, of, name).text).toBe(printed);
  });

  it.each([
    [0, "0.00159"],
    [1, "-0.00049"],
  ])("∂E/∂w1 along path %i is %s", (path, printed) => {
    expect(by("w1").paths[path]?.value.text).toBe(printed);
  });

  it.each([
    ["w1", "0.00110"],
    ["w5", "0.08020"],
    ["w6", "0.08211"],
    ["w7", "-0.01760"],
    ["w8", "-0.01802"],
  ])("∂E/∂%s is %s", (w, printed) => {
    expect(by(w).value.text).toBe(printed);
  });

  it.each([
    ["w1", "0.09933"],
    ["w2", "0.19919"],
    ["w3", "0.29667"],
    ["w4", "0.39597"],
    ["w5", "0.45187"],
    ["w6", "0.55073"],
    ["w7", "0.71056"],
    ["w8", "0.81081"],
  ])("the new %s is %s", (w, printed) => {
    expect(updated(w).text).toBe(printed);
    expect(text).toContain(`≈ ${printed}`);
  });
});

// Full precision; the values were computed independently of this project.
describe("the lecture's numbers with all digits", () => {
  const full = work({ digits: 15, rounding: "half-even" });
  it.each([
    ["sum_h1", 0.41],
    ["out_h1", 0.6010878788483698],
    ["sum_h2", 0.47],
    ["out_h2", 0.6153837563911821],
    ["sum_o1", 1.0197741932588942],
    ["out_o1", 0.7349286127170142],
    ["sum_o2", 1.2630685203068044],
    ["out_o2", 0.7795538841677558],
    ["E1", 0.23456360225922676],
    ["E2", 0.014525939201149389],
    ["E", 0.24908954146037615],
  ])("%s", (name, value) => {
    expect(Math.abs(step(name, full).value - value)).toBeLessThan(1e-12);
  });

  // The table gives ten digits of these.
  it.each([
    ["w1", 0.001108058, 0.0993351652],
    ["w2", 0.0013402399, 0.1991958561],
    ["w3", 0.0055402898, 0.2966758261],
    ["w4", 0.0067011994, 0.3959792803],
    ["w5", 0.0802031243, 0.4518781254],
    ["w6", 0.0821106225, 0.5507336265],
    ["w7", -0.0176065259, 0.7105639155],
    ["w8", -0.0180252679, 0.8108151607],
  ])("∂E/∂%s and its update", (w, slope, next) => {
    expect(Math.abs(by(w, full).value.value - slope)).toBeLessThan(6e-11);
    expect(Math.abs(updated(w, full).value - next)).toBeLessThan(6e-11);
  });

  it.each([
    ["w1", 0.0015996999, -0.000491642],
    ["w2", 0.0018948648, -0.0005546249],
    ["w3", 0.0079984996, -0.0024582098],
    ["w4", 0.0094743238, -0.0027731243],
  ])("∂E/∂%s through both errors", (w, first, second) => {
    const values = by(w, full).paths.map(({ value }) => value.value);
    expect(values).toHaveLength(2);
    expect(Math.abs((values[0] as number) - first)).toBeLessThan(6e-11);
    expect(Math.abs((values[1] as number) - second)).toBeLessThan(6e-11);
  });
});

describe("the lecture's derivation", () => {
  it("is the product of named components, as the lecture writes it", () => {
    expect(text).toContain("∂E/∂w5 = ∂E/∂out_o1 · ∂out_o1/∂sum_o1 · ∂sum_o1/∂w5");
  });

  it("sums hidden weights over both paths, with the old output weights", () => {
    expect(text).toContain("∂E/∂w1 = ∂E/∂out_o1 · ∂out_o1/∂sum_o1 · ∂sum_o1/∂out_h1");
    expect(component("w1", "sum_o1", "out_h1").text).toBe("0.5");
  });

  it("says = only where the printed number is all of it", () => {
    expect(text).toContain("= 0.41\n");
    expect(text).toContain("≈ 0.60108\n");
    expect(text).not.toContain("= 0.60108");
  });

  it("footnotes a line that does not follow from its printed operands", () => {
    expect(updated("w5").fromPrinted).toBe("0.45188");
    expect(text).toMatch(/≈ 0\.45187 \[\d+\]/);
    expect(text).toContain("The printed numbers of this line give 0.45188; 0.45187 is computed");
  });

  it("carries on with printed digits when asked, as a calculator would", () => {
    const displayed = work({ carry: "displayed" });
    expect(updated("w5", displayed).text).toBe("0.45188");
    expect(by("w5", displayed).value.text).toBe("0.08020");
    expect(derivationText(displayed)).not.toContain("The printed numbers");
  });

  it("has the same bytes on every run", () => {
    expect(derivationText(work({}))).toBe(text);
  });
});
