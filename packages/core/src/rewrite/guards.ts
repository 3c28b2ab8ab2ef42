import type { Expr } from "../expr.ts";
import type { Op } from "../op.ts";
import { add, div, mul, neg, sub } from "../ops/arithmetic.ts";
import {
  equal,
  greaterEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  notEqual,
} from "../ops/comparison.ts";
import { log } from "../ops/exponential.ts";
import { broadcastTo } from "../ops/movement.ts";
import { mask } from "../ops/select.ts";
import { any, type Bound, form, literal, type Pattern } from "./pattern.ts";

/**
 * The value of a mask without a condition that it does not need for reading, as the guards in the
 * derivatives of powers; `undefined` where all are needed.
 */
export function unguarded(condition: Expr, value: Expr): Expr | undefined {
  if (condition.op === broadcastTo.op) return unguarded(condition.args[0] as Expr, value);
  if (isRedundant(condition, value)) return value;
  if (condition.op !== logicalAnd.op) return undefined;
  const [a, b] = condition.args as readonly [Expr, Expr];
  if (isRedundant(a, value)) return mask(b, value);
  return isRedundant(b, value) ? mask(a, value) : undefined;
}

/** `b ≠ 0` */
const nonzero: Pattern = /* @__PURE__ */ form(notEqual.op, any("b"), literal(0));

/** `not (a = 0 and b ≥ 0)` */
const apart: Pattern = /* @__PURE__ */ form(
  logicalNot.op,
  form(
    logicalAnd.op,
    form(equal.op, any("a"), literal(0)),
    form(greaterEqual.op, any("b"), literal(0)),
  ),
);

/** `c or d` */
const one: Pattern = /* @__PURE__ */ form(logicalOr.op, any("c"), any("d"));

function isRedundant(condition: Expr, value: Expr): boolean {
  let bound: Bound = new Map();
  // b · y is 0 at b = 0 without being told.
  if (nonzero(condition, bound)) {
    const base = bound.get("b");
    return hasFactor(value, (factor) => factor === base);
  }
  bound = new Map();
  // y · ln(a): a = 0 lies on the edge of its domain.
  if (apart(condition, bound)) {
    const base = bound.get("a");
    return hasFactor(value, ({ op, args }) => op === log.op && args[0] === base);
  }
  bound = new Map();
  // mask(c, x) + mask(d, y) is 0 where neither flows.
  if (!one(condition, bound)) return false;
  const [c, d] = [bound.get("c"), bound.get("d")];
  return hasFactor(value, ({ op, args: [left, right] }) => {
    const sum = op === add.op || op === sub.op;
    return sum && isMaskOf(left, c) && isMaskOf(right, d);
  });
}

function isMaskOf(node: Expr | undefined, condition: Expr | undefined): boolean {
  return node?.op === mask.op && node.args[0] === condition;
}

/** Factors that are looked at in a product; beyond, nothing is found. */
const MOST_FACTORS = 64;

/** Whether a product, or the numerator of a quotient, has such a factor. */
function hasFactor(product: Expr, test: (factor: Expr) => boolean): boolean {
  const through: readonly Op[] = [mul.op, div.op, neg.op, broadcastTo.op];
  const open = [product];
  for (let count = 0; count < MOST_FACTORS; count++) {
    const next = open.pop();
    if (next === undefined) return false;
    if (test(next)) return true;
    const [a, b] = next.args;
    if (a !== undefined && through.includes(next.op)) open.push(a);
    if (b !== undefined && next.op === mul.op) open.push(b);
  }
  return false;
}
