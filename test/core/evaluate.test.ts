import {
  add,
  constant,
  div,
  evaluate,
  exp,
  log,
  mul,
  parameter,
  scalar,
  sourceOf,
  sub,
  sum,
  Tensor,
  variable,
  withSources,
} from "@chainrule/core";
import { describe, expect, it } from "vitest";

const x = scalar("x");
const y = scalar("y");

describe("evaluate", () => {
  it("gives numbers for scalars, tensors for the rest, in the form asked for", () => {
    expect(evaluate(mul(x, 2), { x: 3 })).toBe(6);
    expect(evaluate([x, mul(x, x)] as const, { x: 3 })).toEqual([3, 9]);
    expect(evaluate({ double: mul(x, 2) }, { x: 3 })).toEqual({ double: 6 });
    const v = variable("v", [2]);
    expect(evaluate(mul(v, 2), { v: [1, 2] })).toBeInstanceOf(Tensor);
  });

  it("takes values as nested arrays, typed arrays, tensors, and by node", () => {
    const v = variable("v", ["n", 2]);
    const total = sum(v);
    const rows = [
      [1, 2],
      [3, 4],
    ];
    const flat = Float64Array.of(1, 2, 3, 4);
    for (const value of [rows, flat, new Tensor([2, 2], flat)]) {
      expect(evaluate(total, { v: value })).toBe(10);
    }
    expect(evaluate(total, new Map([[v, rows]]))).toBe(10);
  });

  it("rounds single precision once, and wraps 32-bit integers", () => {
    const f = scalar("f", "f32");
    expect(evaluate(mul(f, 0.1), { f: 1 })).toBe(Math.fround(Math.fround(0.1)));
    const i = scalar("i", "i32");
    expect(evaluate(mul(i, i), { i: 65537 })).toBe(Math.imul(65537, 65537));
    expect(evaluate(div(i, 2), { i: 3 })).toBe(1.5);
  });

  it("checks everything given before any work", () => {
    const v = variable("v", ["n", 2]);
    const w = variable("w", ["n"]);
    const e = sum(mul(sum(v, 1), w));
    const good = { v: [[1, 2]], w: [1] };
    expect(evaluate(e, good)).toBe(3);
    const cases: readonly (readonly [object, RegExp])[] = [
      [{ v: [[1, 2]] }, /got none for w/],
      [{ v: [[1, 2]], W: [1] }, /got none for w; no input bears the name W/],
      [{ ...good, v: [[1, 2, 3]] }, /v: shape must be \[n, 2\], got \[1, 3\]/],
      [{ ...good, v: [[1, 2], [3]] }, /rows must have equal lengths/],
      [{ ...good, w: [1, 2] }, /size "n" must be 1 as in the inputs before, got shape \[2\]/],
      [{ ...good, v: 3 }, /v: shape must be \[n, 2\], got \[\]/],
      [{ ...good, v: [["a", "b"]] }, /elements must be numbers, got "a"/],
      [{ ...good, v: "text" }, /a value must be a number, an array or a tensor/],
    ];
    for (const [bindings, message] of cases) {
      expect(() => evaluate(e, bindings as typeof good)).toThrow(message);
    }
    const i = scalar("i", "i32");
    expect(() => evaluate(i, { i: 1.5 })).toThrow(/elements must be a 32-bit integer, got 1.5/);
  });

  it("refuses a name that two nodes bear, and takes them by node", () => {
    const p = parameter("w");
    const q = parameter("w");
    const e = add(p, q);
    expect(() => evaluate(e, { w: 1 })).toThrow(/a name must stand for one node, got "w"/);
    expect(
      evaluate(
        e,
        new Map([
          [p, 1],
          [q, 2],
        ]),
      ),
    ).toBe(3);
  });
});

describe('trap: "nonfinite"', () => {
  const trap = { trap: "nonfinite" } as const;

  it("names the first node that turned finite inputs into NaN or ∞, and its inputs", () => {
    const e = mul(2, exp(log(sub(x, y))));
    expect(evaluate(e, { x: 2, y: 1 }, trap)).toBe(2);
    expect(() => evaluate(e, { x: 1, y: 1 }, trap)).toThrow(
      "every node must be finite, got -Infinity from log(0), which is log(x - y)",
    );
    expect(() => evaluate(div(constant([1, 0]), 0), {}, trap)).toThrow(
      /a tensor with NaN or ∞ from div/,
    );
  });

  it("lets values through that were not finite when they came in", () => {
    expect(evaluate(add(x, 1), { x: Number.POSITIVE_INFINITY }, trap)).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it("tells the line that built the node, where that was recorded", () => {
    const z = scalar("z_source");
    const e = withSources(() => log(mul(z, 0.25)));
    expect(sourceOf(e)).toMatch(/evaluate\.test\.ts:\d+:\d+$/);
    expect(() => evaluate(e, { z_source: 0 }, trap)).toThrow(/built at .*evaluate\.test\.ts:\d+/);
    expect(sourceOf(x)).toBeUndefined();
  });
});
