import {
  ArgumentError,
  describe,
  Expr,
  formatShape,
  grad,
  isFloat,
  leavesOf,
  Program,
  variable,
} from "@chainrule/core";
import type { Loss } from "../losses/index.ts";
import type { Metric } from "../metrics/index.ts";
import { build, type Flow, type LayerLike, type Model, Registry } from "../model/index.ts";
import { isSelected, selectAny } from "../options/index.ts";
import { checkTrainer } from "./checkTrainer.ts";
import { metricsOf } from "./metricsOf.ts";
import { isNamed, type TrainerOptions, typeOfSpec } from "./options.ts";
import { type Held, type Host, names, stepUpdates, type Trained } from "./stepUpdates.ts";

/** A step of training as a graph, and the graph for prediction that shares its parameters. */
export interface TrainingStep {
  readonly program: Program;
  readonly training: Model<Flow, Flow>;
  readonly prediction: Model<Flow, Flow>;
  /** Inputs of the model by name, then the target. */
  readonly inputs: Readonly<Record<string, Expr>>;
  readonly target: Expr;
  /** Whether a loss or a metric depends on the target. */
  readonly usesTarget: boolean;
  readonly loss: Expr;
  readonly predictedLoss: Expr;
  /** What the loss says about numbers that it does not take. */
  readonly problem: NonNullable<Loss["problem"]>;
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly trained: readonly Trained[];
  /** Parameters, running statistics, slots of the optimizer, step count: all that a checkpoint holds. */
  readonly held: readonly Held[];
  readonly hosts: readonly Host[];
}

/** Builds forward pass, loss, gradients, optimizer and metrics as one program. */
export function trainingStep(
  recipe: LayerLike<Flow, Flow>,
  options: TrainerOptions<Flow>,
): TrainingStep {
  checkTrainer(options);
  const dtype = options.dtype ?? "f64";
  const registry = new Registry(options.seed);
  const { flow, inputs } = inputsOf(options, dtype);
  const training = build(recipe, flow, { registry, training: true, dtype });
  const prediction = build(recipe, flow, { registry, dtype });
  const target = targetOf(training.output, options, dtype);
  const loss = scalarLoss(options.loss, training.output, target);
  const predictedLoss = scalarLoss(options.loss, prediction.output, target);
  const trained = trainedOf(training, loss, target, options);
  const metrics = metricsOf(options.loss.metrics, options.metrics);
  const parts = stepUpdates(training, trained, options, loss);
  const definitions: Record<string, Expr> = { loss, [names.finite]: parts.finite };
  for (const [name, metric] of Object.entries(metrics)) {
    definitions[names.metric + name] = metric.totals(training.output as Expr, target);
  }
  const roots = [...Object.values(definitions), ...trained.map((one) => one.loss)];
  const usesTarget = leavesOf(roots).includes(target);
  const variables: Record<string, Expr> = { ...inputs };
  if (usesTarget) variables[names.target] = target;
  for (const { name, node } of parts.held) variables[name] = node;
  const program = new Program({
    variables,
    definitions,
    result: loss,
    scopes: training.scopes,
    updates: parts.updates,
  });
  return {
    program,
    training,
    prediction,
    inputs,
    target,
    usesTarget,
    loss,
    predictedLoss,
    problem: (values) => (options.loss as Loss).problem?.(values),
    metrics,
    trained,
    held: parts.held,
    hosts: parts.hosts,
  };
}

function inputsOf(
  { input }: TrainerOptions<Flow>,
  dtype: "f64" | "f32",
): { readonly flow: Flow; readonly inputs: Readonly<Record<string, Expr>> } {
  if (!isNamed(input)) {
    const { shape, dtype: own } = typeOfSpec(input, dtype);
    const node = variable("input", shape, own);
    return { flow: node, inputs: { input: node } };
  }
  const inputs = Object.fromEntries(
    Object.entries(input).map(([name, spec]) => {
      const { shape, dtype: own } = typeOfSpec(spec, dtype);
      return [name, variable(name, shape, own)];
    }),
  );
  return { flow: inputs, inputs };
}

function targetOf(output: Flow, options: TrainerOptions<Flow>, dtype: "f64" | "f32"): Expr {
  const { loss, target } = options;
  if (target !== undefined) {
    const type = typeOfSpec(target, dtype);
    return variable(names.target, type.shape, type.dtype);
  }
  const { targetType } = loss as Loss;
  const first = Object.values(output instanceof Expr ? [output] : output)[0] as Expr;
  const type = targetType?.(first) ?? first;
  return variable(names.target, type.shape, type.dtype);
}

function scalarLoss(loss: TrainerOptions<Flow>["loss"], output: Flow, target: Expr): Expr {
  const value: unknown = loss(output, target);
  if (!(value instanceof Expr)) {
    throw new ArgumentError(`trainer: the loss must give an expression, got ${describe(value)}`);
  }
  if (value.shape.length > 0 || !isFloat(value.dtype)) {
    throw new ArgumentError(
      `trainer: the loss must be one number, got ${value.dtype}${formatShape(value.shape)}; reduce it by mean or sum`,
    );
  }
  return value;
}

/** The parameters that are trained, with the gradients of their losses. */
function trainedOf(
  model: Model<Flow, Flow>,
  loss: Expr,
  target: Expr,
  options: TrainerOptions<Flow>,
): readonly Trained[] {
  const frozen = [options.frozen ?? []].flat();
  const { players = [], clip = (gradients) => gradients } = options;
  const all = [...model.kept.values()].filter(({ kind }) => kind === "parameter");
  const paths = all.map(({ path }) => path);
  for (const select of frozen) selectAny("trainer: frozen", select, paths);
  for (const one of players) selectAny("trainer: parameters of players", one.parameters, paths);
  const chosen = all
    .filter(({ path }) => !frozen.some((select) => isSelected(select, path)))
    .map((kept) => ({
      kept,
      player: players.find(({ parameters }) => isSelected(parameters, kept.path)),
    }));
  return [undefined, ...players].flatMap((one) => {
    const own = chosen.filter(({ player }) => player === one).map(({ kept }) => kept);
    if (own.length === 0) return [];
    const value = one === undefined ? loss : scalarLoss(one.loss, model.output, target);
    const nodes = own.map(({ node }) => node);
    const gradients = clip(grad(value, nodes));
    return own.map((kept, i) => ({ kept, loss: value, gradient: gradients[i] as Expr }));
  });
}
