import type { Program } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { checkAnswer, readAnswer, readClaim } from "@chainrule/render/classroom";
import { describe, expect, it } from "vitest";

const lecture: Program = parse("d = 2b; e = a + d; L = c e");
const at = { a: 3, b: 1, c: -2 };

function checked(claim: string, program = lecture, point: Record<string, number> = {}) {
  return checkAnswer(program, readClaim(claim), { at: point });
}

describe("readClaim", () => {
  it.each([
    ["dL/db = 2c", "L", "b", "2c"],
    ["∂L/∂b=2c", "L", "b", "2c"],
    ["d L / d b = 2 c", "L", "b", "2 c"],
    ["d(L)/d(b) = 1", "L", "b", "1"],
    ["L.b = -4", "L", "b", "-4"],
    ["∂E/∂w_1 = x", "E", "w_1", "x"],
    ["dd/db = 2", "d", "b", "2"],
    ["ddelta/dd = 2", "delta", "d", "2"],
  ])("reads %s", (text, of, by, answer) => {
    expect(readClaim(text)).toEqual({ of, by, answer });
  });

  it.each(["", "2c", "dL = 2c", "dL/db"])("refuses %j", (text) => {
    expect(() => readClaim(text)).toThrow("an answer must be written as dL/db = 2c");
  });
});

describe("checkAnswer", () => {
  it.each([
    "dL/db = 2c",
    "dL/db = c + c",
    "L.b = dL/de * 2",
    "L.b = dL/de * de/dd * dd/db",
    "L.c = a + 2b",
    "L.c = e",
    "dd/db = 2",
    "de/dd = 1",
  ])("%s is right", (claim) => {
    expect(checked(claim)).toMatchObject({ correct: true, mistakes: [] });
  });

  it.each(["dL/db = -4", "dL/db = −4", "L.b = -2*2", "L.c = 5", "L.a = -2"])(
    "%s is right at a point",
    (claim) => {
      expect(checked(claim, lecture, at).correct).toBe(true);
    },
  );

  it("takes the elements of a gradient at a point, each as a number", () => {
    const form: Program = parse("A: [2, 2]; x: [2]; q = x' A x");
    const point = {
      A: [
        [2, 1],
        [1, 3],
      ],
      x: [1, 2],
    };
    const right = (answer: string) => checkAnswer(form, readClaim(answer), { at: point });
    for (const answer of ["dq/dx = [8, 14]", "q.x = A x + A' x", "q.A = [[1, 2], [2, 4]]"]) {
      expect(right(answer), answer).toMatchObject({ correct: true, mistakes: [] });
    }
    for (const answer of ["dq/dx = [8, 15]", "dq/dx = [8]", "dq/dx = [14, 8]", "dq/dx = 2 A x"]) {
      expect(right(answer).correct, answer).toBe(false);
    }
    const cut = checkAnswer(
      parse("z: [2]; L = log(softmax(z)[1])"),
      readClaim("L.z = [0.731, -0.731]"),
      {
        at: { z: [1, 2] },
      },
    );
    expect(cut.correct).toBe(true);
    // Without a point there is nothing to compare with.
    expect(checkAnswer(form, readClaim("dq/dx = [8, 14]")).correct).toBe(false);
  });

  it("takes numbers that were rounded or cut off", () => {
    const neuron: Program = parse("o = sigmoid(w x)");
    const point = { w: 0.5, x: 2 };
    // σ′(1) · 2 = 0.39322386648…
    for (const answer of ["0.393", "0.39322", "0.3932238", "0,39322"]) {
      expect(checked(`do/dw = ${answer}`, neuron, point).correct).toBe(true);
    }
    for (const answer of ["0.4", "0.395", "0.39329", "-0.39322"]) {
      expect(checked(`do/dw = ${answer}`, neuron, point).correct).toBe(false);
    }
  });

  it.each([
    ["dL/db = c*1*3", "On the path b → d → e → L the factor ∂d/∂b is 2, not 3."],
    ["dL/db = c * 2 * b", "On the path b → d → e → L the factor ∂e/∂d is 1, not b."],
    ["dL/db = a · 1 · 2", "On the path b → d → e → L the factor ∂L/∂e is c, not a."],
    ["dL/db = dL/de * 3", "the factor ∂d/∂b is 2, not 3."],
  ])("%s: says which factor of which path is wrong", (claim, sentence) => {
    const { correct, mistakes } = checked(claim);
    expect(correct).toBe(false);
    expect(mistakes.map((one) => one.sentence).join("\n")).toContain(sentence);
  });

  it("compares numbers with factors at the point", () => {
    const { mistakes } = checked("L.b = -2*1*3", lecture, at);
    expect(mistakes[0]?.sentence).toBe("On the path b → d → e → L the factor ∂d/∂b is 2, not 3.");
  });

  it("says which term of a sum over paths is wrong", () => {
    const shared: Program = parse("d = a + b; e = c d; f = d^2; L = e + f");
    expect(checked("dL/da = c*1 + 2d*1", shared).correct).toBe(true);
    const { mistakes } = checked("dL/da = c*1 + 3d*1", shared);
    expect(mistakes[0]?.sentence).toBe("On the path a → d → f → L the factor ∂f/∂d is 2d, not 3d.");
    expect(checked("dL/da = c", shared).mistakes[0]?.name).toBe("path missing");
  });

  it("names a forgotten factor and a wrong sign", () => {
    expect(checked("dL/db = c").mistakes.map(({ name }) => name)).toContain(
      "inner derivative forgotten",
    );
    expect(checked("dL/db = -2c").mistakes[0]?.name).toBe("sign");
  });

  it("takes any name for a result without one", () => {
    expect(checked("df/db = 2c", parse("c(a + 2b)")).correct).toBe(true);
  });

  it.each([
    ["dL/dq = 2", 'got "q"'],
    ["dM/db = 2", 'got "M"'],
    ["dL/db = 2q", "names must belong to the program"],
    ["dL/db = 2 +", "line 1"],
  ])("refuses %s", (claim, message) => {
    expect(() => checked(claim)).toThrow(message);
  });
});

describe("readAnswer", () => {
  it.each([
    ["1/3", 1 / 3],
    ["-4", -4],
    ["−4", -4],
    ["0,25", 0.25],
    ["2e-3", 0.002],
    ["sqrt(2)", Math.SQRT2],
  ])("%s is a number", (text, value) => {
    expect(readAnswer(lecture, text).value).toBe(value);
  });
});

describe("the one factor that is wrong", () => {
  const neuron: Program = parse("z = w x + b; y = σ(z); L = 1/2 (t - y)^2");
  it.each([
    ["L.w = (y - t) y (1 + y) x", "wrong factor: The factor 1 + y must be 1 - y."],
    ["L.w = (y + t) y (1 - y) x", "wrong factor: The factor y + t must be y - t."],
    ["L.w = (y - t) y (1 - y) / x", "wrong factor: The factor 1 / x must be x."],
    ["L.w = (y - t) y^2 (1 - y) x", "factor too many: The factor y must not be there."],
    ["L.w = (y - t) (1 - y) x", "lost factor: The factor y is missing."],
    ["L.w = (y - t) y (1 - y) z", "wrong factor: The factor z must be x."],
  ])("%s", (claim, wanted) => {
    const { mistakes } = checked(claim, neuron);
    expect(mistakes.map(({ name, sentence }) => `${name}: ${sentence}`)).toEqual([wanted]);
  });

  it.each(["L.w = x + w", "L.w = (y + t) y (1 + y) x", "L.w = 0 x", "L.w = x^12 w^12"])(
    "is not named in %s, which differs in more",
    (claim) => {
      expect(checked(claim, neuron).mistakes.map(({ name }) => name)).not.toContain("wrong factor");
    },
  );
});
