import { ChainruleError } from "@chainrule/core";
import { CommanderError } from "commander";
import { commandLine } from "./commandLine.ts";
import type { Output } from "./output.ts";
import { protectTexts } from "./protectTexts.ts";
import { UsageError } from "./usageError.ts";

/** Wrong use and wrong input. */
const EXIT_USAGE = 2;

/**
 * Runs the command line. Gives the exit code: 0, or 2 with one message on the error stream for
 * anything a user can get wrong, or 1 where an answer was to be checked and is wrong.
 */
export async function run(args: readonly string[], output: Output): Promise<number> {
  let code = 0;
  const exit = (wanted: number): void => {
    code = wanted;
  };
  try {
    await commandLine(output, exit).parseAsync(protectTexts(args), { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      // The library has printed its own message; help and version end well.
      return error.exitCode === 0 ? 0 : EXIT_USAGE;
    }
    output.error(`chainrule: ${messageOf(error)}\n`);
    return EXIT_USAGE;
  }
}

function messageOf(error: unknown): string {
  if (error instanceof ChainruleError || error instanceof UsageError) return error.message;
  if (error instanceof Error) return `unexpected ${error.name}: ${error.message}`;
  return `unexpected ${String(error)}`;
}
