import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  add,
  apply,
  constant,
  type Expr,
  evaluate,
  Program,
  type Value,
  variable,
} from "@chainrule/core";
import { scan } from "@chainrule/core/control";
import { parse } from "@chainrule/core/parse";
import { sourceFiles, toTypescript } from "@chainrule/interop/source";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { elementsOf } from "../../support/points.ts";
import { randomProgram, smoothOps } from "../../support/randomProgram.ts";
import { itWith } from "../../support/requireTool.ts";

mkdirSync("node_modules/.cache", { recursive: true });
const folder = mkdtempSync(resolve("node_modules/.cache/chainrule-source-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Case {
  readonly program: Program;
  readonly values: ReadonlyMap<Expr, Value>;
}

let sets = 0;

/** The function of each program, compiled by TypeScript under the strictest flags. */
async function compiled(programs: readonly Program[]): Promise<readonly Run[]> {
  // A module is loaded once a name.
  const set = `set${sets++}`;
  programs.forEach((program, i) => {
    writeFileSync(join(folder, `${set}_${i}.ts`), toTypescript(program, { sizes: { batch: 2 } }));
  });
  const options = {
    compilerOptions: {
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      isolatedDeclarations: true,
      declaration: true,
      noUnusedParameters: true,
      target: "es2022",
      module: "esnext",
      outDir: "out",
      types: [],
    },
    include: [`${set}_*.ts`],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  execFileSync("node_modules/.bin/tsc", ["-p", folder], { stdio: "pipe" });
  return Promise.all(
    programs.map(async (_, i) => {
      const url = pathToFileURL(join(folder, "out", `${set}_${i}.js`)).href;
      return ((await import(url)) as { readonly program: Run }).program;
    }),
  );
}

type Run = (
  inputs: Readonly<Record<string, unknown>>,
) => Readonly<Record<string, number | Float64Array>>;

describe("TypeScript source", () => {
  it("gives the interpreter's values, compiled by tsc and run", async () => {
    const random = (options: Parameters<typeof randomProgram>[0], numRuns: number): Case[] =>
      fc.sample(randomProgram(options), { numRuns, seed: 3 }).map(({ output, inputs, values }) => ({
        program: new Program({
          variables: Object.fromEntries(inputs.map((input, i) => [`x_${i + 1}`, input])),
          definitions: { y: output },
        }),
        values,
      }));
    const examples = smoothOps.flatMap((op) =>
      (op.examples ?? [])
        .filter(({ attributes }) => attributes === undefined)
        .map(({ at }): Case => {
          const inputs = at.map((_, i) => variable(`x${i}`, []));
          return {
            program: new Program({
              variables: Object.fromEntries(inputs.map((input, i) => [`x${i}`, input])),
              definitions: { y: apply(op, inputs) },
            }),
            values: new Map<Expr, Value>(inputs.map((input, i) => [input, at[i] as number])),
          };
        }),
    );
    const cases = [
      ...random({}, 60),
      ...random({ named: true }, 15),
      ...random({ dtype: "f32" }, 20),
      ...random({ moves: [], size: 30 }, 30),
      ...examples,
    ];
    const runs = await compiled(cases.map(({ program }) => program));
    cases.forEach(({ program, values }, i) => {
      const inputs = Object.fromEntries(
        Object.entries(program.variables).map(([name, node]) => {
          const value = values.get(node) as Value;
          return [name, typeof value === "number" ? value : Array.from(value.data)];
        }),
      );
      const got = runs[i]?.(inputs)["y"] ?? 0;
      const right = elementsOf(evaluate(program.result, values, { extra: "allow" }) as Value);
      const own = typeof got === "number" ? [got] : [...got];
      expect(own.length).toBe(right.length);
      // The interpreter adds up in double precision and rounds once.
      const tolerance = program.result.dtype === "f32" ? 2e-5 : 1e-12;
      right.forEach((one, at) => {
        const other = own[at] as number;
        const near =
          Object.is(one, other) || Math.abs(one - other) <= tolerance * Math.max(1, Math.abs(one));
        expect([program.result.toString(), other, near || one === other]).toEqual([
          program.result.toString(),
          other,
          true,
        ]);
      });
    });
  });

  it("takes the lecture's formula, with names of any kind", async () => {
    const text = toTypescript(parse("d = 2b; e = a + d; L = c e"), { name: "lecture" });
    expect(text).toMatchInlineSnapshot(`
      "/** Inputs by name; tensors row by row. */
      export interface Inputs {
        /** f64 [] */
        readonly "b": number;
        /** f64 [] */
        readonly "a": number;
        /** f64 [] */
        readonly "c": number;
      }

      /** Outputs by name; tensors row by row. */
      export interface Outputs {
        /** f64 [] */
        readonly "d": number;
        /** f64 [] */
        readonly "e": number;
        /** f64 [] */
        readonly "L": number;
      }

      export function lecture(inputs: Inputs): Outputs {
        const b = inputs["b"];
        const a = inputs["a"];
        const c = inputs["c"];
        const t = 2 * b;
        const t_2 = a + t;
        const t_3 = c * t_2;
        return {
          "d": t,
          "e": t_2,
          "L": t_3,
        };
      }
      "
    `);
    const odd = variable('x"*/', []);
    const program = new Program({ definitions: { "new line\n": odd.mul(2) } });
    const [run] = await compiled([program]);
    expect(run?.({ 'x"*/': 4 })).toEqual({ "new line\n": 8 });
  });

  it("checks lengths", async () => {
    const x = variable("x", [3]);
    const [run] = await compiled([new Program({ definitions: { y: x.sum() } })]);
    expect(run?.({ x: [1, 2, 3] })).toEqual({ y: 6 });
    expect(() => run?.({ x: [1, 2] })).toThrow("x must have 3 elements, got 2");
  });

  it("refuses what is too long, sizes that are not given, and functions without a body", () => {
    const big = variable("big", [30_000]);
    expect(() => toTypescript(big.mul(2))).toThrow(/at most 20000 operations/);
    expect(() => toTypescript(variable("x", ["batch"]).mul(2))).toThrow(/batch/);
    expect(() => toTypescript(parse("u(x)", { functions: ["u"] }))).toThrow();
    const xs = variable("xs", [4]);
    const [carry] = scan((h: Expr, x: Expr) => [add(h, x), undefined], constant(0), xs);
    // Loops of known length are written out.
    expect(toTypescript(carry)).toContain("export function program");
  });
});

describe("sourceFiles", () => {
  const program = parse("h = σ(w x + b); E = 1/2 (t - h)^2");
  const at = { w: 0.5, x: 2, b: -0.25, t: 1 };
  const right = evaluate(program.definitions, at) as { readonly h: number; readonly E: number };

  itWith("gcc", "gives C99 with its header, which gcc compiles", () => {
    const files = sourceFiles(program, "c", "model");
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    writeFileSync(
      join(folder, "main.c"),
      `#include <stdio.h>
#include "model.h"
int main(void) {
  struct model_inputs in; struct model_outputs out;
  in.w = 0.5; in.x = 2; in.b = -0.25; in.t = 1;
  model(&in, &out);
  printf("%.17g %.17g", out.h, out.E);
  return 0;
}
`,
    );
    const exe = join(folder, "main");
    const sources = [join(folder, "main.c"), join(folder, "model.c")];
    execFileSync("gcc", ["-std=c99", "-Wall", "-Werror", ...sources, "-o", exe, "-lm"]);
    const [h, E] = execFileSync(exe, { encoding: "utf8" }).split(" ").map(Number);
    expect([h, E]).toEqual([expect.closeTo(right.h, 15), expect.closeTo(right.E, 15)]);
  });

  it("gives WebAssembly with a loader that Node runs alone", () => {
    const own = join(folder, "wasm");
    mkdirSync(own);
    const files = sourceFiles(program, "wasm", "model");
    for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text);
    writeFileSync(join(own, "package.json"), '{ "type": "module" }');
    const script = `import { load } from "./model.js"; const f = await load(); console.log(JSON.stringify(f(${JSON.stringify(at)})))`;
    const printed = execFileSync("node", ["--input-type=module", "-e", script], {
      cwd: own,
      encoding: "utf8",
    });
    expect(JSON.parse(printed)).toEqual({
      h: expect.closeTo(right.h, 14),
      E: expect.closeTo(right.E, 14),
    });
  });

  it("gives TypeScript and NumPy under the name asked for", () => {
    expect(Object.keys(sourceFiles(program, "ts", "model"))).toEqual(["model.ts"]);
    expect(Object.keys(sourceFiles(program, "numpy", "model"))).toEqual(["model.py"]);
    expect(sourceFiles(program.result, "ts")["program.ts"]).toContain('"result": number');
    expect(() => sourceFiles(program, "ts", "../x")).toThrow(/letters and digits/);
  });
});
