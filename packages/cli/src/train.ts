import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, InvalidArgumentError } from "commander";
import type { Output } from "./output.ts";
import { UsageError } from "./usageError.ts";

/** The examples of the repository, which the published command does not hold. */
const folder = fileURLToPath(new URL("../../../examples/", import.meta.url));

/** Adds `train`; `exit` takes the code of the example: 0 if its goal was reached, else 1. */
export function addTrain(program: Command, output: Output, exit: (code: number) => void): void {
  program
    .command("train")
    .description("train an example of the repository; without a name, list them")
    .argument("[example]", "such as xor")
    .option("--seed <seed>", "a whole number that all randomness follows from", seed, 1)
    .action(async (name: string | undefined, options: { readonly seed: number }) => {
      const names = exampleNames();
      if (name === undefined) {
        output.out(`${names.join("\n")}\n`);
        return;
      }
      if (!names.includes(name)) {
        throw new UsageError(`train: an example must be one of ${names.join(", ")}, got "${name}"`);
      }
      exit(await train(join(folder, `${name}.ts`), options.seed, output));
    });
}

/** Files of `examples/` but the two that run all. Throws UsageError outside a clone of the repository. */
function exampleNames(): readonly string[] {
  if (!existsSync(join(folder, "support"))) {
    throw new UsageError(
      `train: the examples must be at hand, in a clone of the repository, got no folder ${folder}`,
    );
  }
  return readdirSync(folder)
    .filter((file) => /^[a-zA-Z]+\.ts$/.test(file) && file !== "index.ts" && file !== "main.ts")
    .map((file) => file.slice(0, -".ts".length))
    .sort();
}

/** Runs the program of an example; its progress bar is drawn where this process writes errors. */
function train(path: string, seed: number, output: Output): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", path, String(seed)], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    child.stdout.setEncoding("utf8").on("data", output.out);
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

function seed(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError("must be a whole number.");
  }
  return value;
}
