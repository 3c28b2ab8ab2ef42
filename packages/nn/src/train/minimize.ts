import { ArgumentError, type Bindable, type Expr } from "@chainrule/core";
import {
  type LbfgsOptions,
  type LbfgsResult,
  type LbfgsState,
  lbfgsSteps,
  objectiveOf,
} from "../optimizers/index.ts";
import { type Examples, tableOf } from "./examples.ts";
import type { Trainer } from "./trainer.ts";

/**
 * L-BFGS on all examples at once, in place of the trainer's own optimizer: for small networks and smooth losses,
 * where it needs few steps.
 *
 * Yields after every step, with the parameters written into the trainer, and returns the end. The model is that of
 * training; running statistics and the count of steps stay as they are.
 * Throws ArgumentError for a model whose training is random (dropout): a line search needs one loss.
 */
export function* minimize<M extends string>(
  trainer: Trainer<M>,
  examples: Examples,
  options: LbfgsOptions = {},
): Generator<LbfgsState, LbfgsResult, undefined> {
  const { graph } = trainer;
  if (graph.training.key !== undefined) {
    throw new ArgumentError(
      "minimize: training must not be random, got a model with dropout or noise",
    );
  }
  const { tensors } = tableOf("minimize", graph, examples);
  const data = new Map<Expr, Bindable>();
  for (const [name, tensor] of Object.entries(tensors)) {
    data.set(graph.program.variables[name] as Expr, tensor);
  }
  const parameters = graph.trained.map(({ kept }) => kept.node);
  const paths = graph.trained.map(({ kept }) => kept.path);
  for (const { node, name } of graph.held) {
    if (parameters.includes(node)) continue;
    const elements = trainer.read(name);
    data.set(node, node.shape.length === 0 ? (elements[0] as number) : elements);
  }
  const { objective, pack, unpack } = objectiveOf(graph.loss, parameters, data);
  const write = (flat: Float64Array): void => {
    for (const [i, value] of unpack(flat).entries()) trainer.set(paths[i] as string, value);
  };
  const start = pack(paths.map((path) => trainer.get(path)));
  const steps = lbfgsSteps(objective, start, options);
  for (let next = steps.next(); ; next = steps.next()) {
    write(next.value.parameters);
    if (next.done === true) return next.value;
    yield next.value;
  }
}
