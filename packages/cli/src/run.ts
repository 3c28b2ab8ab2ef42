import { ChainruleError } from "@chainrule/core";
import { CommanderError } from "commander";
import { commandLine } from "./commandLine.ts";
import { UsageError } from "./usageError.ts";

/** Where a command writes. */
export interface Output {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  readonly color: boolean;
}

/** Wrong use and wrong input. */
const EXIT_USAGE = 2;

/**
 * Runs the command line. Gives the exit code: 0, or 2 with one message on the error stream for
 * anything a user can get wrong.
 */
export async function run(args: readonly string[], output: Output): Promise<number> {
  try {
    await commandLine(output).parseAsync(protectTexts(args), { from: "user" });
    return 0;
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

/** Marks a text that begins with a sign, so that it is not read as an option. */
const MARK = "\u0000";

/** The options of one letter; `-x` of any other letter is an expression. */
const LETTERS = new Set(["h", "o", "V"]);

/** `-x^2` is an expression, `-o` and `--wrt` are options; after `--` everything is text. */
function protectTexts(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  return args.map((arg, i) => {
    if (end >= 0 && i >= end) return arg;
    if (!arg.startsWith("-") || arg === "-" || arg.startsWith("--")) return arg;
    const option = LETTERS.has(arg[1] ?? "") && (arg.length === 2 || arg[1] === "o");
    return option ? arg : MARK + arg;
  });
}

/** The text as it was typed. */
export function unprotect(text: string): string {
  return text.startsWith(MARK) ? text.slice(MARK.length) : text;
}
