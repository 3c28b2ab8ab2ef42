import { ArgumentError, type Expr, formatShape } from "@chainrule/core";
import { namedFlow, type Trainer } from "@chainrule/nn";
import { type ModuleParts, writeBody } from "./body.ts";
import { helperNames, helperSources } from "./helpers.ts";
import { commentText, listText, stringText, torchType } from "./literals.ts";
import { modelClass, type Writing } from "./modelClass.ts";
import { moduleAttributes, Namer } from "./names.ts";
import { nodesUpTo } from "./nodesUpTo.ts";
import { indent, type TorchOptions } from "./programModule.ts";
import { runtime } from "./runtime.ts";
import { signatureOf } from "./signature.ts";
import { tableText } from "./tableText.ts";
import { updateRules } from "./updateRules.ts";

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
