import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Expr, Program, Tensor, type Value } from "@chainrule/core";
import { toTorch } from "@chainrule/interop/torch";
import { elementsOf } from "../../support/points.ts";

/** An expression with values of its inputs. */
export interface Case {
  readonly output: Expr;
  readonly inputs: readonly (readonly [Expr, Value])[];
  /** Whether PyTorch also gives the gradient of the result's sum. */
  readonly backward: boolean;
}

/** What PyTorch made of a case. */
export interface Ran {
  readonly error?: string;
  readonly value: readonly number[];
  readonly shape: readonly number[];
  readonly type: string;
  /** By each floating input. */
  readonly gradients: readonly (readonly number[])[];
}

const harness = fileURLToPath(new URL("runPrograms.py", import.meta.url));

/** Exports every case and runs all of them in one process of Python. */
export function runPrograms(cases: readonly Case[]): readonly Ran[] {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-torch-"));
  try {
    const listed = cases.map(({ output, inputs, backward }, i) => {
      const variables = Object.fromEntries(inputs.map(([node], k) => [`x${k}`, node]));
      const program = new Program({ variables, definitions: { result: output } });
      writeFileSync(join(folder, `m${i}.py`), toTorch(program));
      const given = inputs.map(([node, value]) => ({
        dtype: node.dtype,
        shape: value instanceof Tensor ? value.shape : [],
        data: elementsOf(value).map(python),
      }));
      return { module: `m${i}.py`, inputs: given, backward };
    });
    writeFileSync(join(folder, "cases.json"), JSON.stringify(listed));
    const command = 'exec $(command -v -p python3) "$@"';
    const { status, stderr } = spawnSync("sh", ["-c", command, "sh", harness, folder]);
    if (status !== 0) throw new Error(`runPrograms: python must end well, got ${stderr}`);
    return (JSON.parse(readFileSync(join(folder, "results.json"), "utf8")) as Raw[]).map(read);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Raw {
  readonly error?: string;
  readonly values?: { readonly result: readonly string[] };
  readonly shapes?: { readonly result: readonly number[] };
  readonly types?: { readonly result: string };
  readonly gradients?: readonly (readonly string[])[];
}

function read({ error, values, shapes, types, gradients }: Raw): Ran {
  return {
    ...(error === undefined ? {} : { error }),
    value: (values?.result ?? []).map(number),
    shape: shapes?.result ?? [],
    type: types?.result ?? "",
    gradients: (gradients ?? []).map((one) => one.map(number)),
  };
}

function python(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (Object.is(value, -0)) return "-0.0";
  return Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf";
}

function number(text: string): number {
  if (text === "nan") return Number.NaN;
  return Number(text.replace("inf", "Infinity"));
}
