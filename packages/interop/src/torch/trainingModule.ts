import { ArgumentError, type Expr, formatShape, isFloat } from "@chainrule/core";
import { namedFlow, type Trainer } from "@chainrule/nn";
import { type Body, type ModuleParts, nodesUpTo, tableText, writeBody } from "./body.ts";
import { helperNames, helperSources } from "./helpers.ts";
import { commentText, listText, stringText, torchType, tupleText } from "./literals.ts";
import { moduleAttributes, Namer } from "./names.ts";
import { indent, type TorchOptions } from "./programModule.ts";
import { runtime } from "./runtime.ts";
import { signatureOf } from "./signature.ts";
import { updateRules } from "./updateRules.ts";

/** What the parts of a training module are written from. */
interface Writing {
  readonly trainer: Trainer;
  readonly module: ModuleParts;
  /** The attribute of the model that holds each parameter and state, by its node. */
  readonly attributes: ReadonlyMap<Expr, string>;
}

/** A script with model, loss, metrics, the optimizer's rules and training, from a trainer. */
export function trainingModule(trainer: Trainer, { title = "A model" }: TorchOptions): string {
  checkExportable(trainer);
  const namer = new Namer([...helperNames, ...runtimeNames()]);
  const module: ModuleParts = { helpers: new Set(), constants: new Map(), namer };
  const attributes = attributesOf(trainer);
  const writing = { trainer, module, attributes };
  const model = modelClass(writing);
  const loss = lossFunction(writing);
  const metrics = metricsFunction(writing);
  const updates = updateRules(trainer, module);
  const { graph } = trainer;
  const kept = [...graph.training.kept.values()];
  const held = graph.held.filter(({ node }) => attributes.has(node));
  const names = held.map(
    ({ name, node }) => `${stringText(name)}: ${stringText(attributes.get(node) as string)},`,
  );
  const reached = new Set(nodesUpTo([graph.loss], new Map()));
  const unused = graph.trained.some((one) => !reached.has(one.kept.node));
  const facts = [
    "# Inputs of the model, in the order of its arguments.",
    `INPUTS = ${listText(Object.keys(graph.inputs).map(stringText))}`,
    "",
    "# What checkpoints call the weights and states of the model, and what they are called here.",
    "NAMES = {",
    ...names.map(indent),
    "}",
    "",
    "# How each weight moves: the rule, and what checkpoints call its states.",
    "RULES = {",
    ...updates.table.map(indent),
    "}",
    "SLOTS = [slot for _, slots in RULES.values() for slot in slots]",
    "",
    "# Whether some weight does not reach the loss.",
    `UNUSED = ${unused ? "True" : "False"}`,
  ];
  const count = kept.filter(({ kind }) => kind === "parameter").length;
  return [
    `${docstring(trainer, title, count)}\n\n${importsOf([...helperSources(module.helpers), model, loss])}`,
    ...[...module.constants].map(([tensor, name]) => tableText(name, tensor)),
    ...helperSources(module.helpers),
    model,
    loss,
    metrics,
    ...updates.functions,
    facts.join("\n"),
    runtime.trimEnd(),
  ]
    .join("\n\n\n")
    .concat("\n");
}

function checkExportable({ graph, options }: Trainer): void {
  if (graph.hosts.length > 0) {
    throw new ArgumentError(
      "toTorch: the rate must follow from the step alone, got one that the host drives (plateau); use a schedule",
    );
  }
  if ((options.players ?? []).length > 0) {
    throw new ArgumentError(
      `toTorch: all parameters must lower one loss, got ${options.players?.length} players with losses of their own`,
    );
  }
}

/** Functions and tables of the script around the model, which its lines must not hide. */
function runtimeNames(): readonly string[] {
  const defined = [...runtime.matchAll(/^(?:def |class )?([A-Za-z_]+)/gm)].map(([, name]) => name);
  const own = [
    "clip",
    "loss",
    "metrics",
    "target",
    "DistributedDataParallel",
    "re",
    "struct",
    "nn",
  ];
  return [
    ...defined.filter((name) => name !== undefined),
    ...own,
    "INPUTS",
    "NAMES",
    "RULES",
    "SLOTS",
    "UNUSED",
  ];
}

function docstring({ graph }: Trainer, title: string, count: number): string {
  const data = Object.entries(graph.program.variables).filter(
    ([name, node]) => node === graph.inputs[name] || node === graph.target,
  );
  const columns = data.map(
    ([name, node]) =>
      `    ${commentText(name)}: ${torchType(node.dtype)} ${commentText(formatShape(node.shape))}`,
  );
  return `"""${commentText(title)}, exported by chainrule: ${count} parameter tensors, loss, optimizer and training.

    python3 model.py --epochs 10
    torchrun --nproc_per_node=2 model.py --epochs 10

runs on the CPU (gloo) or on GPUs (nccl), as there are. It reads start.safetensors, a checkpoint, and
data.safetensors, which holds by name, examples along the first axis:

${columns.join("\n")}

and writes a checkpoint after every epoch, from which it goes on when it is started again, and which
chainrule's trainer loads.
"""`;
}

function importsOf(parts: readonly string[]): string {
  const functional = parts.some((part) => /\bF\./.test(part));
  const grads = parts.some((part) => /\btorch\.nn\.grad\b/.test(part));
  return [
    "import argparse",
    "import json",
    "import math",
    "import os",
    "import re",
    "import struct",
    "import sys",
    "import time",
    "",
    "import torch",
    "import torch.distributed as dist",
    ...(functional ? ["import torch.nn.functional as F"] : []),
    ...(grads ? ["import torch.nn.grad"] : []),
    "from torch import nn",
    "from torch.nn.parallel import DistributedDataParallel",
  ].join("\n");
}

function attributesOf({ graph }: Trainer): ReadonlyMap<Expr, string> {
  const namer = new Namer(moduleAttributes);
  const out = new Map<Expr, string>();
  for (const { path, node } of graph.training.kept.values()) out.set(node, namer.fresh(path));
  const { key } = graph.training;
  if (key !== undefined) out.set(key, namer.fresh("randomness"));
  return out;
}

function modelClass(writing: Writing): string {
  const { trainer, attributes } = writing;
  const { graph } = trainer;
  const made = [...attributes].flatMap(([node, name]) => {
    const known = [...graph.training.kept.values()].find((kept) => kept.node === node);
    const empty = `torch.zeros(${tupleText(node.shape)}, dtype=${torchType(node.dtype)})`;
    const path = known === undefined || known.path === name ? "" : `  # ${commentText(known.path)}`;
    return known?.kind === "parameter" && isFloat(node.dtype)
      ? [`self.${name} = nn.Parameter(${empty})${path}`]
      : [`self.register_buffer(${stringText(name)}, ${empty})${path}`];
  });
  const same = sameGraph(trainer);
  const inputs = Object.keys(graph.inputs);
  const methods = same
    ? [method(writing, "forward", true)]
    : [dispatch(writing), method(writing, "train_on", true), method(writing, "predict", false)];
  const told = inputs.map((name) => {
    const node = graph.inputs[name] as Expr;
    return `${commentText(name)} ${commentText(formatShape(node.shape))}`;
  });
  const results = Object.entries(namedFlow("output", graph.prediction.output)).map(
    ([name, node]) => `${commentText(name)} ${commentText(formatShape(node.shape))}`,
  );
  return [
    "class Model(nn.Module):",
    indent(`"""${told.join(", ")} -> ${results.join(", ")}"""`),
    "",
    "    def __init__(self):",
    ...["super().__init__()", ...made].map(indent).map(indent),
    "",
    methods.join("\n\n"),
  ].join("\n");
}

/** Whether training and prediction are the same function: no dropout, no running statistics. */
function sameGraph({ graph: { training, prediction } }: Trainer): boolean {
  const trained = Object.values(namedFlow("output", training.output));
  const predicted = Object.values(namedFlow("output", prediction.output));
  return training.updates.size === 0 && trained.every((node, i) => node === predicted[i]);
}

function inputNames({ trainer: { graph } }: Writing, namer: Namer): Map<Expr, string> {
  return new Map(Object.entries(graph.inputs).map(([name, node]) => [node, namer.fresh(name)]));
}

function dispatch(writing: Writing): string {
  const names = [...inputNames(writing, new Namer(["self"])).values()].join(", ");
  return [
    `def forward(self, ${names}):`,
    `    return self.train_on(${names}) if self.training else self.predict(${names})`,
  ]
    .map(indent)
    .join("\n");
}

function method(writing: Writing, name: string, training: boolean): string {
  const { trainer, module, attributes } = writing;
  const { graph } = trainer;
  const model = training ? graph.training : graph.prediction;
  const namer = module.namer.inner();
  const inputs = inputNames(writing, namer);
  const signature = signatureOf(inputs, namer);
  const given = new Map(signature.given);
  for (const [node, attribute] of attributes) given.set(node, `self.${attribute}`);
  const key = training ? model.key : undefined;
  const before: string[] = [];
  if (key !== undefined) {
    module.helpers.add("per_process");
    given.set(key, namer.fresh("key"));
    before.push(`${given.get(key)} = per_process(self.${attributes.get(key)})`);
  }
  const outputs = Object.values(namedFlow("output", model.output));
  const states = training ? [...model.updates] : [];
  const common = { module, namer, sizes: signature.sizes, device: "device" };
  const body = writeBody([...outputs, ...states.map(([, next]) => next)], {
    ...common,
    given,
    names: layerNames(trainer, training),
    scopes: model.scopes,
  });
  const kept = states.map(
    ([state], i) => `self.${attributes.get(state)}.copy_(${body.outputs[outputs.length + i]})`,
  );
  const random = key === undefined ? undefined : nextKey(writing, key, common);
  const after =
    kept.length === 0 && random === undefined
      ? []
      : [
          "",
          "with torch.no_grad():",
          ...[...kept, ...(random?.lines ?? []), ...(random?.outputs ?? [])].map(indent),
        ];
  const lines = [...body.lines, ...after];
  const results = body.outputs.slice(0, outputs.length);
  const [first] = inputs.values();
  return [
    `def ${name}(${["self", ...inputs.values()].join(", ")}):`,
    ...[
      ...signature.prologue(lines, `${first}.device`),
      ...before,
      ...lines,
      `return ${results.length === 1 ? results[0] : tupleText(results)}`,
    ].map(indent),
  ]
    .map(indent)
    .join("\n");
}

/** The line that replaces the key all masks are drawn from: the step's own update, without its guard. */
function nextKey(
  { trainer, attributes }: Writing,
  key: Expr,
  common: Omit<Parameters<typeof writeBody>[1], "given">,
): Body {
  const own = `self.${attributes.get(key)}`;
  const { lines, outputs } = writeBody([trainer.program.updates.get(key) as Expr], {
    ...common,
    given: new Map([[key, own]]),
  });
  return { lines, outputs: [`${own}.copy_(${outputs[0]})`] };
}

/** The last node of every layer bears its name. */
function layerNames({ graph }: Trainer, training: boolean): ReadonlyMap<Expr, string> {
  const model = training ? graph.training : graph.prediction;
  const names = new Map<Expr, string>();
  for (const { path, outputs } of model.used) {
    const last = path.split(".").at(-1);
    if (outputs.length !== 1 || last === undefined || last === "") continue;
    const [node] = outputs as readonly [Expr];
    if (!names.has(node)) names.set(node, last);
  }
  for (const [path, node] of model.taps) names.set(node, path.split(".").at(-1) ?? path);
  return names;
}

/** Outputs of the training graph and the target, as arguments of a function. */
function outcome({ trainer, module }: Writing): {
  readonly namer: Namer;
  readonly given: ReadonlyMap<Expr, string>;
  readonly unpack: readonly string[];
} {
  const { graph } = trainer;
  const namer = new Namer([...helperNames, ...runtimeNames(), ...module.constants.values()]);
  const outputs = Object.entries(namedFlow("output", graph.training.output));
  const given = new Map<Expr, string>();
  for (const [name, node] of outputs) {
    if (!given.has(node)) given.set(node, outputs.length === 1 ? "output" : namer.fresh(name));
  }
  given.set(graph.target, "target");
  const names = outputs.map(([, node]) => given.get(node) as string);
  return { namer, given, unpack: outputs.length === 1 ? [] : [`${names.join(", ")} = output`] };
}

function lossFunction(writing: Writing): string {
  const { namer, given, unpack } = outcome(writing);
  const signature = signatureOf(given, namer);
  const { loss } = writing.trainer.graph;
  const { lines, outputs } = writeBody([loss], {
    module: writing.module,
    namer,
    given,
    sizes: signature.sizes,
    device: "device",
  });
  const [first] = given.values();
  const all = [...lines, `return ${outputs[0]}`];
  return [
    "def loss(output, target):",
    ...[
      `"""The mean over the examples of a batch, as one number."""`,
      ...unpack,
      ...signature.prologue(all, `${first}.device`),
      ...all,
    ].map(indent),
  ].join("\n");
}

function metricsFunction(writing: Writing): string {
  const { graph } = writing.trainer;
  const names = Object.keys(graph.metrics);
  const { namer, given, unpack } = outcome(writing);
  const signature = signatureOf(given, namer);
  const totals = names.map((name) => graph.program.definitions[`metric ${name}`] as Expr);
  const { lines, outputs } = writeBody(totals, {
    module: writing.module,
    namer,
    given,
    sizes: signature.sizes,
    device: "device",
  });
  const results = names.map((name, i) => `${stringText(name)}: ${outputs[i]},`);
  const [first] = given.values();
  const all = [
    ...lines,
    ...(names.length === 0 ? ["return {}"] : ["return {", ...results.map(indent), "}"]),
  ];
  return [
    "def metrics(output, target):",
    ...[
      `"""Totals over the examples of a batch, which add up over batches and processes."""`,
      ...(names.length === 0 ? [] : unpack),
      ...signature.prologue(all, `${first}.device`),
      ...all,
    ].map(indent),
  ].join("\n");
}
