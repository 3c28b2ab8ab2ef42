import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Output } from "./output.ts";
import { UsageError } from "./usageError.ts";

const folder = fileURLToPath(new URL("../../../examples/", import.meta.url));

/** The folder of the repository's examples, which the published command does not hold. Throws UsageError outside a clone. */
export function exampleFolder(where: string): string {
  if (existsSync(join(folder, "support"))) return folder;
  throw new UsageError(
    `${where}: the examples must be at hand, in a clone of the repository, got no folder ${folder}`,
  );
}

/**
 * Runs a program of the examples and gives its exit code; its progress bar is drawn where this process writes
 * errors. Throws UsageError outside a clone.
 */
export function runExample(
  where: string,
  path: string,
  args: readonly string[],
  output: Output,
): Promise<number> {
  const cwd = exampleFolder(where);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", join(cwd, path), ...args], {
      cwd,
      stdio: ["ignore", "pipe", "inherit"],
    });
    child.stdout.setEncoding("utf8").on("data", output.out);
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
