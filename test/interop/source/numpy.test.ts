import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  add,
  apply,
  constant,
  cumulativeSum,
  type Expr,
  einsum,
  evaluate,
  flip,
  gather,
  grad,
  logSoftmax,
  oneHot,
  Program,
  pad,
  scatterAdd,
  segmentSum,
  slice,
  sum,
  Tensor,
  take,
  type Value,
  variable,
} from "@chainrule/core";
import { scan } from "@chainrule/core/control";
import { toNumpy } from "@chainrule/interop/source";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { elementsOf, valueLike } from "../../support/points.ts";
import { randomProgram, smoothOps } from "../../support/randomProgram.ts";
import { describeWith } from "../../support/requireTool.ts";

interface Case {
  readonly program: Program;
  readonly values: ReadonlyMap<Expr, Value>;
}

const folder = mkdtempSync(join(tmpdir(), "chainrule-numpy-"));
afterAll(() => rmSync(folder, { recursive: true }));

const nested = (value: Value): unknown =>
  typeof value === "number" ? value : { shape: value.shape, data: Array.from(value.data) };

/** Outputs of all programs, run by one Python. */
function run(cases: readonly Case[]): Record<string, readonly number[]>[] {
  cases.forEach(({ program }, i) => {
    writeFileSync(join(folder, `program${i}.py`), toNumpy(program));
  });
  const inputs = cases.map(({ program, values }) =>
    Object.values(program.variables).map((node) => nested(values.get(node) as Value)),
  );
  // JSON knows neither NaN nor infinities: they travel as words.
  const text = JSON.stringify(inputs, (_, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? `${value}` : value,
  );
  writeFileSync(join(folder, "inputs.json"), text);
  writeFileSync(
    join(folder, "main.py"),
    `import importlib, json
import numpy as np
def value(v):
    if isinstance(v, dict):
        return np.array([float(x) for x in v["data"]]).reshape(v["shape"])
    return float(v)
out = []
for i, inputs in enumerate(json.load(open("inputs.json"))):
    got = importlib.import_module("program%d" % i).program(*[value(v) for v in inputs])
    out.append({k: [repr(float(x)) for x in np.ravel(v)] for k, v in got.items()})
print(json.dumps(out))
`,
  );
  const printed = execFileSync("sh", ["-c", 'exec "$(command -v -p python3)" main.py'], {
    cwd: folder,
    encoding: "utf8",
  });
  const results = JSON.parse(printed) as Record<string, readonly string[]>[];
  const read = (one: string): number =>
    Number(one.replace("inf", "Infinity").replace("nan", "NaN"));
  return results.map((result) =>
    Object.fromEntries(Object.entries(result).map(([name, data]) => [name, data.map(read)])),
  );
}

function agrees(cases: readonly Case[], tolerance = 1e-9): void {
  const results = run(cases);
  cases.forEach(({ program, values }, i) => {
    const expected = evaluate(program.definitions, values, { extra: "allow" });
    for (const [name, value] of Object.entries(expected)) {
      const got = results[i]?.[name] ?? [];
      const right = elementsOf(value as Value);
      expect(got.length).toBe(right.length);
      right.forEach((one, at) => {
        const other = got[at] as number;
        const near =
          Object.is(one, other) ||
          one === other ||
          (Number.isNaN(one) && Number.isNaN(other)) ||
          Math.abs(one - other) <= tolerance * Math.max(1, Math.abs(one));
        expect([program.result.toString(), name, other, near]).toEqual([
          program.result.toString(),
          name,
          other,
          true,
        ]);
      });
    }
  });
}

function samples(count: number, options: Parameters<typeof randomProgram>[0], seed = 7): Case[] {
  return fc
    .sample(randomProgram(options), { numRuns: count, seed })
    .map(({ output, inputs, values }) => {
      const used = Object.fromEntries(inputs.map((input, i) => [`x_${i + 1}`, input]));
      return { program: new Program({ variables: used, definitions: { y: output } }), values };
    });
}

describeWith("numpy", "NumPy source", () => {
  it("gives the interpreter's values for random programs", () => {
    agrees(samples(120, {}));
    agrees(samples(30, { named: true }));
  });

  it("gives single precision", () => {
    agrees(samples(40, { dtype: "f32" }), 2e-4);
  });

  it("gives gradients", () => {
    const cases = samples(40, { size: 6 }).flatMap(({ program, values }) => {
      const inputs = Object.values(program.variables);
      const loss = sum(program.result);
      const slopes = grad(loss, inputs);
      const definitions = Object.fromEntries(slopes.map((slope, i) => [`d${i}`, slope]));
      return [{ program: new Program({ variables: program.variables, definitions }), values }];
    });
    agrees(cases, 1e-7);
  });

  it("has each elementwise op at its examples", () => {
    const cases = smoothOps.flatMap((op) =>
      (op.examples ?? [])
        .filter(({ attributes, at }) => attributes === undefined && at.every(Number.isFinite))
        .map(({ at }): Case => {
          const inputs = at.map((_, i) => variable(`x${i}`, []));
          const y = apply(op, inputs);
          const values = new Map<Expr, Value>(inputs.map((input, i) => [input, at[i] as number]));
          const variables = Object.fromEntries(inputs.map((input, i) => [`x${i}`, input]));
          return { program: new Program({ variables, definitions: { y } }), values };
        }),
    );
    expect(cases.length).toBeGreaterThan(50);
    agrees(cases);
  });

  it("has indices, windows, labels and segments", () => {
    const x = variable("x", [3, 4]);
    const at = variable("at", [2], "i32");
    const index = variable("index", [3, 2], "i32");
    const definitions = {
      taken: take(x, at, 1),
      gathered: gather(x, index, 1),
      scattered: scatterAdd(x, index, gather(x, index, 1), 1),
      segments: segmentSum(take(x, at, 0), at, 4),
      hot: oneHot(at, 4),
      cut: flip(slice(x, 1, 0, 4, 2), 1),
      padded: pad(x, [
        [1, 2],
        [0, 1],
      ]),
      up: cumulativeSum(x, 0),
      log: logSoftmax(x),
      product: einsum("αβ,γβ->αγ", x, x),
    };
    const values = new Map<Expr, Value>([[x, valueLike(x, 3)]]);
    const whole = new Map(values);
    whole.set(at, new Tensor([2], new Int32Array([2, 0]), "i32"));
    whole.set(index, new Tensor([3, 2], new Int32Array([1, 1, 0, 3, 2, 0]), "i32"));
    agrees([{ program: new Program({ variables: { x, at, index }, definitions }), values: whole }]);
  });

  it("gives next values of states", () => {
    const w = variable("w", []);
    const program = new Program({
      variables: { w },
      definitions: { y: w.mul(2) },
      updates: new Map<Expr, Expr>([[w, w.sub(1)]]),
    });
    const [result] = run([{ program, values: new Map<Expr, Value>([[w, 3]]) }]);
    expect(result).toEqual({ y: [6], next_w: [2] });
  });
});

describe("toNumpy", () => {
  it("refuses ops without a form, all at once", () => {
    const xs = variable("xs", [4]);
    const [carry] = scan((h: Expr, x: Expr) => [add(h, x), undefined], constant(0), xs);
    expect(() => toNumpy(carry)).toThrow(/toNumpy: every op must have a form here, got .*scan/);
  });

  it("keeps names of all kinds apart, and comments closed", () => {
    const odd = variable('a"""\nimport os', []);
    const text = toNumpy(new Program({ definitions: { "x'": odd.mul(2), lambda: odd } }));
    expect(text).not.toContain("import os");
    expect(text).toContain("def program(a_import_os):");
  });
});
