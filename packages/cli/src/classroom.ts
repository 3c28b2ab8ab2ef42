import {
  type ActivationName,
  activations,
  type Document,
  documentLatex,
  documentMarkdown,
  documentText,
  exerciseTopics,
  lecture,
  lectureTopics,
  networkText,
  sheetParts,
} from "@chainrule/render/classroom";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type CheckOptions, check } from "./check.ts";
import { type ExerciseOptions, exercise } from "./exercise.ts";
import { writeWhole } from "./files.ts";
import { type GradeOptions, grade } from "./grade.ts";
import type { Output } from "./output.ts";
import { checkPaperFile } from "./paper/paperCommands.ts";
import { unprotect } from "./protectTexts.ts";
import { runExample } from "./runExample.ts";
import { UsageError } from "./usageError.ts";

type DocumentFormat = "text" | "markdown" | "latex";

/** An answer that was checked and found wrong. */
const EXIT_WRONG = 1;

/** Adds `check`, `exercise`, `grade`, `network` and `lecture`; `exit` takes a code for the end. */
export function addClassroom(program: Command, output: Output, exit: (code: number) => void): void {
  program
    .command("check")
    .description(
      "say whether a derivative, or each one that a LaTeX paper claims, is right, or which factor is wrong; exit code 0 or 1",
    )
    .argument("<text>", "the expression, or definitions ending in it; or a .tex file")
    .argument("[answer]", 'such as "dL/db = 2c" or "L.b = -4"; none for a file')
    .argument("[values...]", "values of variables, as name=value, to check numbers")
    .option("--functions <names>", "functions without a body, separated by commas", list)
    .option("--rate <rate>", "learning rate, to recognise weights updated too early", Number)
    .addOption(
      new Option("--format <format>", "what to print").choices(["text", "json"]).default("text"),
    )
    .action(
      async (text: string, answer: string | undefined, values: string[], options: CheckOptions) => {
        if (answer === undefined) {
          if (!/\.tex$/i.test(text)) {
            throw new UsageError('check: an answer such as "dL/db = 2c" must be given, got none');
          }
          if (!(await checkPaperFile(text, options.format, output))) exit(EXIT_WRONG);
          return;
        }
        const right = check(
          unprotect(text),
          unprotect(answer),
          values.map(unprotect),
          options,
          output,
        );
        if (!right) exit(EXIT_WRONG);
      },
    );
  program
    .command("exercise")
    .description("exercises with worked solutions; a seed gives the same ones for ever")
    .addOption(new Option("--topic <topic>", "what about").choices(exerciseTopics).default("chain"))
    .option("--level <n>", "from 1, one step, to 5", whole, 1)
    .option("--count <n>", "how many", whole, 5)
    .option("--seed <seed>", "a number or a word", "1")
    .option("--students <file>", "a .csv file of a class: each gets numbers of their own")
    .addOption(new Option("--part <part>", "what of it").choices(sheetParts).default("all"))
    .addOption(
      new Option("--format <format>", "csv is the table that grade reads")
        .choices(["latex", "markdown", "moodle", "json", "csv"])
        .default("markdown"),
    )
    .option("-o, --output <file>", "write to a file instead")
    .action((options: ExerciseOptions) => emit(exercise(options), options.output, output));
  program
    .command("grade")
    .description("mark answers to exercises, and name the mistakes")
    .argument(
      "<file>",
      "a .csv file with the columns question and answer, and maybe student, topic, level, seed",
    )
    .addOption(
      new Option("--topic <topic>", "where there is no such column").choices(exerciseTopics),
    )
    .option("--level <n>", "where there is no such column", whole)
    .option("--seed <seed>", "where there is no such column")
    .addOption(
      new Option("--format <format>", "what to print").choices(["table", "json"]).default("table"),
    )
    .option("-o, --output <file>", "write to a file instead")
    .action((path: string, options: GradeOptions) =>
      emit(grade(path, options), options.output, output),
    );
  program
    .command("network")
    .description("write a network of neurons as text to edit")
    .argument("<layers>", "neurons a layer, such as 2-2-2", layers)
    .addOption(
      new Option("--activation <name>", "what neurons apply")
        .choices(activations)
        .default("sigmoid"),
    )
    .addOption(
      new Option("--output-activation <name>", "what the last layer applies").choices(activations),
    )
    .option("--no-values", "leave out the values of weights and inputs")
    .option("-o, --output <file>", "write to a file instead")
    .action((sizes: number[], options: NetworkOptions) => {
      const { activation, outputActivation, values } = options;
      const text = networkText({
        layers: sizes,
        activation,
        values,
        ...(outputActivation === undefined ? {} : { output: outputActivation }),
      });
      emit(text, options.output, output);
    });
  program
    .command("lecture")
    .description("print a lecture on the chain rule and networks, with every number worked out")
    .argument("[topic]", `one section: ${lectureTopics.join(", ")}`)
    .addOption(
      new Option("--claim <n>", "measure a claim of the lecture anew, in a clone of the repository")
        .argParser(whole)
        .conflicts(["format", "output"]),
    )
    .addOption(
      new Option("--format <format>", "what to print")
        .choices(["text", "markdown", "latex"])
        .default("text"),
    )
    .option("-o, --output <file>", "write to a file instead")
    .action(async (topic: string | undefined, options: LectureOptions) => {
      if (options.claim !== undefined) {
        if (topic !== undefined) {
          throw new UsageError(`lecture: --claim must stand without a topic, got "${topic}"`);
        }
        exit(await runExample("lecture", "claims/main.ts", [String(options.claim)], output));
        return;
      }
      emit(documentAs(options.format, lecture(topic)), options.output, output);
    });
}

interface NetworkOptions {
  readonly activation: ActivationName;
  readonly outputActivation?: ActivationName;
  readonly values: boolean;
  readonly output?: string;
}

interface LectureOptions {
  readonly claim?: number;
  readonly format: DocumentFormat;
  readonly output?: string;
}

function documentAs(format: DocumentFormat, document: Document): string {
  switch (format) {
    case "text":
      return documentText(document);
    case "markdown":
      return documentMarkdown(document);
    case "latex":
      return documentLatex(document);
  }
}

/** To a file where one is named, else to the standard output. */
export function emit(text: string, file: string | undefined, output: Output): void {
  if (file === undefined) output.out(text);
  else writeWhole(file, text);
}

function layers(text: string): number[] {
  if (!/^\d+(?:-\d+)+$/.test(text)) {
    throw new InvalidArgumentError("must be numbers joined by -, such as 2-2-2.");
  }
  return text.split("-").map(Number);
}

function list(text: string): string[] {
  return text.split(",").map((name) => name.trim());
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("must be a whole number ≥ 1.");
  return Number(text);
}
