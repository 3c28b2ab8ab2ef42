import { compile, compileAsync, type EngineTensors, type ProgramEngine } from "@chainrule/compile";
import { add, evaluate, mul, Program, sum, Tensor, type Value, variable } from "@chainrule/core";
import { describe, expect, it } from "vitest";

/** An engine that asks the interpreter, and waits a little; it may be told to fail. */
function slow(): ProgramEngine & { fails: boolean; disposed: number } {
  const own = {
    name: "slow",
    fails: false,
    disposed: 0,
    program: ({ inputs, outputs, updates }: Parameters<ProgramEngine["program"]>[0]) => ({
      steps: ["all at once"],
      bytes: 7,
      ready: () => Promise.resolve(),
      run: async (tensors: EngineTensors) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        const values = new Map(
          Object.values(inputs).map((node, i) => {
            const { shape, data } = tensors.inputs[i] as Tensor;
            return [node, shape.length === 0 ? (data[0] as number) : (tensors.inputs[i] as Tensor)];
          }),
        );
        const results = evaluate([...Object.values(outputs), ...updates.values()], values as never);
        const targets = [...tensors.outputs, ...tensors.states];
        for (const [i, value] of (results as readonly Value[]).entries()) {
          const { data } = targets[i] as Tensor;
          // What a run that fails has written means nothing.
          if (own.fails) data.fill(99);
          else data.set(value instanceof Tensor ? value.data : [value]);
        }
        if (own.fails) throw new Error("no more");
      },
      dispose: () => {
        own.disposed++;
      },
    }),
  };
  return own;
}

const x = variable("x", ["n"]);
const w = variable("w", ["n"]);
const b = variable("b");
const parts = {
  inputs: { b, x, w },
  outputs: { y: sum(mul(w, x)) },
  // Not in the order of the inputs.
  updates: new Map([
    [w, add(w, x)],
    [b, add(b, 1)],
  ]),
};
const row = (...values: number[]): Tensor => new Tensor([values.length], Float64Array.from(values));

describe("an engine of another package", () => {
  it("runs a program as our own engine does, whatever the sizes become", async () => {
    const run = compile(parts, { engine: slow() });
    const own = compile(parts);
    for (const values of [{ x: row(1, 2), w: row(3, 4), b: 5 }, {}, { x: row(1), w: row(2) }, {}]) {
      expect(await run(values)).toEqual(own(values));
      for (const name of ["w", "b", "x"]) expect(await run.get(name)).toEqual(own.get(name));
    }
  });

  it("keeps every value where a run fails", async () => {
    const engine = slow();
    const run = await compileAsync(parts, { engine });
    await run({ x: row(1, 2), w: row(3, 4), b: 5 });
    engine.fails = true;
    await expect(run({ x: row(7, 7) })).rejects.toThrow("no more");
    engine.fails = false;
    expect(await run.get("w")).toEqual(row(4, 6));
    expect(await run.get("b")).toBe(6);
    expect(await run({ x: row(1, 1) })).toEqual({ y: 10 });
  });

  it("lets what runs come to its end before it goes", async () => {
    const engine = slow();
    const run = compile(parts, { engine });
    const first = run({ x: row(1), w: row(2), b: 0 });
    await Promise.resolve();
    await Promise.resolve();
    run.dispose();
    run.dispose();
    await expect(run()).rejects.toThrow(/after dispose/);
    await first.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(engine.disposed).toBe(1);
  });

  it("takes sizes that no input has, and explains itself", async () => {
    const program = new Program({ definitions: { y: sum(x) } });
    const run = compile(program, { engine: slow(), sizes: { n: 2 } });
    await expect(run({ x: row(1, 2, 3) })).rejects.toThrow();
    expect(await run({ x: row(1, 2) })).toEqual({ y: 3 });
    const { engine, steps, moduleBytes, sizes, text } = run.explain();
    expect({ engine, moduleBytes, sizes, text }).toEqual({
      engine: "slow",
      moduleBytes: 7,
      sizes: { n: 2 },
      text: "slow: 1 nodes, 7 bytes\nall at once",
    });
    expect(steps.map((step) => step.text)).toEqual(["all at once"]);
  });
});
