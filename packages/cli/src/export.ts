import { basename, dirname, extname, join } from "node:path";
import { grad, isFloat, isInput, leavesOf, nameOf, Program } from "@chainrule/core";
import { fromJSON } from "@chainrule/core/json";
import { parse } from "@chainrule/core/parse";
import { toOnnx } from "@chainrule/interop/onnx";
import { sourceFiles } from "@chainrule/interop/source";
import { toTorch } from "@chainrule/interop/torch";
import type { Trainer } from "@chainrule/nn";
import { type Command, Option } from "commander";
import { readText, writeWhole } from "./files.ts";
import { importModule } from "./importModule.ts";
import type { Output } from "./output.ts";
import { unprotect } from "./protectTexts.ts";
import { UsageError } from "./usageError.ts";

const targets = ["onnx", "torch", "c", "ts", "wasm", "numpy"] as const;

type Target = (typeof targets)[number];

/** How the first file of a target ends. */
const endings: Readonly<Record<Target, string>> = {
  onnx: ".onnx",
  torch: ".py",
  c: ".c",
  ts: ".ts",
  wasm: ".wasm",
  numpy: ".py",
};

interface ExportOptions {
  readonly to: Target;
  readonly output?: string;
  readonly gradients?: true;
  readonly functions?: readonly string[];
  readonly opset?: 17 | 21;
  readonly part?: "prediction" | "training";
}

const HELP = `
WHAT is an expression or definitions; "-" or a .txt file that holds them; a graph as .json, as toJSON writes it; or a
module (.js, .mjs, or .ts where Node reads it) that exports a program, or a trainer of @chainrule/nn, as model. Trainers become onnx or torch.

Examples:
  chainrule export "L = c(a + 2b)" --to c -o loss.c --gradients
  chainrule export "y = tanh(w x + b)" --to numpy
  chainrule export model.mjs --to onnx --part training -o step.onnx`;

/** Adds `export`: an expression or a model for engines and languages elsewhere. */
export function addExport(program: Command, output: Output): void {
  program
    .command("export")
    .description(
      "write an expression or a model for ONNX, PyTorch, C, TypeScript, WebAssembly, NumPy",
    )
    .argument("<what>", "an expression, or a file that holds one or a model")
    .addOption(new Option("--to <target>", "what for").choices(targets).makeOptionMandatory())
    .option("-o, --output <file>", "where to; others of its name go beside it")
    .option("--gradients", "also the derivatives of the last definition, dL_db and so on")
    .option(
      "--functions <names>",
      "functions without a body, separated by commas",
      (list: string) => list.split(",").map((name) => name.trim()),
    )
    .addOption(new Option("--opset <n>", "of ONNX, 17 or 21").argParser(Number))
    .addOption(
      new Option("--part <part>", "of a trainer, for ONNX").choices(["prediction", "training"]),
    )
    .addHelpText("after", HELP)
    .action((what: string, options: ExportOptions) => exportTo(unprotect(what), options, output));
}

async function exportTo(what: string, options: ExportOptions, output: Output): Promise<void> {
  const { to, output: path } = options;
  const ending = endings[to];
  if (path !== undefined && extname(path) !== ending) {
    throw new UsageError(`export: -o must end in ${ending} for ${to}, got "${path}"`);
  }
  const source = await sourceOf(what, options);
  const name = path === undefined ? "program" : basename(path, ending);
  const files = filesOf(source, name, options);
  if (path !== undefined) {
    for (const [file, content] of Object.entries(files)) {
      const place = join(dirname(path), file);
      writeWhole(place, content);
      output.out(`${place}: ${Buffer.byteLength(content)} bytes\n`);
    }
    return;
  }
  const [only, ...more] = Object.values(files);
  if (typeof only !== "string" || more.length > 0) {
    throw new UsageError(
      `export: -o must name a file for ${to}, which is ${more.length > 0 ? "several files" : "no text"}, got none`,
    );
  }
  output.out(only);
}

type Source = Program | Trainer;

async function sourceOf(what: string, { functions, gradients }: ExportOptions): Promise<Source> {
  if (what.trim() === "") throw new UsageError("export: there must be an expression, got none");
  const source = await read(what, functions);
  if (gradients === undefined) return source;
  if (!isProgram(source)) {
    throw new UsageError(
      `export: --gradients must be of an expression, got a trainer, which has them in --part training`,
    );
  }
  return withGradients(source);
}

async function read(what: string, functions: readonly string[] | undefined): Promise<Source> {
  if (/\.[cm]?[jt]s$/i.test(what)) {
    const { model } = await importModule("export", what);
    if (isTrainer(model) || isProgram(model)) return model;
    throw new UsageError(
      `export: ${what} must export a program or a trainer as model, got ${typeof model}`,
    );
  }
  if (/\.json$/i.test(what)) return new Program({ definitions: fromJSON(readText(what)) });
  const text = what === "-" || /\.txt$/i.test(what) ? readText(what) : what;
  return parse(text, functions === undefined ? {} : { functions });
}

/** By its parts: a module may bring its own copy of core. */
function isProgram(value: unknown): value is Program {
  return typeof value === "object" && value !== null && "definitions" in value && "result" in value;
}

function isTrainer(value: unknown): value is Trainer {
  return typeof value === "object" && value !== null && "graph" in value && "fit" in value;
}

/** The program with a definition for each derivative of its result. */
function withGradients(program: Program): Program {
  const { result, variables, names, values } = program;
  if (result.shape.length > 0) {
    throw new UsageError(
      `export: --gradients must be of a single number, got shape [${result.shape.join(", ")}]`,
    );
  }
  const definitions = { ...program.definitions };
  const of = program.nameOf(result) ?? "result";
  if (Object.keys(definitions).length === 0) definitions[of] = result;
  for (const leaf of leavesOf([result])) {
    const by = nameOf(leaf);
    if (!isInput(leaf) || !isFloat(leaf.dtype) || by === undefined) continue;
    let name = `d${of}_d${by}`;
    while (name in definitions || name in variables) name += "_";
    definitions[name] = grad(result, leaf);
  }
  return new Program({ variables, definitions, result, names, values });
}

function filesOf(
  source: Source,
  name: string,
  { to, opset, part }: ExportOptions,
): Readonly<Record<string, string | Uint8Array>> {
  if (to !== "onnx" && (opset !== undefined || part !== undefined)) {
    throw new UsageError(`export: --opset and --part must go with --to onnx, got --to ${to}`);
  }
  if (to === "onnx") {
    if (part !== undefined && isProgram(source)) {
      throw new UsageError("export: --part must be of a trainer, got a program");
    }
    const options = { ...(opset && { opset }), ...(part && { part }) };
    return { [`${name}.onnx`]: toOnnx(source, options) };
  }
  if (to === "torch") return { [`${name}.py`]: toTorch(source) };
  if (isProgram(source)) return sourceFiles(source, to, name);
  throw new UsageError(`export: a trainer must go to onnx or torch, got --to ${to}`);
}
