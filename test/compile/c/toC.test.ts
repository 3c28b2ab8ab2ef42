import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CSource, toC } from "@chainrule/compile";
import {
  type Attributes,
  add,
  apply,
  cast,
  type Expr,
  elementwise,
  evaluate,
  grad,
  greater,
  matmul,
  mul,
  named,
  Program,
  parameter,
  scalar,
  sigmoid,
  softmax,
  square,
  sub,
  sum,
  Tensor,
  tanh,
  type Value,
  variable,
  where,
} from "@chainrule/core";
import { allOps } from "@chainrule/core/json";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomProgram } from "../../support/randomProgram.ts";
import { describeWith } from "../../support/requireTool.ts";
import { ulpsBetween } from "../../support/ulps.ts";

const strict = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror"];

/** Compiles sources and a main program, and runs it on some bytes. */
function run(sources: readonly CSource[], main: string, input: Float64Array): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-c-"));
  try {
    const files = sources.map(({ name, header, source }) => {
      writeFileSync(join(folder, `${name}.h`), header);
      writeFileSync(join(folder, `${name}.c`), source);
      return join(folder, `${name}.c`);
    });
    const program = join(folder, "program");
    writeFileSync(join(folder, "main.c"), main);
    execFileSync("gcc", [...strict, "-O1", ...files, join(folder, "main.c"), "-o", program, "-lm"]);
    const result = spawnSync(program, { input: Buffer.from(input.buffer), maxBuffer: 1 << 26 });
    if (result.status !== 0) throw new Error(`the program must end well, got ${result.status}`);
    return result.stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A program that runs each source on rows of its inputs: so many rows, then their numbers, are read, and the
 * outputs written. All members are doubles.
 */
function driver(sources: readonly CSource[], rows: readonly number[]): string {
  const calls = sources.map(({ name }, i) => {
    const memory = sources[i]?.header.includes(`struct ${name}_memory {`)
      ? `static struct ${name}_memory memory; `
      : "";
    const passed = memory === "" ? "&in, &out" : "&in, &out, &memory";
    return `  { struct ${name}_inputs in; struct ${name}_outputs out; int i; ${memory}
    for (i = 0; i < ${rows[i]}; i++) {
      if (fread(&in, sizeof in, 1, stdin) != 1) return 1;
      ${name}(${passed});
      fwrite(&out, sizeof out, 1, stdout);
    } }`;
  });
  const includes = sources.map(({ name }) => `#include "${name}.h"`);
  return [
    "#include <stdio.h>",
    ...includes,
    "int main(void) {",
    ...calls,
    "  return 0;",
    "}",
    "",
  ].join("\n");
}

function numbersOf(bytes: Buffer): Float64Array {
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

const points = [
  ...[0, -0, 1, -1, 0.5, -0.5, 2, -2.5, 3.7, 7, 20, -40, 710, -745.2, 1e-8, 1e-320, 5e-324],
  ...[0.49999999999999994, 1e16, 4503599627370497, 2 ** 32 + 5.5, -(2 ** 33) - 1.5, 1e300],
  ...[Math.PI, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
];

function grid(arity: number): number[][] {
  const some = points.filter((_, i) => arity < 3 || i % 3 === 0);
  let rows: number[][] = [[]];
  for (let i = 0; i < arity; i++) {
    rows = rows.flatMap((row) => some.map((value) => [...row, value]));
  }
  return rows;
}

describeWith("gcc", "C compiled by gcc", () => {
  const cases = allOps
    .filter((op) => op.elementwise !== undefined && op.arity !== undefined)
    .flatMap((op) => {
      const distinct = new Map<string, Attributes>([["", {}]]);
      for (const { attributes } of op.examples ?? []) {
        if (attributes !== undefined) distinct.set(JSON.stringify(attributes), attributes);
      }
      return [...distinct.values()].map((attributes) => ({ op, attributes }));
    });

  it("every elementwise op at special values, within 4 ulp of the interpreter", () => {
    const all = cases.map(({ op, attributes }, i) => {
      const args = Array.from({ length: op.arity ?? 0 }, (_, k) => scalar(`x${k}`));
      // Truth values, too, are written as doubles.
      const y = cast(apply(op, args, attributes), "f64");
      const inputs = Object.fromEntries(args.map((x, k) => [`x${k}`, x]));
      return { op, y, args, source: toC({ inputs, outputs: { y } }, { name: `p${i}` }) };
    });
    const rows = all.map(({ args }) => grid(args.length));
    const given = Float64Array.from(rows.flat(2));
    const sources = all.map(({ source }) => source);
    const main = driver(
      sources,
      rows.map(({ length }) => length),
    );
    const got = numbersOf(run(sources, main, given));
    const far: string[] = [];
    let at = 0;
    all.forEach(({ op, y, args }, i) => {
      for (const row of rows[i] as number[][]) {
        const bound = new Map<Expr, Value>(args.map((x, k) => [x, row[k] as number]));
        const wanted = evaluate(y, bound as never) as unknown as number;
        const own = got[at++] as number;
        if (ulpsBetween(own, wanted) <= 4) continue;
        far.push(`${op.name} at ${row.join(", ")}: ${own} for ${wanted}`);
      }
    });
    expect(far).toEqual([]);
  });

  it("random programs and their gradients", () => {
    const seen = fc.sample(randomProgram({ moves: [], size: 8 }), { numRuns: 150, seed: 4 });
    const all = seen.map(({ output, inputs, values }, i) => {
      const gradients = grad(output, inputs);
      const outputs: Record<string, Expr> = { y: cast(output, "f64") };
      gradients.forEach((node, k) => {
        outputs[`g${k}`] = node;
      });
      const named = Object.fromEntries(inputs.map((input, k) => [`x${k}`, input]));
      const source = toC({ inputs: named, outputs }, { name: `r${i}` });
      return { outputs, values, given: inputs.map((x) => values.get(x) as number), source };
    });
    const sources = all.map(({ source }) => source);
    const given = Float64Array.from(all.flatMap((one) => one.given));
    const got = numbersOf(
      run(
        sources,
        driver(
          sources,
          sources.map(() => 1),
        ),
        given,
      ),
    );
    let at = 0;
    for (const { outputs, values } of all) {
      const wanted = Object.values(evaluate(outputs, values) as Record<string, number>);
      for (const value of wanted) {
        const own = got[at++] as number;
        const near = Math.abs(own - value) <= 1e-8 * Math.max(1, Math.abs(value));
        expect(Object.is(own, value) || near, `${own} for ${value}`).toBe(true);
      }
    }
  });

  it("long programs, cut into functions with memory between them", () => {
    const x = scalar("x");
    let y: Expr = x;
    const kept: Expr[] = [];
    for (let i = 0; i < 6000; i++) {
      y = sub(mul(0.9, y), mul(0.3, x));
      if (i % 700 === 0) kept.push(y);
    }
    const z = kept.reduce((total, one) => add(total, one), y);
    const source = toC({ inputs: { x }, outputs: { z, y } }, { name: "long_one" });
    expect(source.header).toMatch(/double slots\[\d+\]/);
    expect(source.source).toContain("long_one_part2");
    const got = numbersOf(run([source], driver([source], [1]), Float64Array.of(0.7)));
    expect([...got]).toEqual(Object.values(evaluate({ z, y }, { x: 0.7 })));
  });

  it("tensors and state of all element types, hostile names", () => {
    const W = variable("while", [2, 3], "f32");
    const x = variable("x", [3], "f32");
    const n = variable("2 */ n\\", [2], "i32");
    const on = variable("NAN", [], "bool");
    const w = parameter("w", [2]);
    const y = where(on, tanh(matmul(W, x)), softmax(cast(n, "f32")));
    const program = {
      inputs: { while: W, x, "2 */ n\\": n, NAN: on, θ: w, int: scalar("int") },
      outputs: { y, int: mul(n, 1_000_003), "y ": greater(x, 0), "int ": scalar("int") },
      updates: new Map([[w, sub(w, sigmoid(w))]]),
    };
    const source = toC(program, { name: "double" });
    const { inputs, outputs, state } = source.members;
    const main = `#include "${source.name}.h"
#include <stdio.h>
int main(void) {
  struct double__inputs in = { .${inputs["while"]} = {1, 2, 3, -0.5, 0.25, 0.125},
    .${inputs["x"]} = {0.5, -1, 0.1f}, .${inputs["2 */ n\\"]} = {3, -7000}, .${inputs["NAN"]} = true,
    .${inputs["int"]} = 1.5 };
  struct double__state state = { .${state["θ"]} = {0.5, -2} };
  struct double__outputs out;
  struct double__memory memory;
  int i;
  ${source.name}(&in, &state, &out, &memory);
  for (i = 0; i < 2; i++)
    printf("%.17g %d %.17g ", out.${outputs["y"]}[i], (int)out.${outputs["int"]}[i], state.${state["θ"]}[i]);
  for (i = 0; i < 3; i++) printf("%d ", out.${outputs["y "]}[i]);
  printf("%.17g", out.${outputs["int "]});
  return 0;
}
`;
    const got = run([source], main, new Float64Array(0)).toString().split(" ").map(Number);
    const bound = {
      while: [1, 2, 3, -0.5, 0.25, 0.125],
    };
    const data = new Tensor([2, 3], Float32Array.from(bound.while), "f32");
    const values = new Map<Expr, Value>([
      [W, data],
      [x, new Tensor([3], Float32Array.of(0.5, -1, 0.1), "f32")],
      [n, new Tensor([2], Int32Array.of(3, -7000), "i32")],
      [on, 1],
      [w, new Tensor([2], Float64Array.of(0.5, -2), "f64")],
      [program.inputs.int, 1.5],
    ]);
    const { y: vy, int: vi } = evaluate({ y, int: program.outputs.int }, values as never) as {
      y: Tensor;
      int: Tensor;
    };
    const next = [0.5, -2].map((v) => v - 1 / (1 + Math.exp(-v)));
    const wanted = [0, 1].flatMap((i) => [vy.data[i], vi.data[i], next[i]]);
    const all = [...wanted, 1, 0, 1, 1.5] as number[];
    got.forEach((value, i) => {
      expect(value).toBeCloseTo(all[i] as number, 7);
    });
    expect(got.length).toBe(all.length);
  });
});

describe("toC", () => {
  it("writes a program that reads like one", () => {
    const [a, b, c] = [scalar("a"), scalar("b"), scalar("c")];
    const L = mul(c, add(a, mul(2, b)));
    const { header, source } = toC(new Program({ definitions: { L } }), { name: "lecture" });
    expect(header).toMatchSnapshot();
    expect(source).toMatchSnapshot();
  });

  it("refuses what C has no form of", () => {
    const own = elementwise({
      name: "secret",
      domain: [{ low: 0, high: 1 }],
      evaluate: (x) => x,
      partials: [null],
      notation: named("secret"),
    });
    expect(() => toC({ outputs: { y: own(scalar("x")) } })).toThrow(
      "toC: every op must have a form in C, got secret",
    );
    expect(() => toC({ outputs: { y: sum(square(variable("x", ["n"]))) } })).toThrow(/size "n"/);
  });
});
