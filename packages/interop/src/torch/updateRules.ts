import { type Expr, variable } from "@chainrule/core";
import { rateAt, type Trainer } from "@chainrule/nn";
import { type ModuleParts, writeBody } from "./body.ts";
import { listText, stringText } from "./literals.ts";
import { indent } from "./programModule.ts";

/** The optimizer as functions, and the table that says which weight moves by which. */
export interface UpdateRules {
  readonly functions: readonly string[];
  readonly table: readonly string[];
}

/**
 * The update of every trained weight, written from the optimizer's own graph: weights with the same
 * lines share a function.
 */
export function updateRules(trainer: Trainer, module: ModuleParts): UpdateRules {
  const { optimizer } = trainer.options;
  const known = new Map<string, string>();
  const functions: string[] = [];
  const table: string[] = [];
  for (const { kept } of trainer.graph.trained) {
    const slots = Object.keys(optimizer.slots(kept.node));
    const text = ruleText(trainer, module, kept.node, slots);
    let name = known.get(text);
    if (name === undefined) {
      name = module.namer.fresh(optimizer.name);
      known.set(text, name);
      functions.push(`def ${name}${text}`);
    }
    const held = slots.map((slot) => stringText(`${optimizer.name} ${slot} ${kept.path}`));
    table.push(`${stringText(kept.path)}: (${name}, ${listText(held)}),`);
  }
  return { functions: [...functions, clipping(trainer, module)], table };
}

/** Everything of a rule but its name. */
function ruleText(
  { options: { optimizer } }: Trainer,
  module: ModuleParts,
  parameter: Expr,
  slotNames: readonly string[],
): string {
  const { shape, dtype } = parameter;
  const gradient = variable("gradient", shape, dtype);
  const step = variable("step", [], "f64");
  const slots = Object.fromEntries(
    Object.entries(optimizer.slots(parameter)).map(([name, slot]) => [
      name,
      variable(`slot ${name}`, slot.shape ?? shape, dtype),
    ]),
  );
  const rate = rateAt(optimizer, step, dtype);
  const update = optimizer.update({ parameter, gradient, slots, step, rate });
  const namer = module.namer.inner();
  const given = new Map<Expr, string>([
    [parameter, namer.fresh("weight")],
    [gradient, namer.fresh("gradient")],
    ...slotNames.map((name) => [slots[name] as Expr, namer.fresh(name)] as const),
    [step, namer.fresh("step")],
  ]);
  const next = slotNames.map((name) => update.slots[name] as Expr);
  const { lines, outputs } = writeBody([update.next, ...next], {
    module,
    namer,
    given,
    sizes: new Map(),
    shapes: false,
    device: "weight.device",
  });
  return [
    `(${[...given.values()].join(", ")}):`,
    ...[
      `"""The weight after a step${slotNames.length === 0 ? "" : ", and its states"}."""`,
      ...lines,
      outputs.length === 1 ? `return (${outputs[0]},)` : `return ${outputs.join(", ")}`,
    ].map(indent),
  ].join("\n");
}

/** The change of all gradients before the rules meet them. */
function clipping({ graph, options }: Trainer, module: ModuleParts): string {
  const docstring = `"""The gradients as the rules meet them."""`;
  const { clip } = options;
  if (clip === undefined) {
    return ["def clip(gradients):", ...[docstring, "return gradients"].map(indent)].join("\n");
  }
  const namer = module.namer.inner();
  const names = graph.trained.map(() => namer.fresh("gradient"));
  const nodes = graph.trained.map(({ kept }, i) =>
    variable(`gradient ${i}`, kept.shape, kept.dtype),
  );
  const { lines, outputs } = writeBody(clip(nodes), {
    module,
    namer,
    given: new Map(nodes.map((node, i) => [node, names[i] as string])),
    sizes: new Map(),
    device: "gradients[0].device",
  });
  return [
    "def clip(gradients):",
    ...[
      docstring,
      `${names.length === 1 ? `(${names[0]},)` : names.join(", ")} = gradients`,
      ...lines,
      `return ${listText(outputs)}`,
    ].map(indent),
  ].join("\n");
}
