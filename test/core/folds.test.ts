import {
  apply,
  broadcastTo,
  constant,
  type DType,
  dtypes,
  type Expr,
  evaluate,
  isFloat,
  type Op,
  scalar,
  topological,
  type Value,
  variable,
} from "@chainrule/core";
import { allOps } from "@chainrule/core/json";
import { describe, expect, it } from "vitest";
import { bindingsOf, elementsOf } from "../support/points.ts";
import { samples } from "../support/samples.ts";

/** Numbers at which algebra and arithmetic part: zeros, infinities, NaN, denormals, the largest. */
const SPECIAL: Readonly<Record<DType, readonly number[]>> = {
  f64: [
    0,
    -0,
    1,
    -1,
    2,
    -3,
    0.1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.MIN_VALUE,
    -Number.MIN_VALUE,
    2 ** -1030,
    Number.MAX_VALUE,
    2 ** 53,
  ],
  f32: [
    0,
    -0,
    1,
    -1,
    2,
    Math.fround(0.1),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** -149,
    2 ** 24,
  ],
  i32: [0, 1, -1, 2, -(2 ** 31), 2 ** 31 - 1],
  bool: [0, 1],
};

const opOf = (name: string): Op => allOps.find((op) => op.name === name) as Op;
const mask = (condition: Expr, x: Expr): Expr => apply(opOf("mask"), [condition, x]);
const neg = (x: Expr): Expr => apply(opOf("neg"), [x]);
const not = (x: Expr): Expr => apply(opOf("logicalNot"), [x]);

const open = scalar("open", "bool");

/** All pairs of special numbers at once: x is a row, y a column. */
function specials(name: "x" | "y", dtype: DType): Expr {
  const count = SPECIAL[dtype].length;
  return variable(name, name === "x" ? [count] : [count, 1], dtype);
}

/** The forms that folds look for, about one variable. */
function formsOf(x: Expr): Expr[] {
  const forms = [x, neg(x), neg(neg(x)), not(x), not(not(x))];
  if (!isFloat(x.dtype)) return forms;
  return [...forms, mask(open, x), mask(not(open), x), mask(open, mask(x, x))];
}

/** A fold's result is the node's own value, except that what a closed mask stops is 0. */
function expectSame(node: Expr, folded: Expr, dtype: DType, opened: number): void {
  expect([folded.dtype, folded.shape]).toEqual([node.dtype, node.shape]);
  const list = SPECIAL[dtype];
  const bindings = { x: [...list], y: list.map((value) => [value]), open: opened };
  const condition = folded.op.name === "mask" ? folded.args[0] : undefined;
  const gate = broadcastTo(condition ?? constant(1, "bool"), node.shape);
  const [own, other, gates] = evaluate([node, folded, gate], bindings).map(elementsOf) as [
    number[],
    number[],
    number[],
  ];
  for (const [i, item] of other.entries()) {
    const closed = gates[i] === 0;
    const fine = Object.is(own[i], item) || (closed && Object.is(item, 0));
    if (!fine)
      expect.fail(`${text(node)}, element ${i}, open ${opened}: ${own[i]}, folded ${item}`);
  }
}

function text(node: Expr): string {
  return `${node.op.name}(${node.args.map((arg) => `${arg.op.name} ${arg.attributes["value"] ?? ""}`)})`;
}

const folding = allOps.filter(({ fold }) => fold !== undefined);

describe.each(folding.map((op) => [op.name, op] as const))("the fold of %s", (_name, op) => {
  if (op.elementwise !== undefined) {
    it.each(dtypes)("keeps every value bit for bit, of %s", (dtype) => {
      const literals = SPECIAL[dtype].map((value) => constant(value, dtype));
      const first = [...formsOf(specials("x", dtype)), ...literals];
      const second = op.arity === 1 ? [undefined] : [...formsOf(specials("y", dtype)), ...literals];
      for (const a of first) {
        for (const b of second) {
          const args = b === undefined ? [a] : [a, b];
          const folded = op.fold?.(args, {});
          if (folded === undefined) continue;
          for (const opened of [0, 1]) expectSame(apply(op, args), folded, dtype, opened);
        }
      }
    });
  } else {
    it("keeps the values of masked arguments", () => {
      const nodes = (samples[op.name] ?? [])
        .flatMap((make) => topological([make()]).nodes)
        .filter((node) => node.op === op);
      for (const node of nodes) {
        const whole = op.fold?.(node.args, node.attributes);
        if (whole !== undefined) expectEqual(node, whole, bindingsOf([node], 3));
        for (let i = 0; i < node.args.length; i++) {
          const arg = node.args[i] as Expr;
          if (!isFloat(arg.dtype)) continue;
          const masked = mask(variable("some", arg.shape, "bool"), arg);
          const args = node.args.map((other, at) => (at === i ? masked : other));
          const folded = op.fold?.(args, node.attributes);
          if (folded === undefined) continue;
          const plain = apply(op, args, node.attributes);
          for (const seed of [1, 2, 3]) expectEqual(plain, folded, bindingsOf([plain], seed));
        }
      }
    });
  }
});

function expectEqual(node: Expr, folded: Expr, values: ReadonlyMap<Expr, Value>): void {
  expect([folded.dtype, folded.shape]).toEqual([node.dtype, node.shape]);
  const [own, other] = evaluate([node, folded], values).map(elementsOf) as [number[], number[]];
  // A closed mask is 0 where the node may have −0.
  expect(other.map((item) => item + 0)).toEqual(own.map((item) => item + 0));
}

describe("folds", () => {
  it("turn nothing but a few known forms into others", () => {
    const [x, y] = [scalar("x"), scalar("y")];
    const add = opOf("add");
    expect(add.fold?.([x, constant(0)], {})).toBeUndefined();
    expect(add.fold?.([x, neg(y)], {})).toBe(apply(opOf("sub"), [x, y]));
    const mul = opOf("mul");
    expect(mul.fold?.([constant(0), x], {})).toBeUndefined();
    expect(mul.fold?.([constant(1), x], {})).toBe(x);
    expect(mul.fold?.([constant(0.1), constant(0.2)], {})).toBeUndefined();
    expect(mul.fold?.([constant(2), constant(3)], {})).toBe(constant(6));
  });
});
