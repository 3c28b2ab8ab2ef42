import type { Program } from "@chainrule/core";
import { type ModuleParts, writeBody } from "./body.ts";
import { helperNames, helperSources } from "./helpers.ts";
import { commentText, stringText } from "./literals.ts";
import { Namer } from "./names.ts";
import { describeInput, signatureOf } from "./signature.ts";
import { tableText } from "./tableText.ts";

/** Options of `toTorch`. */
export interface TorchOptions {
  /** What the module is called in its own first line. */
  readonly title?: string;
}

/** A module with one function: from the program's inputs to its definitions, and to its next states if it has any. */
export function programModule(program: Program, { title = "A program" }: TorchOptions): string {
  const names = new Namer([...helperNames, "device", "program"]);
  const module: ModuleParts = { helpers: new Set(), constants: new Map(), namer: names };
  const namer = names.inner();
  const inputs = new Map(
    Object.entries(program.variables).map(([name, node]) => [node, namer.fresh(name)]),
  );
  const signature = signatureOf(inputs, namer);
  const definitions = Object.entries(program.definitions);
  const updates = [...program.updates];
  const roots = [...definitions.map(([, node]) => node), ...updates.map(([, next]) => next)];
  const body = writeBody(roots, {
    module,
    namer,
    given: signature.given,
    sizes: signature.sizes,
    names: program.names,
    scopes: program.scopes,
    device: "device",
  });
  const results = definitions.map(([name], i) => `${stringText(name)}: ${body.outputs[i]},`);
  const next = updates.map(
    ([state], i) =>
      `${stringText(program.nameOf(state) ?? "state")}: ${body.outputs[definitions.length + i]},`,
  );
  const [first] = inputs.values();
  const ending =
    next.length === 0
      ? ["return {", ...results.map(indent), "}"]
      : [
          "results = {",
          ...results.map(indent),
          "}",
          "states = {",
          ...next.map(indent),
          "}",
          "return results, states",
        ];
  const device = first === undefined ? 'torch.device("cpu")' : `${first}.device`;
  const lines = [...body.lines, ...ending];
  const told = [...inputs].map(([node, name]) => describeInput(name, node));
  const docstring =
    told.length === 0
      ? [`"""${commentText(title)}."""`]
      : [`"""${commentText(title)}.`, "", ...told, `"""`];
  return [
    `"""${commentText(title)}, exported by chainrule."""\n\n`.concat(
      importsOf([...helperSources(module.helpers), ...lines]),
    ),
    ...[...module.constants].map(([tensor, name]) => tableText(name, tensor)),
    ...helperSources(module.helpers),
    [
      `def program(${[...inputs.values()].join(", ")}):`,
      ...[...docstring, ...signature.prologue(lines, device), ...lines].map(indent),
    ].join("\n"),
  ]
    .join("\n\n\n")
    .concat("\n");
}

/** The imports that lines of Python make use of. */
function importsOf(lines: readonly string[]): string {
  const text = lines.join("\n");
  const out: string[] = [];
  if (/\bmath\./.test(text)) out.push("import math", "");
  out.push("import torch");
  if (/\bF\./.test(text)) out.push("import torch.nn.functional as F");
  if (/\btorch\.nn\.grad\b/.test(text)) out.push("import torch.nn.grad");
  return out.join("\n");
}

/** One level deeper. */
export function indent(line: string): string {
  return line === "" ? "" : `    ${line}`;
}
