import { f64, f64x2, i32, i64, ModuleBuilder, toWat, v128, validate } from "@chainrule/compile";
import { describe, expect, it } from "vitest";
import wabt from "wabt";
import { engineAccepts, instantiate, sharedMemory } from "../support/instantiate.ts";

const { parseWat } = await wabt();

/** A module with one of everything. */
function everything(): ModuleBuilder {
  const builder = new ModuleBuilder();
  builder.importMemory("env", "memory", { minimum: 1, maximum: 4, shared: true });
  const host = builder.importFunction("env", "square root", ["f64"], ["f64"]);
  const scale = builder.importGlobal("env", "scale", "f64", false);
  const calls = builder.global("i32", true, 0);
  builder.global("i64", false, -(2n ** 63n));
  builder.global("f32", false, Number.NaN);
  builder.global("f64", false, -0);
  builder.vector(2.5);
  builder.vector(-1n);
  builder.table({ minimum: 2 });

  const root = builder.function("root", ["f64"], ["f64"]);
  root.globalGet(calls);
  root.i32(1);
  root.op(i32.add);
  root.globalSet(calls);
  root.get(0);
  root.call(host);
  root.globalGet(scale);
  root.op(f64.mul);

  const twice = builder.function("twice", ["f64"], ["f64"]);
  twice.get(0);
  twice.get(0);
  twice.op(f64.add);

  const choose = builder.function("choose", ["i32", "f64"], ["f64"]);
  choose.get(1);
  choose.get(0);
  choose.callIndirect(builder.type(["f64"], ["f64"]));

  const count = builder.function("count", [], ["i32"]);
  count.globalGet(calls);

  const start = builder.function("start", [], []);
  start.i32(1000);
  start.f64x2(1.5, -2.5);
  start.memory(v128.store, 8);

  builder.elements(0, [root.index, twice.index]);
  builder.data(8, Uint8Array.from([1, 2, 3, 255, 34, 92]));
  builder.start(start.index);
  builder.export("choose", "function", choose.index);
  builder.export("count", "function", count.index);
  builder.export("memory", "memory");
  return builder;
}

describe("a module with one of everything", () => {
  it("runs", () => {
    const memory = sharedMemory();
    const env = { memory, "square root": Math.sqrt, scale: 10 };
    const { choose, count } = instantiate(everything(), { env });
    expect(choose?.(0, 9)).toBe(30);
    expect(choose?.(1, 9)).toBe(18);
    expect(count?.()).toBe(1);
    expect([...new Uint8Array(memory.buffer, 8, 6)]).toEqual([1, 2, 3, 255, 34, 92]);
    expect([...new Float64Array(memory.buffer, 1008, 2)]).toEqual([1.5, -2.5]);
  });

  it("prints as text that reads back to the same bytes", () => {
    const bytes = everything().build({ names: false });
    const parsed = parseWat("test.wat", toWat(bytes), { threads: true, simd: true });
    expect(Buffer.from(parsed.toBinary({}).buffer)).toEqual(Buffer.from(bytes));
  });

  it("prints names of functions", () => {
    const text = toWat(everything().build());
    expect(text).toContain("(func $twice (type 0) (param f64) (result f64)\n    local.get 0\n");
    expect(text).toContain('(import "env" "square root" (func $env.square_root (type 0)))');
  });

  it("keeps names of equal spelling apart", () => {
    const builder = new ModuleBuilder();
    builder.function("same", [], []);
    builder.function("same", [], []);
    expect(toWat(builder.build())).toContain("(func $same#1 (type 0)");
  });
});

describe("control", () => {
  it("loops, branches and tables work", () => {
    const builder = new ModuleBuilder();
    const sum = builder.function("sum", ["i32"], ["f64"]);
    const index = sum.local("i32");
    const total = sum.local("f64");
    sum.countedLoop(index, 0, 1, () => {
      sum.get(total);
      sum.get(index);
      sum.op(f64.convert_i32_u);
      sum.op(f64.add);
      sum.set(total);
    });
    sum.get(total);
    builder.export("sum", "function", sum.index);

    const name = builder.function("name", ["i32"], ["i32"]);
    const other = name.block();
    const second = name.block();
    const first = name.block();
    name.get(0);
    name.brTable([first, second], other);
    name.end();
    name.i32(100);
    name.return();
    name.end();
    name.i32(200);
    name.return();
    name.end();
    name.i32(300);
    builder.export("name", "function", name.index);

    const sign = builder.function("sign", ["f64"], ["f64"]);
    sign.get(0);
    sign.f64(0);
    sign.op(f64.lt);
    sign.if("f64");
    sign.f64(-1);
    sign.else();
    sign.f64(1);
    sign.end();
    builder.export("sign", "function", sign.index);

    const run = instantiate(builder);
    expect(run["sum"]?.(101)).toBe(5050);
    expect([0, 1, 2, -1].map((i) => run["name"]?.(i))).toEqual([100, 200, 300, 300]);
    expect([run["sign"]?.(-3), run["sign"]?.(3)]).toEqual([-1, 1]);
  });

  it("locals given back are used again, by type", () => {
    const builder = new ModuleBuilder();
    const body = builder.function("f", ["f64"], []);
    const a = body.local("f64");
    const b = body.local("v128");
    body.release(a);
    body.release(b);
    expect(body.local("v128")).toBe(b);
    expect(body.local("i64")).toBe(3);
    expect(body.local("f64")).toBe(a);
    expect(body.localCount).toBe(3);
    validate(builder.build());
  });
});

describe("constants", () => {
  it.each([0, 1, -1, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31), 123456789])("i32 %d", (value) => {
    const builder = new ModuleBuilder();
    const f = builder.function("f", [], ["i32"]);
    f.i32(value);
    builder.export("f", "function", f.index);
    expect(instantiate(builder)["f"]?.()).toBe(value);
  });

  it.each([0n, -1n, 63n, 64n, -64n, -65n, 2n ** 63n - 1n, -(2n ** 63n)])("i64 %d", (value) => {
    const builder = new ModuleBuilder();
    const f = builder.function("f", [], ["i64"]);
    f.i64(value);
    builder.export("f", "function", f.index);
    expect(instantiate(builder)["f"]?.()).toBe(value);
    expect(toWat(builder.build())).toContain(`i64.const ${value}`);
  });

  it.each([0, -0, 1.5, 5e-324, Number.MAX_VALUE, Infinity, -Infinity, NaN])("f64 %d", (value) => {
    const builder = new ModuleBuilder();
    const f = builder.function("f", [], ["f64"]);
    f.f64(value);
    builder.export("f", "function", f.index);
    expect(instantiate(builder)["f"]?.()).toBe(value);
    const bytes = builder.build({ names: false });
    const parsed = parseWat("test.wat", toWat(bytes));
    expect(Buffer.from(parsed.toBinary({}).buffer)).toEqual(Buffer.from(bytes));
  });

  it("vectors hold their lanes", () => {
    const builder = new ModuleBuilder();
    const f = builder.function("f", [], ["f64"]);
    f.f64x2(2, 3);
    f.lane(f64x2.extract_lane, 1);
    f.i64x2(-5n);
    f.extract(0);
    f.op(i64.reinterpret_f64);
    f.op(f64.convert_i64_s);
    f.op(f64.mul);
    builder.export("f", "function", f.index);
    expect(instantiate(builder)["f"]?.()).toBe(-15);
  });
});

describe("mistakes", () => {
  it("an import after a function is refused", () => {
    const builder = new ModuleBuilder();
    builder.function("f", [], []);
    expect(() => builder.importFunction("env", "g", [], [])).toThrow(
      "importFunction: imports must precede functions, got env.g late",
    );
  });

  it("an import of a global after a global is refused", () => {
    const builder = new ModuleBuilder();
    builder.global("i32", false, 1);
    expect(() => builder.importGlobal("env", "g", "i32", false)).toThrow("got env.g late");
  });

  it("two exports of one name are refused", () => {
    const builder = new ModuleBuilder();
    builder.memory({ minimum: 1 });
    builder.export("memory", "memory");
    expect(() => builder.export("memory", "memory")).toThrow("got memory twice");
  });

  it("a block left open is refused", () => {
    const builder = new ModuleBuilder();
    builder.function("f", [], []).block();
    expect(() => builder.build()).toThrow("f: every block must end, got 1 open");
  });
});

it("a long function encodes and is accepted", () => {
  const builder = new ModuleBuilder();
  const f = builder.function("f", ["f64"], ["f64"]);
  const x = f.local("f64");
  for (let i = 0; i < 100_000; i++) {
    f.get(0);
    f.f64(i);
    f.op(f64.add);
    f.set(x);
  }
  f.get(x);
  const bytes = builder.build();
  expect(f.count).toBe(400_001);
  expect(engineAccepts(bytes)).toBe(true);
});
