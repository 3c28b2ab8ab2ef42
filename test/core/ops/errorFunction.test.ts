import { constant, erf, erfc, evaluate, gelu, neg, normalCdf, type Scalar } from "@chainrule/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectUlps, ulpsBetween } from "../../support/ulps.ts";

// Values with 60 digits by mpmath 1.3, rounded to double.
const ERF = [
  [0.001, 0.0011283787909692365],
  [0.1, 0.1124629160182849],
  [0.3, 0.3286267594591274],
  [0.49, 0.511668261188523],
  [0.5, 0.5204998778130465],
  [0.51, 0.5292436198411704],
  [0.7, 0.6778011938374184],
  [0.9, 0.7969082124228322],
  [0.999, 0.8422852702064969],
  [1.0, 0.8427007929497149],
  [1.001, 0.8431154854780762],
  [1.3, 0.9340079449406524],
  [1.7, 0.9837904585907745],
  [2.2, 0.9981371537020182],
  [2.9, 0.9999589021219005],
  [3.5, 0.9999992569016276],
  [4.4, 0.999999999510829],
] as const;
const ERFC = [
  [-3.3, 1.9999969422902035],
  [-0.7, 1.6778011938374184],
  [0.001, 0.9988716212090307],
  [0.1, 0.887537083981715],
  [0.3, 0.6713732405408726],
  [0.49, 0.4883317388114769],
  [0.5, 0.4795001221869535],
  [0.51, 0.4707563801588296],
  [0.7, 0.32219880616258156],
  [0.9, 0.20309178757716786],
  [0.999, 0.15771472979350307],
  [1.0, 0.15729920705028513],
  [1.001, 0.15688451452192373],
  [1.3, 0.06599205505934755],
  [1.7, 0.01620954140922544],
  [2.2, 0.0018628462979818898],
  [2.9, 4.109787809945886e-5],
  [3.5, 7.430983723414128e-7],
  [4.4, 4.891710270605872e-10],
  [5.1, 5.49382021755532e-13],
  [6.3, 5.124221687395715e-19],
  [8.2, 4.290212022762982e-31],
  [11.7, 1.7025329069808723e-61],
  [15.3, 7.9765601254207e-104],
  [20.4, 5.073212776926065e-183],
  [25.9, 1.0202833184732667e-293],
  [26.5, 2.2109076642637343e-307],
] as const;
const CDF = [
  [-37.3, 8.205494844930773e-305],
  [-30.1, 2.4226672179857586e-199],
  [-21.7, 1.0258139526968736e-104],
  [-14.3, 1.0940477870189047e-46],
  [-9.9, 2.081375219493206e-23],
  [-6.1, 5.303423262948841e-10],
  [-4.7, 1.300807453917281e-6],
  [-3.3, 0.0004834241423837775],
  [-2.1, 0.017864420562816553],
  [-1.3, 0.09680048458561033],
  [-0.9, 0.18406012534675947],
  [-0.71, 0.23885206808998674],
  [-0.69, 0.24509709367430949],
  [-0.2, 0.42074029056089696],
  [0.3, 0.6179114221889527],
  [1.9, 0.9712834401839981],
] as const;

const at = (f: (x: Scalar | number) => Scalar, x: number): number => evaluate(f(constant(x)));

/** The complement, turned so that it rises. */
const fallen = (x: Scalar | number): Scalar => neg(erfc(x));

describe("error functions", () => {
  it.each([
    ["erf", erf, ERF, 2],
    ["erfc", erfc, ERFC, 4],
    ["normalCdf", normalCdf, CDF, 4],
  ] as const)("%s keeps its digits from end to end", (name, f, table, most) => {
    let worst = 0;
    for (const [x, expected] of table) {
      expectUlps(at(f, x), expected, most, `${name}(${x})`);
      worst = Math.max(worst, ulpsBetween(at(f, x), expected));
    }
    console.log(`${name}: ${worst} ulp at most over ${table.length} points`);
  });

  it("erf is odd, erf + erfc = 1, Φ(x) + Φ(−x) = 1", () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (x) => {
        expect(at(erf, -x)).toBe(-at(erf, x));
        expect(at(erf, x) + at(erfc, x)).toBeCloseTo(1, 15);
        expect(at(normalCdf, x) + at(normalCdf, -x)).toBeCloseTo(1, 15);
      }),
    );
  });

  it("neither jumps nor turns back where one form takes over from another", () => {
    for (const edge of [0.5, 1, Math.SQRT1_2]) {
      for (const f of [erf, normalCdf, fallen]) {
        for (let i = -50; i < 50; i++) {
          const x = edge * (1 + i * 2 ** -40);
          expect(at(f, x * (1 + 2 ** -40))).toBeGreaterThanOrEqual(at(f, x));
        }
      }
    }
  });

  it("end in 0 and 1", () => {
    expect(at(erf, 6)).toBe(1);
    expect(at(erfc, 27.3)).toBe(0);
    expect(at(erfc, 1e300)).toBe(0);
    expect(at(normalCdf, -39)).toBe(0);
    expect(at(erf, Number.NaN)).toBeNaN();
    expect(at(erfc, Number.NaN)).toBeNaN();
    expect(at(normalCdf, Number.NaN)).toBeNaN();
  });
});

describe("gelu", () => {
  it("has an exact form and one by tanh, which lie within 5e-4 of each other", () => {
    fc.assert(
      fc.property(fc.double({ min: -6, max: 6, noNaN: true }), (x) => {
        const [exact, approximate] = evaluate([
          gelu(constant(x)),
          gelu(constant(x), { approximate: "tanh" }),
        ]) as [number, number];
        expect(Math.abs(exact - approximate)).toBeLessThan(5e-4);
      }),
    );
  });

  it("refuses other forms", () => {
    expect(() => gelu(1, { approximate: "sigmoid" as never })).toThrow(
      'gelu: approximate must be "none" or "tanh", got "sigmoid"',
    );
    expect(gelu(1, { approximate: "none" })).toBe(gelu(1));
  });
});
