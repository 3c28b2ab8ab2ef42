import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { Output } from "./output.ts";
import { exampleFolder, runExample } from "./runExample.ts";
import { UsageError } from "./usageError.ts";

interface TrainOptions {
  readonly seed: number;
  readonly data?: string;
}

/** Adds `train`; `exit` takes the code of the example: 0 if its goal was reached, 1 if not, 2 if it was misused. */
export function addTrain(program: Command, output: Output, exit: (code: number) => void): void {
  program
    .command("train")
    .description("train an example of the repository; without a name, list them")
    .argument("[example]", "such as xor")
    .option("--seed <seed>", "a whole number that all randomness follows from", seed, 1)
    .option("--data <folder>", "data to learn, such as MNIST's four files for digits")
    .action(async (name: string | undefined, options: TrainOptions) => {
      const names = exampleNames();
      if (name === undefined) {
        if (options.data !== undefined) {
          throw new UsageError(
            "train: --data must follow an example, such as train digits --data DIR",
          );
        }
        output.out(`${names.join("\n")}\n`);
        return;
      }
      if (!names.includes(name)) {
        throw new UsageError(`train: an example must be one of ${names.join(", ")}, got "${name}"`);
      }
      const data = options.data === undefined ? [] : ["--data", resolve(options.data)];
      exit(await runExample("train", `${name}.ts`, [String(options.seed), ...data], output));
    });
}

/** Files of `examples/` but the two that run all. */
function exampleNames(): readonly string[] {
  return readdirSync(exampleFolder("train"))
    .filter((file) => /^[a-zA-Z]+\.ts$/.test(file) && file !== "index.ts" && file !== "main.ts")
    .map((file) => file.slice(0, -".ts".length))
    .sort();
}

function seed(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError("must be a whole number.");
  }
  return value;
}
