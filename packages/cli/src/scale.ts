import { existsSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { torch } from "@chainrule/interop/torch";
import type { Epoch, Examples, Trainer } from "@chainrule/nn";
import { type Command, InvalidArgumentError, Option } from "commander";
import { importModule } from "./importModule.ts";
import type { Output } from "./output.ts";
import { UsageError } from "./usageError.ts";

interface ScaleOptions {
  readonly processes: number;
  readonly nodes: number;
  readonly nodeRank: number;
  readonly rendezvous?: string;
  readonly epochs: number;
  readonly batch?: number;
  readonly device?: "cpu" | "cuda";
  readonly python?: string;
  readonly folder?: string;
  readonly resume?: string;
  readonly output?: string;
}

const HELP = `
MODEL is a JavaScript module that exports a trainer of @chainrule/nn and its examples:

  export const model = trainer(sequential(dense(8), tanh, dense(1)), { input: ["batch", 2], … });
  export const data = { inputs, targets };

Examples:
  chainrule scale model.mjs --processes 2 --epochs 20 -o model.safetensors
  chainrule scale model.mjs --processes 8 --nodes 2 --node-rank 0 --rendezvous host0:29500`;

/** Adds `scale`: training of a model by PyTorch on several processes or machines. */
export function addScale(program: Command, output: Output): void {
  program
    .command("scale")
    .description("train a model by PyTorch on several processes, on one machine or on many")
    .argument("<model>", "a module that exports model (a trainer) and data (its examples)")
    .requiredOption("--processes <n>", "processes on this machine", positive)
    .option("--nodes <n>", "machines; each runs this command", positive, 1)
    .option("--node-rank <n>", "the number of this machine, from 0", whole, 0)
    .option("--rendezvous <host:port>", "where the first machine is reached")
    .option("--epochs <n>", "epochs to train", positive, 10)
    .option("--batch <n>", "examples a step, of all processes together", positive)
    .addOption(new Option("--device <kind>", "where steps run").choices(["cpu", "cuda"]))
    .option("--python <program>", "the Python that has PyTorch")
    .option("--folder <folder>", "keep script, data and checkpoints here")
    .option("--resume <checkpoint>", "go on from a checkpoint")
    .option("-o, --output <checkpoint>", "where the result goes; MODEL.safetensors unless given")
    .addHelpText("after", HELP)
    .action((path: string, options: ScaleOptions) => scale(path, options, output));
}

async function scale(path: string, options: ScaleOptions, output: Output): Promise<void> {
  const { model, data } = await readModel(path);
  const { processes, nodes, nodeRank, rendezvous, python, folder, device } = options;
  if (options.resume !== undefined) {
    if (!existsSync(options.resume)) {
      throw new UsageError(`scale: --resume must be a checkpoint, got no file ${options.resume}`);
    }
    await model.load(options.resume);
    output.out(`from epoch ${model.epoch} of ${options.resume}\n`);
  }
  const engine = torch({
    processes,
    nodes,
    nodeRank,
    ...(rendezvous === undefined ? {} : { rendezvous }),
    ...(python === undefined ? {} : { python }),
    ...(folder === undefined ? {} : { folder: resolve(folder) }),
    ...(device === undefined ? {} : { device }),
  });
  const result = options.output ?? `${basename(path, extname(path))}.safetensors`;
  const { epochs, batch } = options;
  const fitting = { epochs, engine, ...(batch === undefined ? {} : { batch }) };
  for await (const epoch of model.fit(data, fitting)) output.out(`${lineOf(epoch)}\n`);
  await model.save(result);
  output.out(`${result}: epoch ${model.epoch}, ${model.steps} steps\n`);
}

/** Loss and metrics of an epoch. */
function lineOf(epoch: Epoch): string {
  const { epoch: count, steps: _steps, seconds, validation: _none, ...measured } = epoch;
  const parts = Object.entries(measured)
    .filter((entry): entry is [string, number] => typeof entry[1] === "number")
    .map(([name, value]) => `${name} ${value.toPrecision(6)}`);
  const time = seconds === undefined ? "" : `  ${seconds.toFixed(2)} s`;
  return `epoch ${count}  ${parts.join("  ")}${time}`;
}

async function readModel(
  path: string,
): Promise<{ readonly model: Trainer; readonly data: Examples }> {
  const found = await importModule("scale", path);
  const { model, data } = found;
  if (!has(model, "graph") || !has(model, "fit")) {
    throw new UsageError(`scale: ${path} must export a trainer as model, got ${typeof model}`);
  }
  if (!has(data, "inputs")) {
    throw new UsageError(
      `scale: ${path} must export { inputs, targets } as data, got ${typeof data}`,
    );
  }
  return { model: model as never, data: data as never };
}

function has(value: unknown, name: string): boolean {
  return typeof value === "object" && value !== null && name in value;
}

function whole(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError("must be a whole number.");
  }
  return value;
}

function positive(text: string): number {
  const value = whole(text);
  if (value < 1) throw new InvalidArgumentError("must be at least 1.");
  return value;
}
