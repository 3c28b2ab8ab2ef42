import {
  type Attributes,
  apply,
  type Expr,
  evaluate,
  grad,
  isFloat,
  type Op,
  scalar,
  topological,
  type Value,
} from "@chainrule/core";
import { allOps } from "@chainrule/core/json";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { controlSamples } from "../support/controlSamples.ts";
import {
  expectDecided,
  expectDifferences,
  expectSymmetric,
  expectTransposed,
  floatingInputs,
  type Tally,
} from "../support/derivativeLaws.ts";
import {
  differentiable,
  expectExample,
  expectNoLeak,
  inputsOf,
  named,
  partialOf,
} from "../support/elementwiseLaws.ts";
import { bindingsOf, elementsOf, pointIn } from "../support/points.ts";
import { samples as tensorSamples } from "../support/samples.ts";

const RUNS = 40;
const samples = { ...tensorSamples, ...controlSamples };

/** Ops without a value: functions that are known by name only. */
const valueless: ReadonlySet<string> = new Set(["abstract"]);

/** The options of an op that its examples speak of, none first. */
function optionsOf(op: Op): readonly (Attributes | undefined)[] {
  const given = (op.examples ?? []).map(({ attributes }) => attributes);
  return [undefined, ...given.filter((attributes) => attributes !== undefined)];
}

/** Lowered forms are compared at the examples, too, where these are finite. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0.5;
}

const elementwiseOps = allOps.filter((op) => op.elementwise !== undefined);
const others = allOps.filter(
  (op) => op.elementwise === undefined && op.arity !== 0 && !valueless.has(op.name),
);

describe("every op", () => {
  it("has a domain or a sample, so that it is tested", () => {
    const untested = others.filter(({ name }) => samples[name] === undefined);
    expect(untested.map(({ name }) => name)).toEqual([]);
    const bare = elementwiseOps.filter(({ domain, arity }) => domain?.length !== arity);
    expect(bare.map(({ name }) => name)).toEqual([]);
  });

  it("has a name of its own", () => {
    expect(new Set(allOps.map(({ name }) => name)).size).toBe(allOps.length);
  });
});

describe.each(elementwiseOps.map((op) => [op.name, op] as const))("%s", (_name, op) => {
  const variants = optionsOf(op).map((attributes) => apply(op, inputsOf(op), attributes));

  it("forward = reverse = differences, at first and second order", () => {
    for (const y of variants.filter(differentiable)) {
      const tally: Tally = { entries: 0, decided: 0 };
      fc.assert(
        fc.property(pointIn(op.domain ?? []), (at) => expectDifferences(y, named(at), tally)),
        { numRuns: RUNS },
      );
      expectDecided(tally, 0.8);
    }
  });

  it("⟨v, Jᵀu⟩ = ⟨Jv, u⟩, and second derivatives are symmetric", () => {
    for (const y of variants.filter(differentiable)) {
      fc.assert(
        fc.property(pointIn(op.domain ?? []), (at) => {
          const values = new Map<Expr, Value>(y.args.map((arg, i) => [arg, at[i] as number]));
          const wrt = floatingInputs(values);
          expectTransposed(y, wrt, values, 1e-12);
          expectSymmetric(y, wrt, values, 1e-12);
        }),
        { numRuns: RUNS },
      );
    }
  });

  it("shows partials that equal the computed ones", () => {
    for (const y of variants) {
      for (let i = 0; i < y.args.length; i++) {
        const [computed, shown] = [partialOf(y, i), partialOf(y, i, "shown")];
        if (computed === null || shown === null) continue;
        fc.assert(
          fc.property(pointIn(op.domain ?? []), (at) => {
            const [a, b] = evaluate([computed, shown], named(at)) as [number, number];
            // Textbook forms may cancel: they are compared absolutely near 0.
            expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(a)));
          }),
          { numRuns: RUNS },
        );
      }
    }
  });

  it("keeps to its examples", () => {
    for (const example of op.examples ?? []) expectExample(op, example);
  });

  it("has the value of its lowered form, if it has one", () => {
    for (const y of op.lower === undefined ? [] : variants) {
      for (const dtype of ["f64", "f32"] as const) {
        const node = apply(op, inputsOf(op, dtype), y.attributes);
        const lowered = op.lower?.(node) as Expr;
        expect([lowered.dtype, lowered.shape]).toEqual([node.dtype, node.shape]);
        const examples = (op.examples ?? []).map(({ at }) => at.map(finite));
        fc.assert(
          fc.property(pointIn(op.domain ?? []), (at) => {
            const [a, b] = evaluate([node, lowered], named(at)) as [number, number];
            const tolerance = dtype === "f64" ? 1e-14 : 1e-6;
            if (Object.is(a, b)) return;
            expect(Math.abs(a - b)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(a)));
          }),
          { numRuns: RUNS, examples: examples.map((at): [readonly number[]] => [at]) },
        );
      }
    }
  });

  it("is one node however often it is built, and so is its gradient", () => {
    for (const { attributes } of variants) {
      const build = (): Expr => apply(op, inputsOf(op), { ...attributes });
      expect(build()).toBe(build());
      const inputs = inputsOf(op).filter(({ dtype }) => dtype === "f64");
      if (!differentiable(build())) continue;
      const [first, second] = [grad(build(), inputs), grad(build(), inputs)];
      expect(first.every((gradient, i) => gradient === second[i])).toBe(true);
    }
  });

  it("rounds single precision once, in values and in derivatives", () => {
    const kernel = op.elementwise?.kernel as (...all: unknown[]) => number;
    for (const { attributes } of variants) {
      const inputs = inputsOf(op, "f32");
      const y = apply(op, inputs, attributes);
      if (y.dtype !== "f32") continue;
      fc.assert(
        fc.property(pointIn(op.domain ?? []), (point) => {
          const at = point.map(Math.fround);
          expect(evaluate(y, named(at))).toBe(Math.fround(kernel(...at, attributes)));
          if (!differentiable(y)) return;
          const wrt = inputs.filter(({ dtype }) => dtype === "f32");
          const singles = grad(y, wrt);
          for (const single of singles) {
            expect(single.dtype).toBe("f32");
            const value = evaluate(single, named(at)) as number;
            expect(Math.fround(value)).toBe(value);
          }
        }),
        { numRuns: RUNS },
      );
    }
  });

  it("has an element type for every mixture of arguments", () => {
    for (const dtype of ["bool", "i32", "f32", "f64"] as const) {
      const y = apply(op, inputsOf(op, dtype));
      const whole = dtype === "bool" || dtype === "i32";
      expect(whole ? ["bool", "i32", "f64"] : ["bool", dtype]).toContain(y.dtype);
      // A second argument never lowers it.
      const [first, ...rest] = inputsOf(op, dtype);
      if (rest.length === 0 || first?.dtype !== dtype) continue;
      const wide = apply(op, [first, ...rest.map((_, i) => scalar(`wide_${i}`, "f64"))]);
      expect(["bool", "f64"]).toContain(wide.dtype);
    }
  });

  it("never leaks from the side a selection leaves out, at orders 1 to 3", () => {
    expectNoLeak(op);
  });
});

describe.each(
  others.filter(({ name }) => samples[name] !== undefined).map((op) => [op.name, op] as const),
)("%s", (name, op) => {
  const built = (samples[name] ?? []).map((make) => [make, make()] as const);

  it("occurs in its samples, which are one node however often they are built", () => {
    for (const [make, y] of built) {
      expect(topological([y]).nodes.map((node) => node.op)).toContain(op);
      expect(make()).toBe(y);
    }
  });

  it("forward = reverse = differences, at first and second order", () => {
    const tally: Tally = { entries: 0, decided: 0 };
    for (const [, y] of built.filter(([, node]) => isFloat(node.dtype))) {
      for (const seed of [1, 2, 3]) expectDifferences(y, bindingsOf([y], seed), tally);
    }
    expectDecided(tally, 0.8);
  });

  it("⟨v, Jᵀu⟩ = ⟨Jv, u⟩, and second derivatives are symmetric", () => {
    for (const [, y] of built.filter(([, node]) => isFloat(node.dtype))) {
      for (const seed of [4, 5, 6, 7]) {
        const values = bindingsOf([y], seed);
        expectTransposed(y, floatingInputs(values), values, 1e-12);
        expectSymmetric(y, floatingInputs(values), values, 1e-11);
      }
    }
  });

  it("has the value of its lowered form, if it has one", () => {
    for (const [, y] of op.lower === undefined ? [] : built) {
      const values = bindingsOf([y], 8);
      for (const node of topological([y]).nodes.filter((one) => one.op === op)) {
        const lowered = op.lower?.(node) as Expr;
        expect([lowered.dtype, lowered.shape]).toEqual([node.dtype, node.shape]);
        const [a, b] = evaluate([node, lowered], values).map(elementsOf) as [number[], number[]];
        for (const [i, item] of a.entries()) {
          expect(Math.abs(item - (b[i] as number))).toBeLessThanOrEqual(
            1e-12 * Math.max(1, Math.abs(item)),
          );
        }
      }
    }
  });
});
