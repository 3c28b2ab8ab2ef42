import {
  type ActivationName,
  activations,
  type Document,
  documentLatex,
  documentMarkdown,
  documentText,
  lecture,
  networkText,
} from "@chainrule/render/classroom";
import { type Command, InvalidArgumentError, Option } from "commander";
import { writeText } from "./files.ts";
import type { Output } from "./output.ts";

type DocumentFormat = "text" | "markdown" | "latex";

/** Adds `network` and `lecture`. */
export function addClassroom(program: Command, output: Output): void {
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
    .argument("[topic]", "one section: sigmoid, losses, chain, graph, network, activations")
    .addOption(
      new Option("--format <format>", "what to print")
        .choices(["text", "markdown", "latex"])
        .default("text"),
    )
    .option("-o, --output <file>", "write to a file instead")
    .action((topic: string | undefined, options: LectureOptions) => {
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
  else writeText(file, text);
}

function layers(text: string): number[] {
  if (!/^\d+(?:-\d+)+$/.test(text)) {
    throw new InvalidArgumentError("must be numbers joined by -, such as 2-2-2.");
  }
  return text.split("-").map(Number);
}
