import { type Expr, formatShape, isFloat } from "@chainrule/core";
import { namedFlow, type Trainer } from "@chainrule/nn";
import { type Body, type ModuleParts, writeBody } from "./body.ts";
import { commentText, stringText, torchType, tupleText } from "./literals.ts";
import { Namer } from "./names.ts";
import { indent } from "./programModule.ts";
import { signatureOf } from "./signature.ts";

/** What the parts of a training module are written from. */
export interface Writing {
  readonly trainer: Trainer;
  readonly module: ModuleParts;
  /** The attribute of the model that holds each parameter and state, by its node. */
  readonly attributes: ReadonlyMap<Expr, string>;
}

/** The model as a class of PyTorch. */
export function modelClass(writing: Writing): string {
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
