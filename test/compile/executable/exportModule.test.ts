import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type CompileOptions,
  compile,
  exportModule,
  hostMath,
  type InputValues,
  type SavedModule,
} from "@chainrule/compile";
import {
  add,
  type Expr,
  elementwise,
  gather,
  grad,
  isInput,
  matmul,
  mul,
  named,
  nameOf,
  Program,
  pow,
  real,
  scalar,
  softmax,
  square,
  sub,
  sum,
  Tensor,
  tanh,
  topological,
  type Value,
  variable,
} from "@chainrule/core";
import { afterAll, describe, expect, it } from "vitest";
import { controlSamples } from "../../support/controlSamples.ts";
import { valueLike } from "../../support/points.ts";
import { samples } from "../../support/samples.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "chainrule-saved-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function save(saved: SavedModule): void {
  for (const [file, content] of Object.entries(saved.files)) {
    writeFileSync(join(folder, file), content);
  }
}

interface Model {
  (values?: object): Record<string, number | ArrayLike<number>>;
  run(): void;
  set(values: object): void;
  get(name: string): number | ArrayLike<number>;
  view(name: string): ArrayLike<number>;
  shape(name: string): readonly number[];
}

let serial = 0;

async function reload(
  target: Program,
  values: InputValues = {},
  options: CompileOptions = {},
): Promise<Model> {
  const name = `model${serial++}`;
  save(exportModule(target, { name, values, sizes: options.sizes ?? {} }));
  const url = pathToFileURL(join(folder, `${name}.js`)).href;
  const { load } = (await import(/* @vite-ignore */ url)) as {
    load(source?: unknown, sizes?: object): Promise<Model>;
  };
  return load(undefined, options.sizes);
}

/** A value as the loader gives it. */
function plain(value: Value): number | ArrayLike<number> {
  return typeof value === "number" ? value : value.data;
}

function plainAll(values: Record<string, Value>): unknown {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)]));
}

const x = variable("x", ["n", 3]);
const w = variable("w", [3, 2]);
const t = variable("t", ["n"], "i32");
const scale = variable("scale", [], "f32");
const p = softmax(matmul(x, w));
const loss = sum(square(tanh(p))) as Expr;
const step = new Program({
  definitions: { loss, p, power: pow(scale, 3), more: add(t, 1) },
  variables: { x, w, t, scale },
  updates: new Map([[w, sub(w, mul(0.1, grad(loss, w)))]]),
});
const start = {
  x: [
    [1, 2, 3],
    [0.1, 0.2, 0.3],
  ],
  t: Int32Array.of(1, 2),
  w: Float64Array.from({ length: 6 }, (_, i) => Math.cos(i)),
  scale: 0.3,
};

describe("a saved module", () => {
  it("gives the bits of the executable, run by run, for every size", async () => {
    const f = compile(step);
    const model = await reload(step);
    expect(model(start)).toEqual(plainAll(f(start)));
    expect(model()).toEqual(plainAll(f()));
    const more = {
      x: Float64Array.from({ length: 30_000 }, (_, i) => Math.sin(i)),
      t: new Int32Array(10_000),
    };
    expect(model(more)).toEqual(plainAll(f(more)));
    expect(model.get("w")).toEqual(plain(f.get("w")));
    expect(model.view("w")).toEqual(f.view("w"));
    expect(model.shape("p")).toEqual([10_000, 2]);
    model.set({ x: [[1, 2, 3]], t: [5] });
    expect(() => model.get("p")).toThrow(/p must be computed for the sizes there are, got no run/);
    model.set({ scale: 2 });
    model.run();
    expect(model.get("power")).toBe(8);
  });

  it("begins with the values it was saved with", async () => {
    const trained = compile(step);
    trained(start);
    const w1 = trained.get("w");
    const model = await reload(step, { w: w1, scale: 0.3 });
    expect(model({ x: start.x, t: [1, 2] })).toEqual(plainAll(trained()));
  });

  it("of scalars, and one of fixed shapes", async () => {
    const a = scalar("a");
    const b = variable("b", [], "bool");
    const small = new Program({ definitions: { y: tanh(mul(a, 3)), c: add(b, 1) } });
    const values = { a: 0.25, b: 1 };
    expect((await reload(small))(values)).toEqual(plainAll(compile(small)(values)));
    const A = variable("A", [40, 40], "f32");
    const fixed = new Program({ definitions: { y: matmul(A, tanh(A)) } });
    const given = { A: Float32Array.from({ length: 1600 }, (_, i) => Math.sin(i)) };
    expect((await reload(fixed))(given)).toEqual(plainAll(compile(fixed)(given)));
  });

  it("refuses bad values before it runs, and stays as it was", async () => {
    const model = await reload(step);
    expect(() => model.run()).toThrow(/got none for x, w, t, scale/);
    expect(() => model.view("x")).toThrow(/named sizes must be fixed/);
    model(start);
    const before = [model.get("w"), model.get("x"), model.get("p")];
    const bad: [object, RegExp][] = [
      [{ z: 1 }, /values must belong to an input \(x, w, t, scale\), got z/],
      [{ w: [1, 2] }, /w must have shape \[3,2\], got 2/],
      [{ w: "1" }, /w must be a number or an array/],
      [{ t: [1.5, 2] }, /elements of t must be of type i32, got 1.5/],
      [{ x: [[1, 2]] }, /x must have shape \[n,3\], got \[1,2\]/],
      [{ x: [[1, 2, 3]] }, /t must be given again when its size changes/],
      [{ x: [[1, 2, 3]], t: [1, 2, 3] }, /t must have shape \[n\], got 3/],
    ];
    for (const [values, message] of bad) {
      expect(() => model({ scale: 9, ...values }), String(message)).toThrow(message);
      expect([model.get("w"), model.get("x"), model.get("p")]).toEqual(before);
    }
    expect(model.get("scale")).toBe(Math.fround(0.3));
  });

  it("says what a kernel refuses", async () => {
    const table = variable("table", [2000]);
    const at = variable("at", ["n"], "i32");
    const model = await reload(new Program({ definitions: { y: gather(table, at) } }));
    model({ table: new Float64Array(2000), at: [0, 1999] });
    expect(() => model({ at: [0, 2000] })).toThrow(/indices must lie in 0 … 1999, got 2000/);
    expect(model({ at: [5] })["y"]).toEqual(Float64Array.of(0));
  });

  it("of any op of core gives the bits of the executable", async () => {
    const saved = exportModule(step, { name: "any" });
    save(saved);
    const url = pathToFileURL(join(folder, "any.js")).href;
    const { load } = (await import(/* @vite-ignore */ url)) as {
      load(source: Uint8Array): Promise<Model>;
    };
    const makers = Object.values({ ...samples, ...controlSamples }).flat();
    expect(makers.length).toBeGreaterThan(80);
    for (const make of makers) {
      const output = make();
      const inputs = topological([output]).nodes.filter(isInput);
      const given = inputs.map((input, i): [string, Value] => [
        nameOf(input) as string,
        valueLike(input, i + 3) as Value,
      ]);
      const f = compile({ outputs: { output } }, { as: "tensors" });
      const expected = plainAll(f(Object.fromEntries(given)));
      const nested = given.map(([name, value]) => [
        name,
        typeof value === "number" ? value : value.toArray(),
      ]);
      const model = await load(exportModule(f).wasm);
      expect(model(Object.fromEntries(nested)), output.toString()).toEqual(expected);
      f.dispose();
    }
  });

  it("needs no function of the host but those of Math", () => {
    for (const [name, host] of Object.entries(hostMath)) {
      expect(host).toBe(Math[name as "sin"]);
    }
  });

  it("runs in plain Node with no package in reach, and its types hold", () => {
    save(exportModule(compile(step), { name: "alone", values: { w: start.w } }));
    const use = `
import { load, type Model } from "./alone.js";
const model: Model = await load();
const { loss, p }: { loss: number; p: Float64Array } = model({ x: [[1, 2, 3]], t: [1], scale: 1 });
const power: number = model.get("power");
// @ts-expect-error: there is no such input
const wrong = () => model({ y: 1 });
// @ts-expect-error: a scalar is a number
const other = () => model({ scale: [1] });
const shown = [loss, p.length, power, wrong.length, other.length];
throw new Error(shown.join(" "));
`;
    writeFileSync(join(folder, "use.ts"), use);
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const flags = "--strict --target es2022 --lib es2022 --module nodenext --types";
    const tsc = join(root, "node_modules", ".bin", "tsc");
    execFileSync(tsc, [...flags.split(" "), "", "use.ts"], { cwd: folder, stdio: "pipe" });
    const { stderr } = spawnSync(process.execPath, ["use.js"], { cwd: folder, encoding: "utf8" });
    const expected = compile(step)({ ...start, x: [[1, 2, 3]], t: [1], scale: 1 });
    expect(stderr).toContain(`Error: ${expected["loss"]} 2 1 0 0`);
  });
});

describe("exportModule", () => {
  const own = (name: string) =>
    elementwise({
      name,
      domain: [real],
      evaluate: (value: number) => value + 1,
      partials: [() => scalar("one")],
      notation: named(name),
    });

  it("names all ops that need the interpreter, at once", () => {
    const a = scalar("a");
    const y = own("first")(own("second")(own("first")(a)));
    expect(() => exportModule({ outputs: { y } })).toThrow(
      /exportModule: every op must have code of its own, got ops that the interpreter computes: (first, second|second, first)$/,
    );
  });

  it("refuses names and values that cannot be", () => {
    expect(() => exportModule(step, { name: "../x" })).toThrow(/name must be one of a file/);
    expect(() => exportModule(step, { values: { x: [[1, 2, 3]] } })).toThrow(
      /fixed shape, got "x"/,
    );
    expect(() => exportModule(step, { values: { w: [1] } })).toThrow(/w: shape must be \[3, 2\]/);
    expect(() => exportModule(compile(step, { engine: "interpreter" }))).toThrow(
      /must be compiled/,
    );
  });

  it("refuses modules of several threads, which need memory from outside", () => {
    const f = compile(step, { threads: 2, as: "tensors" });
    expect(() => exportModule(f)).toThrow(/must be compiled for one thread, got 2/);
    f.dispose();
  });

  it("keeps tensors as values", () => {
    const zero = new Tensor([3, 2], new Float64Array(6));
    expect(exportModule(step, { values: { w: zero } }).wasm.length).toBeGreaterThan(1000);
  });
});
