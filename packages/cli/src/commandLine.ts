import { Command, InvalidArgumentError, Option } from "commander";
import { addClassroom } from "./classroom.ts";
import { addExport } from "./export.ts";
import { readText } from "./files.ts";
import { grad } from "./grad.ts";
import type { Output } from "./output.ts";
import { addWeave } from "./paper/paperCommands.ts";
import { unprotect } from "./protectTexts.ts";
import { formats, type GradOptions } from "./request.ts";
import { addScale } from "./scale.ts";
import { addStudio } from "./studio.ts";
import { addTrain } from "./train.ts";
import { version } from "./version.ts";

const EXAMPLES = `
Examples:
  chainrule "L = c(a + 2b)" a=3 b=1 c=-2
  chainrule "E = 1/2 (t - σ(w x + b))^2" t=1 w=0.5 x=2 b=0 --wrt w,b --update 0.6
  chainrule "x^x" --order 2                       formulas only, without values
  chainrule "u(v(w(x)))" --functions u,v,w        functions without a body
  chainrule "d = 2b; e = a + d; L = c e" a=3 b=1 c=-2 --format json
  chainrule --file model.txt --values point.json --why
  chainrule "L = c(a + 2b)" a=3 b=1 c=-2 --format derivation --update 0.1
  chainrule "d = 2b; e = a + d; L = c e" a=3 b=1 c=-2 --format svg -o graph.svg
  echo "sin(x)/x" | chainrule --file - x=0.5
  chainrule check "L = c(a + 2b)" "dL/db = 2c"
  chainrule check paper.tex
  chainrule export "L = c(a + 2b)" --to c -o loss.c
  chainrule exercise --topic graph --level 2 --seed 42
  chainrule train xor
  chainrule scale model.mjs --processes 2
  chainrule studio

Texts are in double quotes, which every shell has. A text that begins with a minus sign may follow
"--". Definitions are separated by ";" or lines; "a = 3" inside a text gives a value.`;

/** The command line: its options, its help, what each command does, and the code it ends with. */
export function commandLine(output: Output, exit: (code: number) => void): Command {
  const program = new Command("chainrule")
    .description(
      "The chain rule, node by node: values forward, adjoints backward, gradients as formulas.",
    )
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.error })
    .showSuggestionAfterError(true);
  const gradCommand = program
    .command("grad", { isDefault: true })
    .description("values, adjoints and gradients of an expression")
    .argument("[text]", "the expression, or definitions ending in it")
    .argument("[values...]", "values of variables, as name=value")
    .option("--wrt <names>", "differentiate by these variables (default: all)", names)
    .option("--of <name>", "differentiate this definition (default: the last)")
    .addOption(new Option("--order <n>", "order of the derivative").argParser(order).default(1))
    .option("--functions <names>", "functions without a body", names)
    .option("--values <file>", "values from a .json or .csv file")
    .option("--update <rate>", "also print the variables after one step w - rate * dL/dw", number)
    .option("--why", "say which factors make each derivative large, small or not finite")
    .addOption(new Option("--format <format>", "what to print").choices(formats).default("table"))
    .addOption(
      new Option(
        "--detail <n>",
        "of a derivation: 1 products, 2 rules too, 3 every operation",
      ).argParser(detail),
    )
    .addOption(
      new Option("--rounding <mode>", "of a derivation's numbers").choices(["half-even", "trunc"]),
    )
    .addOption(
      new Option("--carry <digits>", "compute on with all digits, or with those displayed").choices(
        ["full", "displayed"],
      ),
    )
    .option("--decimals <n>", "digits after the point in a derivation", decimals)
    .option("--digits <n>", "significant digits of printed numbers", digits)
    .option("--merge", "in pictures, write steps without a name into the formula that uses them")
    .option("-o, --output <file>", "write to a file instead")
    .option("--file <file>", 'read the text from a file, "-" for standard input')
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.error })
    .addHelpText("after", EXAMPLES)
    .action(async (text: string | undefined, values: string[], options: GradOptions) => {
      // With --file the first word is already a value.
      const words = text === undefined ? values : [text, ...values];
      const given = words.map(unprotect);
      const source = options.file === undefined ? given.shift() : readText(options.file);
      await grad(source, given, options, output);
    });
  addClassroom(program, output, exit);
  addWeave(program, output, exit);
  addExport(program, output);
  addTrain(program, output, exit);
  addScale(program, output);
  addStudio(program, output);
  // The default command needs no name, so its options belong to the first help a user asks for.
  program.addHelpText("after", () => `${optionsOf(gradCommand)}${EXAMPLES}`);
  return program;
}

function optionsOf(command: Command): string {
  const help = command.helpInformation();
  const options = help.slice(help.indexOf("Options:"));
  return `\n${options.replace("Options:", "Options of grad, the command when none is named:")}`;
}

function names(list: string): string[] {
  const out = list.split(",").map((name) => name.trim());
  if (out.includes("")) throw new InvalidArgumentError("must be names separated by commas.");
  return out;
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) {
    throw new InvalidArgumentError("must be a number.");
  }
  return value;
}

/** Orders beyond this are millions of terms. */
const MAX_ORDER = 10;

function order(text: string): number {
  return whole(text, MAX_ORDER);
}

/** What double precision holds. */
const MAX_DIGITS = 17;

function digits(text: string): number {
  return whole(text, MAX_DIGITS);
}

function decimals(text: string): number {
  return whole(text, MAX_DIGITS);
}

function detail(text: string): 1 | 2 | 3 {
  return whole(text, 3) as 1 | 2 | 3;
}

function whole(text: string, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new InvalidArgumentError(`must be a whole number from 1 to ${max}.`);
  }
  return value;
}
