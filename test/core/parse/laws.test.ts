import {
  add,
  constant,
  div,
  type Expr,
  less,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  matmul,
  mod,
  mul,
  namedConstant,
  neg,
  pow,
  scalar,
  sin,
  sub,
  sum,
  toText,
  transpose,
  variable,
  where,
} from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const variables: Record<string, Expr> = Object.fromEntries(
  ["a", "c", "e3", "x_12", "w5'", "rate", "_p", "x1", "σ", "E"].map((name) => [name, scalar(name)]),
);

const leaf: fc.Arbitrary<Expr> = fc.oneof(
  fc.constantFrom(...Object.values(variables)),
  fc.constantFrom(...[0, 1, 2, -2, 0.5, -0.25, 1e21, 1e-7, -0, 3].map((value) => constant(value))),
  fc.double({ noNaN: true }).map((value) => constant(value)),
  fc.constantFrom(namedConstant("pi"), namedConstant("tau"), namedConstant("e")),
);

const scalars: fc.Arbitrary<Expr> = fc.letrec<{ node: Expr }>((tie) => ({
  node: fc.oneof(
    { depthSize: "medium", maxDepth: 7 },
    leaf,
    ...[add, sub, mul, mul, div, pow, mod, less, logicalAnd, logicalOr, logicalXor].map((op) =>
      fc.tuple(tie("node"), tie("node")).map(([a, b]) => op(a, b)),
    ),
    ...[neg, neg, sin, logicalNot].map((op) => tie("node").map((a) => op(a))),
    fc.tuple(tie("node"), tie("node"), tie("node")).map(([c, a, b]) => where(c, a, b)),
  ),
})).node;

/** Square matrices, so that every product fits. */
const matrices: fc.Arbitrary<Expr> = fc.letrec<{ node: Expr }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small", maxDepth: 5 },
    fc.constantFrom(variable("A", [3, 3]), variable("B", [3, 3])),
    fc.constant(
      constant([
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, -9],
      ]),
    ),
    ...[add, sub, mul, div, matmul, matmul].map((op) =>
      fc.tuple(tie("node"), tie("node")).map(([a, b]) => op(a, b)),
    ),
    fc.tuple(leaf, tie("node")).map(([a, b]) => mul(a, b)),
    fc.tuple(tie("node"), leaf).map(([a, b]) => pow(a, b)),
    tie("node").map((a) => transpose(a)),
    tie("node").map((a) => add(sum(a, 0, { keepDims: true }), a)),
    tie("node").map((a) => neg(a)),
  ),
})).node;

describe("parse(toText(e)) = e", () => {
  test("for scalars", () => {
    fc.assert(
      fc.property(scalars, (expr) => {
        expect(parse(toText(expr), { variables }).result).toBe(expr);
      }),
      { numRuns: 1000 },
    );
  });

  test("for matrices", () => {
    const given = { ...variables, A: variable("A", [3, 3]), B: variable("B", [3, 3]) };
    fc.assert(
      fc.property(matrices, (expr) => {
        expect(parse(toText(expr), { variables: given }).result).toBe(expr);
      }),
      { numRuns: 500 },
    );
  });
});

test("blanks and superfluous parentheses change nothing", () => {
  fc.assert(
    fc.property(scalars, fc.constantFrom(" ", "\t", "\n"), (expr, blank) => {
      const text = toText(expr, { share: false });
      const spaced = `(${text.replace(/ /g, ` ${blank} `)})`;
      expect(parse(spaced, { variables }).result).toBe(expr);
    }),
  );
});
