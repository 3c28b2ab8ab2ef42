import { compile, compileAsync } from "@chainrule/compile";
import {
  type Bindable,
  type Expr,
  grad,
  matmul,
  mul,
  Program,
  square,
  sub,
  sum,
  Tensor,
  tanh,
  variable,
} from "@chainrule/core";
import { afterEach, describe, expect, it, vi } from "vitest";

const x = variable("x", ["n", 3]);
const w = variable("w", [3, 2]);
const loss = sum(square(tanh(matmul(x, w)))) as Expr;
const step = new Program({
  definitions: { loss },
  variables: { x, w },
  updates: new Map([[w, sub(w, mul(0.1, grad(loss, w)))]]),
});
const values: Record<string, Bindable> = {
  x: Float64Array.from({ length: 12 }, (_, i) => Math.sin(i)),
  w: Float64Array.from({ length: 6 }, (_, i) => Math.cos(i)),
};

afterEach(() => vi.unstubAllGlobals());

/** Node's types know no WebAssembly. */
const host = (globalThis as unknown as { WebAssembly: Record<string, unknown> }).WebAssembly;

/** WebAssembly as an engine without some of it. */
function stubbed(changes: object): object {
  const own = Object.getOwnPropertyNames(host).map((name) => [name, host[name]]);
  return { ...Object.fromEntries(own), ...changes };
}

describe("without WebAssembly", () => {
  it("the interpreter gives the same answers", () => {
    const compiled = compile(step);
    const reasons: string[] = [];
    vi.stubGlobal("WebAssembly", undefined);
    const f = compile(step, { onFallback: (reason) => reasons.push(reason) });
    vi.unstubAllGlobals();
    expect(reasons).toEqual([
      "compile: the host has no WebAssembly, so programs run by the interpreter, which is slower",
    ]);
    expect(f.explain()).toMatchObject({ engine: "interpreter", host: expect.any(Number) });
    expect(() => f.wat()).toThrow(/must be compiled/);
    for (let run = 0; run < 3; run++) {
      const given = run === 0 ? values : {};
      expect(f(given)["loss"]).toBeCloseTo(compiled(given)["loss"] as number, 12);
      const [a, b] = [f.view("w"), compiled.view("w")];
      for (const [i, value] of a.entries()) expect(value).toBeCloseTo(b[i] as number, 12);
    }
  });

  it("a warning is printed once", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    vi.stubGlobal("WebAssembly", undefined);
    compile(step);
    compile(step);
    expect(warn.mock.calls).toEqual([[expect.stringContaining("the host has no WebAssembly")]]);
    warn.mockRestore();
  });

  it("reasons are told apart: no SIMD, or modules forbidden", () => {
    const reasons: string[] = [];
    const onFallback = (reason: string): void => {
      reasons.push(reason);
    };
    vi.stubGlobal("WebAssembly", stubbed({ validate: () => false }));
    compile(step, { onFallback });
    class Forbidden {
      constructor() {
        throw new Error("refused by policy");
      }
    }
    vi.stubGlobal("WebAssembly", stubbed({ Module: Forbidden }));
    compile(step, { onFallback });
    expect(reasons[0]).toContain("the host's WebAssembly has no SIMD");
    expect(reasons[1]).toContain("refuses WebAssembly modules (refused by policy)");
  });

  it("an engine that is not known is refused", () => {
    expect(() => compile(step, { engine: "gpu" as never })).toThrow(/engine must be .*, got "gpu"/);
  });
});

describe("compileAsync", () => {
  it("gives the answers of compile, in the order of the calls", async () => {
    const f = compile(step);
    const g = await compileAsync(step);
    const expected = [f(values), f(), f()];
    const got = await Promise.all([g(values), g(), g()]);
    expect(got).toEqual(expected);
    expect(await g.get("w")).toEqual(f.get("w"));
    const target = new Float64Array(1);
    await g.into({ loss: target });
    await g.run();
    await g.set({ x: [[0, 0, 0]] });
    expect((await g())["loss"]).toBe(0);
    expect(g.explain().engine).toBe("webassembly");
    g.dispose();
    await expect(g()).rejects.toThrow(/dispose/);
  });

  it("rejects bad values, and state stays as it was", async () => {
    const f = await compileAsync(step);
    await f(values);
    const before = await f.get("w");
    await expect(f({ w: [1] })).rejects.toThrow(/w: shape must be \[3, 2\], got \[1\]/);
    expect(await f.get("w")).toEqual(before);
  });

  it("falls back as compile does", async () => {
    const f = await compileAsync(step, { engine: "interpreter" });
    expect((await f(values))["loss"]).toBeCloseTo(compile(step)(values)["loss"] as number, 12);
    expect(f.explain().engine).toBe("interpreter");
  });

  it("names what wants more memory than there is", async () => {
    const a = variable("a", [30_000, 30_000]);
    await expect(compileAsync({ outputs: { y: square(a) } })).rejects.toThrow(/largest: .*y 7200/);
  });
});

describe("large tensors", () => {
  it("have shape and values of their own", () => {
    const f = compile(step);
    const results = f(values);
    f.set({ w: new Tensor([3, 2], new Float64Array(6)) });
    expect(results["loss"]).toBeGreaterThan(0);
    expect(f()["loss"]).toBe(0);
  });
});
