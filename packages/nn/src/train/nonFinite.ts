import {
  ArgumentError,
  type Bindable,
  backprop,
  ChainruleError,
  EvaluationError,
  Expr,
  evaluate,
  Tensor,
  topological,
  why,
} from "@chainrule/core";
import { nonFiniteRow, type Table } from "./examples.ts";
import type { TrainingStep } from "./trainingStep.ts";

/** Training that cannot go on: the loss or an update is NaN or ∞. The weights are those of the last good step. */
export class NonFiniteError extends ChainruleError {
  override readonly name = "NonFiniteError";
  /** Epoch and batch, from 1; undefined in a loop of one's own over `step`. */
  readonly epoch: number | undefined;
  readonly batch: number | undefined;

  constructor(message: string, epoch: number | undefined, batch: number | undefined) {
    super(message);
    this.epoch = epoch;
    this.batch = batch;
  }
}

/** The loss's own sentence about outputs or targets that it does not take, such as logits for probabilities. */
function refusedByLoss(
  { training, target, problem }: TrainingStep,
  bindings: ReadonlyMap<Expr, Bindable>,
): string | undefined {
  const { output } = training;
  if (!(output instanceof Expr)) return undefined;
  const [found, wanted] = evaluate([output, target], bindings);
  if (!(found instanceof Tensor && wanted instanceof Tensor)) return undefined;
  return problem({ target: wanted, output: found });
}

/** The error of a step that could not be computed: in the loss's words, where it has some for these numbers. */
export function refusedStep(
  step: TrainingStep,
  bindings: ReadonlyMap<Expr, Bindable>,
  error: unknown,
): unknown {
  if (!(error instanceof EvaluationError)) return error;
  let refused: string | undefined;
  try {
    refused = refusedByLoss(step, bindings);
  } catch {
    // The model itself cannot be computed, so the loss has not been asked.
  }
  if (refused !== undefined) return new ArgumentError(`step: ${refused}`);
  return namedLayer(error, [step.loss], step.training.scopes, bindings);
}

/** An error of evaluation with the layer that it happened in, such as that of a token out of range. */
export function namedLayer(
  error: unknown,
  outputs: readonly Expr[],
  scopes: ReadonlyMap<Expr, readonly string[]>,
  bindings: ReadonlyMap<Expr, Bindable>,
): unknown {
  if (!(error instanceof EvaluationError)) return error;
  const op = error.message.split(":", 1)[0];
  const suspects = topological(outputs).nodes.filter((node) => node.op.name === op);
  const node = suspects.find((suspect) => fails(suspect, bindings));
  const scope = node && scopes.get(node)?.join(".");
  if (scope === undefined || scope === "") return error;
  return new EvaluationError(`${error.message} in layer ${scope}`);
}

function fails(node: Expr, bindings: ReadonlyMap<Expr, Bindable>): boolean {
  try {
    evaluate(node, bindings);
    return false;
  } catch {
    return true;
  }
}

/** The error of a step whose loss or new weights are not finite. */
export function nonFiniteStep(
  step: TrainingStep,
  tensors: Table["tensors"],
  bindings: ReadonlyMap<Expr, Bindable>,
  loss: unknown,
  place: { readonly epoch: number; readonly batch: number | undefined } | undefined,
): NonFiniteError {
  const where = place === undefined ? "" : ` in epoch ${place.epoch}, batch ${place.batch}`;
  const row = nonFiniteRow(tensors);
  const sentence =
    row === undefined ? explainNonFinite(step, bindings) : `the data: ${row}; clean the data first`;
  return new NonFiniteError(
    `step: loss and new weights must be finite, got loss ${loss}${where} from ${sentence}; the weights are those of the step before`,
    place?.epoch,
    place?.batch,
  );
}

/** What made a step fail, in one sentence: the first node that is not finite, else the path of a gradient. */
function explainNonFinite(step: TrainingStep, bindings: ReadonlyMap<Expr, Bindable>): string {
  const { loss, trained, training } = step;
  const refused = refusedByLoss(step, bindings);
  if (refused !== undefined) return refused;
  const describeNode = (node: Expr): string => {
    const scope = training.scopes.get(node)?.join(".");
    return scope === undefined || scope === "" ? "outside of all layers" : `in layer ${scope}`;
  };
  try {
    evaluate([...new Set([loss, ...trained.map((one) => one.loss)])], bindings, {
      trap: "nonfinite",
      describeNode,
    });
  } catch (error) {
    if (error instanceof EvaluationError) {
      return error.message.replace(/^evaluate: every node must be finite, got /, "");
    }
    throw error;
  }
  for (const { kept, loss: own } of trained) {
    const trace = backprop(own, bindings, { wrt: [kept.node] });
    const { paths, sentences } = why(trace, kept.node, { count: 1 });
    if (paths[0]?.culprit?.effect !== "nonfinite") continue;
    return `the gradient by ${kept.path}: ${sentences[0]}, ${describeNode(paths[0].culprit.user)}`;
  }
  return "the update itself: the learning rate is too large, or a state of the optimizer has overflowed";
}
