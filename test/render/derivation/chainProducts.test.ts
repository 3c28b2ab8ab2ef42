import { parse } from "@chainrule/core/parse";
import {
  type ChainProduct,
  chainProducts,
  type DerivationOptions,
  decimalLatex,
  derivation,
} from "@chainrule/render";
import { describe, expect, it } from "vitest";

function products(
  text: string,
  values: Readonly<Record<string, number>> | undefined,
  options: DerivationOptions,
): readonly ChainProduct[] {
  const worked = derivation(parse(text), values, options);
  if (worked.kind !== "scalar") throw new Error("the graph must be one of scalars");
  return worked.derivatives.flatMap((one) => chainProducts(worked, one));
}

describe("chainProducts", () => {
  it("lines up the factors of a path as derivatives, formulas and numbers", () => {
    const text = "d = 2b; e = a + d; L = c e";
    const [path] = products(text, { a: 3, b: 1, c: -2 }, { wrt: ["b"] });
    expect(path?.factors.map(({ symbol }) => symbol.text)).toEqual(["∂L/∂e", "∂e/∂d", "∂d/∂b"]);
    expect(path?.factors.map(({ formula }) => formula?.text)).toEqual(["c", "1", "2"]);
    expect(path?.factors.map(({ number }) => number?.text)).toEqual(["-2", "1", "2"]);
    expect(path?.value).toEqual({ relation: "=", number: { text: "-4", latex: "-4" } });
  });

  it("puts sums and signs inside of a product in parentheses", () => {
    const [path] = products("u = -x; y = u^2 + u", { x: 0.5 }, { wrt: ["x"] });
    expect(path?.factors.map(({ formula }) => formula?.text)).toEqual(["(2u + 1)", "(-1)"]);
    expect(path?.factors.map(({ number }) => number?.latex)).toEqual(["0", "(-1)"]);
  });

  it("tells upstream and local where paths are too many", () => {
    const text = "p = sin(x); q = x^2; y = p q";
    const terms = products(text, undefined, { wrt: ["x"], mostPaths: 0 });
    expect(terms.map(({ factors }) => factors.map(({ symbol }) => symbol.text))).toEqual([
      ["∂y/∂p", "∂p/∂x"],
      ["∂y/∂q", "∂q/∂x"],
    ]);
    expect(terms[0]?.factors[0]?.formula).toBeUndefined();
    expect(terms[0]?.value).toBeUndefined();
  });
});

describe("decimalLatex", () => {
  it("writes what roundNumber writes", () => {
    expect(["-1e-9", "1.5e21", "-∞", "NaN", "0.5"].map(decimalLatex)).toEqual([
      "-10^{-9}",
      "1.5\\times 10^{21}",
      "-\\infty",
      "\\mathrm{NaN}",
      "0.5",
    ]);
  });
});
