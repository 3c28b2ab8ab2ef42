import {
  ArgumentError,
  add,
  allocate,
  type DType,
  type Expr,
  equal,
  formatShape,
  grad,
  isFloat,
  leavesOf,
  mul,
  Program,
  parameter,
  sum,
  type TypedArray,
  variable,
  where,
} from "@chainrule/core";
import { foldIn } from "@chainrule/core/random";
import type { Loss } from "../losses/index.ts";
import type { Metric } from "../metrics/index.ts";
import {
  build,
  type Flow,
  type Kept,
  type LayerLike,
  type Model,
  Registry,
} from "../model/index.ts";
import { rateAt } from "../optimizers/index.ts";
import { random } from "../random/index.ts";
import { type HostInput, hostInputs } from "../schedules/index.ts";
import { metricsOf } from "./metricsOf.ts";
import { isNamed, isSelected, type TrainerOptions, typeOfSpec } from "./options.ts";

/** A value that steps of training replace, or that the host sets between them. */
export interface Held {
  /** Its name in the program and in checkpoints. */
  readonly name: string;
  readonly node: Expr;
  readonly initial: () => TypedArray;
}

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

/** A number in the program that the host drives, such as the factor of a plateau. */
export interface Host {
  readonly name: string;
  readonly host: HostInput;
}

/** A parameter that is trained, and how. */
export interface Trained {
  readonly kept: Kept;
  readonly loss: Expr;
  readonly gradient: Expr;
}

/** Names in a step's program that are no parameter's. */
export const names = {
  target: "target",
  step: "step",
  host: "host",
  randomness: "randomness",
  finite: "finite",
  metric: "metric ",
} as const;

/** Builds forward pass, loss, gradients, optimizer and metrics as one program. */
export function trainingStep(
  recipe: LayerLike<Flow, Flow>,
  options: TrainerOptions<Flow>,
): TrainingStep {
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
  const parts = updatesOf(training, trained, options, loss);
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
  const first = Object.values(isExpr(output) ? [output] : output)[0] as Expr;
  const type = targetType?.(first) ?? first;
  return variable(names.target, type.shape, type.dtype);
}

function isExpr(flow: Flow): flow is Expr {
  return "op" in flow && "args" in flow;
}

function scalarLoss(loss: TrainerOptions<Flow>["loss"], output: Flow, target: Expr): Expr {
  const value = loss(output, target);
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
  const chosen = [...model.kept.values()]
    .filter(({ kind }) => kind === "parameter")
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

interface UpdateParts {
  readonly updates: ReadonlyMap<Expr, Expr>;
  readonly held: readonly Held[];
  readonly hosts: readonly Host[];
  readonly finite: Expr;
}

/** What replaces every state: nothing changes in a step whose loss or new parameters are not finite. */
function updatesOf(
  model: Model<Flow, Flow>,
  trained: readonly Trained[],
  { optimizer, seed = 0 }: TrainerOptions<Flow>,
  loss: Expr,
): UpdateParts {
  const held: Held[] = [];
  const next = new Map<Expr, Expr>();
  const hold = (name: string, shape: readonly number[], dtype: DType, initial: number): Expr => {
    const node = parameter(name, shape, dtype);
    const count = shape.reduce((product, size) => product * size, 1);
    held.push({ name, node, initial: () => filled(dtype, count, initial) });
    return node;
  };
  for (const { path, node, initial } of model.kept.values()) {
    held.push({ name: path, node, initial });
  }
  const step = hold(names.step, [], "f64", 0);
  next.set(step, add(step, 1));
  for (const { kept, gradient } of trained) {
    const { node, path, dtype, shape } = kept;
    const slots = Object.fromEntries(
      Object.entries(optimizer.slots(node)).map(([name, slot]) => {
        const sizes = (slot.shape ?? shape) as readonly number[];
        return [name, hold(`${optimizer.name} ${name} ${path}`, sizes, dtype, slot.initial)];
      }),
    );
    const rate = rateAt(optimizer, step, dtype);
    const update = optimizer.update({ parameter: node, gradient, slots, step, rate });
    next.set(node, update.next);
    for (const [name, slot] of Object.entries(slots)) next.set(slot, update.slots[name] as Expr);
  }
  for (const [state, value] of model.updates) next.set(state, value);
  const finite = isFiniteStep(loss, trained, next);
  const updates = new Map<Expr, Expr>();
  for (const [state, value] of next) {
    if (value !== state) updates.set(state, where(finite, value, state));
  }
  if (model.key !== undefined) {
    const words = random(seed, "steps").state;
    held.push({
      name: names.randomness,
      node: model.key,
      initial: () => Int32Array.from(words.slice(0, 2)),
    });
    updates.set(model.key, foldIn(model.key, RESERVED));
  }
  const hosts = (optimizer.hosts ?? hostInputs(optimizer.rate)).map((host, i) => ({
    name: `${names.host} ${i + 1}`,
    host,
  }));
  for (const { name, host } of hosts) {
    held.push({ name, node: host.input, initial: () => Float64Array.of(host.value()) });
  }
  return { updates, held, hosts, finite };
}

function filled(dtype: DType, count: number, value: number): TypedArray {
  return allocate(dtype, count).fill(value);
}

/** A number that no draw of a model folds into its key: they count from 0. */
const RESERVED = -1;

/** `0 · x` is 0 for every finite x, and NaN for all others. */
function isFiniteStep(
  loss: Expr,
  trained: readonly Trained[],
  next: ReadonlyMap<Expr, Expr>,
): Expr {
  const zeros = trained.map(({ kept }) => sum(mul(next.get(kept.node) as Expr, 0)));
  return equal(
    zeros.reduce((total, one) => add(total, one), mul(loss, 0)),
    0,
  );
}
