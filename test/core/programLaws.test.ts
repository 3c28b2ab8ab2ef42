import { type Expr, evaluate, isFloat, topological } from "@chainrule/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  expectDecided,
  expectDifferences,
  expectSymmetric,
  expectTransposed,
  type Tally,
} from "../support/derivativeLaws.ts";
import { elementsOf } from "../support/points.ts";
import {
  type ProgramOptions,
  type RandomProgram,
  randomProgram,
} from "../support/randomProgram.ts";

const RUNS = 60;

/** Programs whose derivatives stay of a size at which 1e-7 means something. */
function ordinary({ output, values }: RandomProgram): boolean {
  return elementsOf(evaluate(output, values)).every((item) => Math.abs(item) < 1e6);
}

function used({ output, inputs }: RandomProgram): Expr[] {
  const order = topological([output]);
  return inputs.filter((input) => order.has(input));
}

const kinds: readonly (readonly [string, ProgramOptions])[] = [
  ["scalars", { moves: [] }],
  ["scalars and tensors", {}],
  ["tensors with a named size", { named: true }],
];

describe.each(kinds)("random programs of %s", (_name, options) => {
  it("forward = reverse = differences, at first and second order", () => {
    const tally: Tally = { entries: 0, decided: 0 };
    fc.assert(
      fc.property(randomProgram(options), (program) => {
        fc.pre(ordinary(program) && used(program).length > 0);
        expectDifferences(program.output, program.values, tally);
      }),
      { numRuns: RUNS },
    );
    // Measured: 0.95 of scalar programs, which nest steeper functions, and 0.99 of the others.
    expectDecided(tally, 0.85);
  });

  it("⟨v, Jᵀu⟩ = ⟨Jv, u⟩", () => {
    fc.assert(
      fc.property(randomProgram({ ...options, size: 20 }), (program) => {
        fc.pre(ordinary(program));
        const wrt = used(program);
        expectTransposed(program.output, wrt, program.values, 1e-12);
      }),
      { numRuns: RUNS },
    );
  });

  it("second derivatives are symmetric", () => {
    fc.assert(
      fc.property(randomProgram(options), (program) => {
        fc.pre(ordinary(program) && used(program).length > 0);
        expectSymmetric(program.output, used(program), program.values, 1e-10);
      }),
      { numRuns: RUNS },
    );
  });
});

describe("random programs", () => {
  it("in single precision hold single-precision numbers, near those of double precision", () => {
    fc.assert(
      fc.property(randomProgram({ dtype: "f32" }), (program) => {
        for (const node of topological([program.output]).nodes) {
          if (!isFloat(node.dtype)) continue;
          expect(node.dtype).toBe("f32");
          for (const item of elementsOf(evaluate(node, program.values))) {
            expect(Object.is(Math.fround(item), item)).toBe(true);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});
