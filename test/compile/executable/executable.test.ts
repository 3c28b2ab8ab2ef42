import { compile, type Executable, instantiate } from "@chainrule/compile";
import {
  add,
  type Expr,
  gather,
  matmul,
  mul,
  Program,
  sum,
  Tensor,
  transpose,
  variable,
} from "@chainrule/core";
import { describe, expect, it } from "vitest";

const x = variable("x", ["n", 2]);
const w = variable("w", [2, 2]);
const bias = variable("bias", [2], "f32");
const count = variable("count", [], "i32");

/** A state of fixed shape, a batch, an f32 and an i32. */
const program = new Program({
  definitions: { y: matmul(x, w), shifted: mul(bias, 2), twice: mul(count, 2) },
  variables: { x, w, bias, count },
  updates: new Map([[w, add(w, matmul(transpose(x), x))]]),
});

const values = {
  x: Float64Array.of(1, 2, 3, 4),
  w: Float64Array.of(1, 0, 0, 1),
  bias: Float32Array.of(0.5, 1.5),
  count: 21,
};

/** What must hold of every engine. */
const engines = {
  webassembly: (parts: Program): Executable => compile(parts, { engine: "webassembly" }),
  interpreter: (parts: Program): Executable => compile(parts, { engine: "interpreter" }),
};

/** Everything that can be read of an executable. */
function contents(f: Executable): unknown {
  return ["x", "w", "bias", "count", "y", "shifted", "twice"].map((name) => f.get(name));
}

describe.each(Object.entries(engines))("an executable of the engine %s", (engine, make) => {
  it("takes typed arrays, nested arrays, numbers and tensors", () => {
    const f = make(program);
    const first = f(values);
    expect(first["y"]).toEqual(new Tensor([2, 2], Float64Array.of(1, 2, 3, 4)));
    expect(first["shifted"]).toEqual(new Tensor([2], Float32Array.of(1, 3)));
    expect(first["twice"]).toBe(42);
    expect(f.get("w")).toEqual(new Tensor([2, 2], Float64Array.of(11, 14, 14, 21)));
    expect(f.explain().engine).toBe(engine);
    const nested = { x: [[1, 0]], w: new Tensor([2, 2], Float64Array.of(1, 2, 3, 4)) };
    expect(f(nested)["y"]).toEqual(new Tensor([1, 2], Float64Array.of(1, 2)));
  });

  it("keeps fixed inputs and state when a named size changes", () => {
    const f = make(program);
    f(values);
    const many = Float64Array.from({ length: 2 * 40_000 }, (_, i) => (i < 2 ? 1 : 0));
    const y = f({ x: many })["y"] as Tensor;
    expect(y.shape).toEqual([40_000, 2]);
    expect([...y.data.subarray(0, 4)]).toEqual([25, 35, 0, 0]);
    expect(f.get("w")).toEqual(new Tensor([2, 2], Float64Array.of(12, 15, 15, 22)));
    expect(f.get("count")).toBe(21);
  });

  it("gives no output that was not computed for the sizes there are", () => {
    const f = make(program);
    expect(() => f.get("shifted")).toThrow(/shifted must be computed .*, got no run/);
    f(values);
    f.set({ x: [[1, 2]] });
    expect(() => f.get("y")).toThrow(/y must be computed for the sizes there are, got no run/);
    expect(f.get("x")).toEqual(new Tensor([1, 2], Float64Array.of(1, 2)));
    f.run();
    expect((f.get("y") as Tensor).shape).toEqual([1, 2]);
  });

  it("keeps an input of one named size when another changes", () => {
    const a = variable("a", ["n"]);
    const b = variable("b", ["m"]);
    const f = make(new Program({ definitions: { both: mul(sum(a), sum(b)) } }));
    expect(f({ a: [1, 2], b: [3, 4, 5] })["both"]).toBe(36);
    expect(f({ a: Float64Array.from({ length: 1000 }, () => 1) })["both"]).toBe(12_000);
    expect(f({ b: [2] })["both"]).toBe(2000);
    expect(() => f({ a: [[1]] })).toThrow(/a: shape must be \[n\]/);
    expect(f()["both"]).toBe(2000);
  });

  it("lets inputs of fixed shape be set and seen before sizes are known", () => {
    const f = make(program);
    f.set({ w: Float64Array.of(1, 2, 3, 4) });
    f.view("bias").set([1, 1]);
    expect(f.get("w")).toEqual(new Tensor([2, 2], Float64Array.of(1, 2, 3, 4)));
    expect(() => f.view("x")).toThrow(/named sizes must be fixed by values first, got none for n/);
    expect(() => f.run()).toThrow(/every input must have a value, got none for x, count/);
    expect(f({ x: [[1, 1]], count: 1 })["y"]).toEqual(new Tensor([1, 2], Float64Array.of(4, 6)));
  });

  it("refuses bad values before anything runs, and everything stays as it was", () => {
    const f = make(program);
    f(values);
    const before = contents(f);
    const gone = new Float64Array(4);
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    const bad: [Record<string, unknown>, RegExp][] = [
      [{ z: 1 }, /values must belong to an input \(x, w, bias, count\), got "z"/],
      [{ w: [1, 2] }, /w: shape must be \[2, 2\], got \[2\]/],
      [{ w: new Float64Array(5) }, /w: shape must be \[2, 2\], got \[5\]/],
      [{ w: [[1, 2], [3]] }, /rows must have equal lengths/],
      [
        {
          w: [
            ["1", 2],
            [3, 4],
          ],
        },
        /elements must be numbers, got "1"/,
      ],
      [{ w: new BigInt64Array(4) }, /w: a value must be a number, an array or a tensor/],
      [{ w: "1" }, /w: a value must be a number, an array or a tensor, got "1"/],
      [{ w: undefined }, /got none for w/],
      [{ w: gone }, /w must have its memory, got an array that was detached/],
      [{ w: new DataView(new ArrayBuffer(32)) }, /w: a value must be .*, got a DataView/],
      [{ x: new Float64Array(3) }, /x: shape must be \[n, 2\], got \[3\]/],
      [{ count: 1.5 }, /count: elements must be a 32-bit integer, got 1.5/],
      [{ count: Float64Array.of(2 ** 31) }, /count/],
      [{ count: [1] }, /count: shape must be \[\], got \[1\]/],
    ];
    for (const [wrong, message] of bad) {
      const good = { x: [[9, 9]], bias: [9, 9], count: 9 };
      expect(() => f({ ...good, ...wrong } as never), String(message)).toThrow(message);
      expect(contents(f)).toEqual(before);
    }
    expect(() => make(program)({ w: values.w })).toThrow(/got none for x, bias, count/);
  });

  it("writes results into arrays of the caller, which are checked first", () => {
    const f = make(program);
    const y = new Float64Array(4);
    const shifted = new Float32Array(2);
    f.into({ y, shifted }, values);
    expect([...y]).toEqual([1, 2, 3, 4]);
    expect([...shifted]).toEqual([1, 3]);
    const before = contents(f);
    const gone = new Float64Array(4);
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    const bad: [Record<string, unknown>, RegExp][] = [
      [{ z: y }, /targets must belong to an output \(y, shifted, twice\), got "z"/],
      [{ y: new Float32Array(4) }, /y must be a Float64Array, got a Float32Array/],
      [{ y: [0, 0, 0, 0] }, /y must be a Float64Array, got an array of 4/],
      [{ y: new Float64Array(6) }, /y must have 4 elements, got 6/],
      [{ y: gone }, /y must have 4 elements, got an array that was detached/],
    ];
    for (const [wrong, message] of bad) {
      expect(() => f.into({ shifted, ...wrong } as never, { count: 3 })).toThrow(message);
      expect(contents(f)).toEqual(before);
    }
    expect(() => f.into({ y }, { x: [[1, 2]] })).toThrow(/y must have 2 elements, got 4/);
    expect(contents(f)).toEqual(before);
  });

  it("may be given its own views, also of each other", () => {
    const a = variable("a", [2]);
    const b = variable("b", [2]);
    const f = make(new Program({ definitions: { both: sum(mul(a, b)) } }));
    f({ a: [1, 2], b: [3, 4] });
    f({ a: f.view("b"), b: f.view("a") });
    expect(f.get("a")).toEqual(new Tensor([2], Float64Array.of(3, 4)));
    expect(f.view("b")).toEqual(Float64Array.of(1, 2));
  });

  it("gives the same results on views, run by run", () => {
    const f = make(program);
    f(values);
    f.view("count")[0] = 5;
    f.run();
    expect(f.view("twice")[0]).toBe(10);
  });

  it("cannot be used after it was let go of", () => {
    const f = make(program);
    f(values);
    {
      using held = f;
      held.run();
    }
    expect(() => f.run()).toThrow(/must not be used after dispose/);
    expect(() => f(values)).toThrow(/dispose/);
    expect(() => f.view("w")).toThrow(/dispose/);
    f.dispose();
  });
});

describe("an executable", () => {
  it("rounds numbers for f32 also where scalars are doubles", () => {
    const a = variable("a", [], "f32");
    const f = compile({ outputs: { y: add(a, 0) } }, { as: "scalars" });
    expect(f({ a: 0.1 })["y"]).toBe(Math.fround(0.1));
    expect(f({ a: 0.2 })["y"]).toBe(Math.fround(0.2));
  });

  it("shows its views anew when memory has grown", () => {
    const f = compile(program);
    f(values);
    const before = f.view("w");
    f({ x: new Float64Array(200_000) });
    expect(before.length).toBe(0);
    expect(f.view("w").length).toBe(4);
  });

  it("explains its memory as data and text", () => {
    const f = compile(program, { as: "tensors" });
    expect(f.explain().memory).toEqual([]);
    expect(f.explain().steps[0]).toMatchObject({ depth: 0, operations: undefined });
    f(values);
    const { memory, memoryBytes, sizes, steps, text } = f.explain();
    // Each of the 2 × 2 elements of a product is 2 products and 2 sums; x, w and y are 32 bytes each.
    expect(steps.find((step) => step.text.startsWith("product"))).toEqual({
      text: "product f64 [n, 2] [2, 2]",
      depth: 0,
      operations: 16,
      bytes: 96,
    });
    expect(steps.find((step) => step.text.startsWith("loop f32"))).toMatchObject({
      operations: 2,
      bytes: 16,
    });
    expect(sizes).toEqual({ n: 2 });
    const byName = Object.fromEntries(memory.map((one) => [one.name, one]));
    expect(byName["w"]).toMatchObject({ bytes: 32, from: 0, to: Number.POSITIVE_INFINITY });
    expect(byName["y"]).toMatchObject({ bytes: 32 });
    expect(Math.max(...memory.map(({ address, bytes }) => address + bytes))).toBeLessThanOrEqual(
      memoryBytes,
    );
    expect(text).toMatch(/product f64/);
    expect(text).toMatch(/^w: 32 bytes at \d+, always$/m);
    expect(f.wat()).toContain("(module");
  });

  it("can be instantiated again from its module, with memory of its own", () => {
    const f = compile(program);
    f(values);
    const again = instantiate(f.module as NonNullable<typeof f.module>);
    expect(again(values)).toEqual(compile(program)(values));
    expect(again.get("w")).toEqual(f.get("w"));
    again.view("w").fill(0);
    expect(f.view("w")[0]).toBe(11);
  });

  it("leaves state as it was when a kernel refuses a value in mid-run", () => {
    const table = variable("table", [2000]);
    const at = variable("at", ["n"], "i32");
    const early = variable("early", ["n"]);
    const late = variable("late", ["n"]);
    const updates = new Map<Expr, Expr>([
      [early, mul(early, 2)],
      [late, add(late, gather(table, at))],
    ]);
    const f = compile(
      new Program({
        definitions: { s: sum(early) },
        variables: { table, at, early, late },
        updates,
      }),
      { as: "tensors" },
    );
    f({ table: new Float64Array(2000), at: [0, 1], early: [1, 2], late: [3, 4] });
    expect(() => f({ at: [0, 2000] })).toThrow("gather: indices must lie in 0 … 1999, got 2000");
    expect(f.get("early")).toEqual(new Tensor([2], Float64Array.of(2, 4)));
    expect(f.get("late")).toEqual(new Tensor([2], Float64Array.of(3, 4)));
    expect(f({ at: [0, 1] })["s"]).toBe(6);
  });
});
