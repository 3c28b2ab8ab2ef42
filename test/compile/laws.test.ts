import { compile } from "@chainrule/compile";
import {
  apply,
  type Expr,
  evaluate,
  grad,
  isScalar,
  type Op,
  scalar,
  sum,
  type Tensor,
  type Value,
} from "@chainrule/core";
import { allOps } from "@chainrule/core/json";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomProgram } from "../support/randomProgram.ts";

/** Where functions change their ways, and ordinary points. */
const points = [
  ...[0, -0, 1, -1, 0.5, -0.5, 2, -2, 3.7, -3.7, 0.1, 20, -20, 40, -40, 710, -746],
  ...[1e-8, -1e-8, 1e-320, 1e300, -1e300, 1e16, Math.PI, Math.PI / 2],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
];

/** Distance in units of the last place of the larger. */
function ulps(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Number.POSITIVE_INFINITY;
  const size = Math.max(Math.abs(a), Math.abs(b));
  const unit = size < 2 ** -1022 ? 2 ** -1074 : 2 ** (Math.floor(Math.log2(size)) - 52);
  return Math.abs(a - b) / unit;
}

const elementwise = allOps.filter((op) => op.elementwise !== undefined && op.arity !== undefined);

function applyTo(op: Op, args: readonly Expr[]): Expr | undefined {
  try {
    return apply(op, args);
  } catch {
    // An op that needs attributes is reached through the random programs.
    return undefined;
  }
}

describe("compiled = interpreted", () => {
  it.each(elementwise.map((op) => [op.name, op] as const))("%s, within 4 ulp", (_name, op) => {
    const args = Array.from({ length: op.arity ?? 0 }, (_, i) => scalar(`x${i}`));
    const y = applyTo(op, args);
    if (y === undefined) return;
    const f = compile({
      inputs: Object.fromEntries(args.map((x, i) => [`x${i}`, x])),
      outputs: { y },
    });
    const few = args.length > 2 ? points.filter((_, i) => i % 3 === 0) : points;
    const grids = args.reduce<number[][]>(
      (rows) => rows.flatMap((row) => few.map((value) => [...row, value])),
      [[]],
    );
    const far: string[] = [];
    for (const row of grids) {
      const values = Object.fromEntries(row.map((value, i) => [`x${i}`, value]));
      const expected = evaluate(y, values) as number;
      const got = f(values)["y"] as number;
      if (!(ulps(got, expected) <= 4)) far.push(`${row.join(", ")}: ${got} for ${expected}`);
    }
    expect(far).toEqual([]);
  });

  it("random scalar programs and their gradients", () => {
    fc.assert(
      fc.property(randomProgram({ moves: [], size: 8 }), ({ output, inputs, values }) => {
        const gradients = grad(output, inputs);
        const named = Object.fromEntries(inputs.map((input, i) => [`x${i}`, input]));
        const outputs = { y: output, ...Object.fromEntries(gradients.map((g, i) => [`g${i}`, g])) };
        const f = compile({ inputs: named, outputs });
        const given = Object.fromEntries(
          inputs.map((input, i) => [`x${i}`, values.get(input) as number]),
        );
        const expected = evaluate(outputs, values) as Record<string, number>;
        close(f(given), expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it("random programs of tensors, taken apart", () => {
    fc.assert(
      fc.property(randomProgram({ size: 6 }), ({ output, inputs, values }) => {
        const y = isScalar(output) ? output : sum(output);
        const named = Object.fromEntries(inputs.map((input, i) => [`x${i}`, input]));
        const f = compile({ inputs: named, outputs: { output, y } });
        const given = Object.fromEntries(
          inputs.map((input, i) => [`x${i}`, values.get(input) as Value]),
        );
        close(f(given), evaluate({ output, y }, values) as Record<string, Value>);
      }),
      { numRuns: 1_000 },
    );
  });
});

/**
 * Each function is right to a few ulp; a chain of ten may lose some digits more. NaN and ∞ agree
 * exactly.
 */
const TOLERANCE = 1e-8;

function close(got: Record<string, Value>, expected: Record<string, Value>): void {
  for (const [name, value] of Object.entries(expected)) {
    const theirs = typeof value === "number" ? [value] : [...value.data];
    const own = got[name] as Value;
    const ours = typeof own === "number" ? [own] : [...(own as Tensor).data];
    theirs.forEach((one, i) => {
      const other = ours[i] as number;
      if (Object.is(one, other)) return;
      const near = Math.abs(one - other) <= TOLERANCE * Math.max(1, Math.abs(one), Math.abs(other));
      expect(near, `${name}[${i}]: ${other} for ${one}`).toBe(true);
    });
  }
}
