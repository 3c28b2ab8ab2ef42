import {
  type EngineMemory,
  engine,
  hostKernelModule,
  hostMath,
  hostMathModule,
  validate,
} from "@chainrule/compile";
import { add, type Expr, exp, grad, mul, type Scalar, scalar, sub, tanh } from "@chainrule/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CompileParts, checkParts } from "../../../packages/compile/src/parts.ts";
import { emitScalar } from "../../../packages/compile/src/scalar/emit.ts";
import { scalarProgram } from "../../../packages/compile/src/scalar/scalarProgram.ts";
import { scheduleScalars } from "../../../packages/compile/src/scalar/schedule.ts";
import { randomProgram } from "../../support/randomProgram.ts";

/** The results of a program of scalars, with or without operations in pairs. */
function results(parts: CompileParts, values: readonly number[], pairs: boolean): number[] {
  const program = scalarProgram(checkParts(parts), {});
  const module = emitScalar(program, { pairs });
  validate(module.bytes);
  const host = engine();
  if (host === undefined) throw new Error("tests: the host must have WebAssembly, got none");
  const kernels = Object.fromEntries(module.hosts.map(({ name, call }) => [name, call]));
  const imports = { [hostMathModule]: hostMath, [hostKernelModule]: kernels };
  const { exports } = new host.Instance(new host.Module(module.bytes), imports);
  const memory = new Float64Array((exports["memory"] as EngineMemory).buffer as ArrayBuffer);
  values.forEach((value, i) => {
    memory[(module.memory.inputs[i] as number) / 8] = value;
  });
  (exports["run"] as () => void)();
  return module.memory.outputs.map((address) => memory[address / 8] as number);
}

function samePairedOrNot(parts: CompileParts, values: readonly number[]): void {
  const single = results(parts, values, false);
  results(parts, values, true).forEach((value, i) => {
    expect(value).toBe(single[i]);
  });
}

/** A network of two hidden layers from scalars, its parameters in the order of rows. */
function network(hidden: number): { inputs: Scalar[]; output: Expr } {
  const inputs: Scalar[] = [];
  const next = (): Scalar => {
    const made = scalar(`p${inputs.length}`);
    inputs.push(made);
    return made;
  };
  const [x, y] = [next(), next()];
  const first = Array.from({ length: hidden }, () =>
    tanh(add(add(mul(next(), x), mul(next(), y)), next())),
  );
  let output: Expr = next();
  for (let i = 0; i < hidden; i++) {
    let sum: Expr = next();
    for (const unit of first) sum = add(sum, mul(next(), unit));
    output = add(output, mul(next(), tanh(sum)));
  }
  return { inputs, output };
}

describe("operations in pairs", () => {
  it.each([1, 2, 3, 5, 8, 31])("give the same bits in a network of %i units", (hidden) => {
    const { inputs, output } = network(hidden);
    const gradients = grad(output, inputs);
    const outputs = { output, ...Object.fromEntries(gradients.map((node, i) => [`g${i}`, node])) };
    const parts = { inputs: Object.fromEntries(inputs.map((x, i) => [`p${i}`, x])), outputs };
    const values = inputs.map((_, i) => Math.sin(i + 1));
    samePairedOrNot(parts, values);
    const { mates } = scheduleScalars(scalarProgram(checkParts(parts), {})).pairs;
    const paired = mates.filter((mate) => mate >= 0).length;
    if (hidden === 8) expect(paired).toBeGreaterThan(300);
  });

  it("give the same bits in random programs, twice side by side", () => {
    fc.assert(
      fc.property(randomProgram({ moves: [], size: 10 }), ({ output, inputs, values }) => {
        const gradients = grad(output, inputs);
        const named = Object.fromEntries(inputs.map((input, i) => [`x${i}`, input]));
        const all = [output, ...gradients];
        // Neighbours of one kind, on the same and on other arguments.
        const outputs = Object.fromEntries(
          all.flatMap((node, i) => [
            [`a${i}`, mul(node, 3)],
            [`b${i}`, mul(node, inputs[0] as Expr)],
            [`c${i}`, exp(node)],
          ]),
        );
        const point = inputs.map((input) => values.get(input) as number);
        samePairedOrNot({ inputs: named, outputs }, point);
      }),
      { numRuns: 300 },
    );
  });

  it("stay together across functions, and never depend on each other", () => {
    const x = scalar("x");
    const y = scalar("y");
    let [a, b]: [Expr, Expr] = [x, y];
    const kept: Expr[] = [];
    for (let i = 0; i < 5000; i++) {
      [a, b] = [sub(mul(0.9, a), mul(x, b)), sub(mul(0.9, b), mul(x, a))];
      if (i % 400 === 0) kept.push(a, b);
    }
    const sum = kept.reduce((total, one, i) => (i % 3 === 0 ? total : add(total, one)), a);
    const parts = { inputs: { x, y }, outputs: { a, b, sum } };
    samePairedOrNot(parts, [0.3, -0.2]);
    const program = scalarProgram(checkParts(parts), {});
    const { pairs, parts: cut } = scheduleScalars(program);
    const time = new Map(Array.from(cut.order, (node, i) => [node, i]));
    const { starts, args, kinds } = program.tape;
    for (const node of cut.order) {
      const mate = pairs.mates[node] as number;
      const own = time.get(node) as number;
      const start = pairs.lanes[node] === 1 ? own - 1 : own;
      for (let k = starts[node] as number; k < (starts[node + 1] as number); k++) {
        const arg = args[k] as number;
        if ((kinds[arg] as number) >= 0) expect(time.get(arg)).toBeLessThan(start);
      }
      if (mate < 0) continue;
      expect(Math.abs((time.get(mate) as number) - own)).toBe(1);
      expect(cut.bounds.includes(start + 1)).toBe(false);
    }
  });
});
