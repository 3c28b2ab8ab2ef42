import {
  add,
  constant,
  type Expr,
  elementwise,
  evaluate,
  grad,
  matmul,
  mul,
  named,
  parameter,
  real,
  scalar,
  sigmoid,
  sum,
  tanh,
  transpose,
  type Unary,
  variable,
} from "@chainrule/core";
import { allOps, fromJSON, type GraphJSON, toJSON } from "@chainrule/core/json";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const x = scalar("x");
const single = { single: true } as const;

/** Through text, as a file would take it. */
function again(e: Expr, options = {}): Expr {
  return fromJSON(JSON.stringify(toJSON(e)), { ...options, ...single });
}

describe("toJSON, fromJSON", () => {
  it("give the same node back", () => {
    const W = variable("W", ["batch", 3], "f32");
    const e = sum(sigmoid(matmul(W, transpose(W))));
    expect(again(e)).toBe(e);
    expect(again(grad(e, W))).toBe(grad(e, W));
  });

  it("are exact for every double", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const e = mul(constant(value), x);
        expect(again(e)).toBe(e);
      }),
    );
    for (const value of [
      -0,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      5e-324,
    ]) {
      expect(again(constant(value))).toBe(constant(value));
    }
    const list = constant([0.1, -0, Number.NaN]);
    expect(again(list)).toBe(list);
  });

  it("keep several outputs by name", () => {
    const graph = toJSON({ y: tanh(x), z: mul(x, x) });
    const { y, z } = fromJSON(graph);
    expect(y).toBe(tanh(x));
    expect(z).toBe(mul(x, x));
  });

  it("make new parameters, or take those given", () => {
    const w = parameter("w");
    const e = mul(w, x);
    expect(again(e)).not.toBe(e);
    expect(again(e, { parameters: { w } })).toBe(e);
  });

  it("know a user's own ops when told", () => {
    const twice: Unary = elementwise({
      name: "twice",
      domain: [real],
      evaluate: (value) => 2 * value,
      partials: [() => constant(2)],
      notation: named("twice"),
    });
    const graph = toJSON(twice(x));
    expect(() => fromJSON(graph)).toThrow(/node 1 must have a known op, got "twice"/);
    expect(evaluate(fromJSON(graph, { ops: [twice.op], ...single }), { x: 4 })).toBe(8);
  });

  it("write a chain of 100,000 nodes without recursion", () => {
    let e: Expr = x;
    for (let i = 0; i < 100_000; i++) e = tanh(e);
    expect(again(e)).toBe(e);
  });
});

describe("fromJSON refuses", () => {
  const good = toJSON(mul(x, add(x, 1)));
  const cases: readonly (readonly [string, unknown, RegExp])[] = [
    ["another format", { ...good, format: "other" }, /the format must be "chainrule"/],
    ["another version", { ...good, version: 2 }, /the version must be 1, got 2/],
    ["text that is no JSON", "{", /the text must be JSON/],
    ["a list", [], /the graph must be an object/],
    ["nodes that are no list", { ...good, nodes: 3 }, /nodes must be an array/],
    ["a node that is no triple", { ...good, nodes: [["mul"]] }, /node 0 must be \[op, arguments/],
    [
      "an unknown op",
      { ...good, nodes: [["nope", []]] },
      /node 0 must have a known op, got "nope"/,
    ],
    [
      "a forward reference",
      { ...good, nodes: [["tanh", [0]]] },
      /an argument must be a position before/,
    ],
    ["a wrong count", { ...good, nodes: [["mul", []]] }, /mul must have 2 arguments, got 0/],
    [
      "wrong attributes",
      { ...good, nodes: [["variable", [], { name: 3 }]] },
      /node 0 must be sound/,
    ],
    ["an output that is not there", { ...good, outputs: { result: 99 } }, /must be a position/],
  ];
  for (const [what, data, message] of cases) {
    it(what, () => {
      expect(() => fromJSON(data as GraphJSON)).toThrow(message);
    });
  }

  it("more nodes than allowed, before making any", () => {
    expect(() => fromJSON(good, { maxNodes: 1 })).toThrow(/there must be fewer nodes, got/);
  });

  it("anything malformed with a clear error: 100,000 mutations", () => {
    const source = JSON.stringify(
      toJSON(
        sum(
          sigmoid(
            matmul(
              variable("W", [2, 2]),
              constant([
                [1, 2],
                [3, 4],
              ]),
            ),
          ),
        ),
      ),
    );
    const names = allOps.map(({ name }) => name);
    const mutation = fc.record({
      at: fc.nat(source.length - 1),
      length: fc.nat(12),
      text: fc.oneof(
        fc.string(),
        fc.constantFrom(...names),
        fc.constantFrom("-1", "1e999", "null", "[]", "{}", '"'),
      ),
    });
    fc.assert(
      fc.property(mutation, ({ at, length, text }) => {
        const mutant = source.slice(0, at) + text + source.slice(at + length);
        try {
          fromJSON(mutant);
        } catch (error) {
          expect((error as Error).name).toMatch(/^(?:Argument|Shape|DType)Error$/);
        }
      }),
      { numRuns: 100_000 },
    );
  }, 120_000);
});
