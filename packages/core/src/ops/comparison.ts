import type { Expr } from "../expr.ts";
import { infix, precedence, prefix } from "../notation.ts";
import { type Binary, elementwise, real, type Unary } from "../op.ts";

function comparison(
  name: string,
  text: string,
  latex: string,
  evaluate: (a: number, b: number) => number,
): Binary {
  return elementwise({
    name,
    domain: [real, real],
    result: "bool",
    evaluate,
    partials: [null, null],
    notation: infix(text, latex, precedence.comparison),
  });
}

/** `a = b`, a truth value. */
export const equal: Binary = /* @__PURE__ */ comparison("equal", "==", "=", (a, b) =>
  Number(a === b),
);

/** `a ≠ b` */
export const notEqual: Binary = /* @__PURE__ */ comparison("notEqual", "!=", "\\ne", (a, b) =>
  Number(a !== b),
);

/** `a < b` */
export const less: Binary = /* @__PURE__ */ comparison("less", "<", "<", (a, b) => Number(a < b));

/** `a ≤ b` */
export const lessEqual: Binary = /* @__PURE__ */ comparison("lessEqual", "<=", "\\le", (a, b) =>
  Number(a <= b),
);

/** `a > b` */
export const greater: Binary = /* @__PURE__ */ comparison("greater", ">", ">", (a, b) =>
  Number(a > b),
);

/** `a ≥ b` */
export const greaterEqual: Binary = /* @__PURE__ */ comparison(
  "greaterEqual",
  ">=",
  "\\ge",
  (a, b) => Number(a >= b),
);

/** `a ∧ b` of truth values; numbers count as true when not 0. */
export const logicalAnd: Binary = elementwise({
  name: "logicalAnd",
  domain: [real, real],
  result: "bool",
  evaluate: (a, b) => Number(a !== 0 && b !== 0),
  partials: [null, null],
  fold: ([a, b]) => (a === b && a?.dtype === "bool" ? a : undefined),
  notation: infix("and", "\\land", precedence.and, { associative: true }),
});

/** `a ∨ b` */
export const logicalOr: Binary = elementwise({
  name: "logicalOr",
  domain: [real, real],
  result: "bool",
  evaluate: (a, b) => Number(a !== 0 || b !== 0),
  partials: [null, null],
  fold: ([a, b]) => (a === b && a?.dtype === "bool" ? a : undefined),
  notation: infix("or", "\\lor", precedence.or, { associative: true }),
});

/** `a ⊻ b`, one of them but not both. */
export const logicalXor: Binary = elementwise({
  name: "logicalXor",
  domain: [real, real],
  result: "bool",
  evaluate: (a, b) => Number((a !== 0) !== (b !== 0)),
  partials: [null, null],
  notation: infix("xor", "\\veebar", precedence.or + 0.5, { associative: true }),
});

/** `¬a` */
export const logicalNot: Unary = elementwise({
  name: "logicalNot",
  domain: [real],
  result: "bool",
  evaluate: (a) => Number(a === 0),
  partials: [null],
  fold: ([a]) => {
    const inner = a as Expr;
    return inner.op === logicalNot.op && inner.args[0]?.dtype === "bool"
      ? inner.args[0]
      : undefined;
  },
  notation: prefix("not ", "\\lnot "),
});
