import { compile } from "@chainrule/compile";
import {
  add,
  type Expr,
  mul,
  Program,
  reshape,
  square,
  sum,
  Tensor,
  variable,
} from "@chainrule/core";
import { describe, expect, it } from "vitest";

describe("a plan that does not fit into memory", () => {
  it("names what wants more memory than there is", () => {
    const a = variable("a", [20_000, 20_000]);
    const b = variable("b", [20_000, 20_000]);
    const huge = { outputs: { far: add(a, b), total: sum(mul(a, b)) } };
    expect(() => compile(huge)).toThrow(
      /must fit into the 4294967296 bytes that WebAssembly can address, got 9600\d+ bytes \(largest: a 3200000000, b 3200000000, far 3200000000\)/,
    );
  });

  it("names what is known to be too large before sizes are", () => {
    const a = variable("a", [30_000, 30_000]);
    const b = variable("b", ["n"]);
    expect(() => compile({ outputs: { y: mul(sum(square(a)), b) } })).toThrow(
      /must fit into the 4294967296 bytes .* \(largest: a 7200000000/,
    );
  });

  it("stays as it is if memory does not suffice for a new size", () => {
    const a = variable("a", ["n"]);
    const outer = mul(reshape(a, ["n", 1]), reshape(a, [1, "n"])) as Expr;
    const total = variable("total");
    const parts = new Program({
      definitions: { outer: square(outer) },
      variables: { a, total },
      updates: new Map([[total, add(total, sum(a))]]),
    });
    const f = compile(parts);
    f({ a: [1, 2], total: 0 });
    const before = ["a", "total", "outer"].map((name) => f.get(name));
    expect(() => f({ a: new Float64Array(60_000), total: 1 })).toThrow(
      /must fit into the 4294967296 bytes .* \(largest: outer 28800000000, /,
    );
    expect(["a", "total", "outer"].map((name) => f.get(name))).toEqual(before);
    expect(f({ a: [3] })["outer"]).toEqual(new Tensor([1, 1], Float64Array.of(81)));
    expect(f.get("total")).toBe(6);
  });
});
