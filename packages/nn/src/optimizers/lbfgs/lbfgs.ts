import { ArgumentError, describe } from "@chainrule/core";
import { checkSetting } from "../defineOptimizer.ts";
import { Curvature } from "./curvature.ts";
import { type LinePoint, strongWolfe } from "./lineSearch.ts";
import { absoluteSum, along, dot, largest } from "./vectors.ts";

/** A loss and its gradient, at all parameters in one list. */
export type Objective = (parameters: Float64Array) => {
  readonly loss: number;
  readonly gradient: ArrayLike<number>;
};

/** Settings of L-BFGS. */
export interface LbfgsOptions {
  /** How many steps stand for the curvature; 10 by default. */
  readonly history?: number;
  /** The first length tried in every step; 1 by default, as quasi-Newton directions have a length. */
  readonly rate?: number;
  /** `strongWolfe` (default) seeks a length for every step, `none` takes the rate. */
  readonly lineSearch?: "strongWolfe" | "none";
  /** c₁ of the Wolfe conditions; 1e-4 by default. */
  readonly decrease?: number;
  /** c₂ of the Wolfe conditions; 0.9 by default. */
  readonly curvature?: number;
  /** Points tried in a line search; 25 by default. */
  readonly searchEvaluations?: number;
  /** Steps at most; 100 by default. */
  readonly iterations?: number;
  /** Evaluations of the objective at most, checked between steps; no limit by default. */
  readonly evaluations?: number;
  /** The end is reached where no element of the gradient is larger; 1e-7 by default. */
  readonly gradientTolerance?: number;
  /** The end is reached where neither parameters nor loss change by more; 1e-12 by default. */
  readonly changeTolerance?: number;
}

/** Why a minimisation ended. */
export type LbfgsReason = "gradient" | "change" | "iterations" | "evaluations" | "lineSearch";

/** Where a minimisation stands. */
export interface LbfgsState {
  readonly parameters: Float64Array;
  readonly loss: number;
  readonly gradient: Float64Array;
  /** Steps made. */
  readonly iteration: number;
  /** Evaluations of the objective. */
  readonly evaluations: number;
  /** How far the last step went along its direction; 0 before the first. */
  readonly length: number;
}

/** Where it ended, and why. */
export interface LbfgsResult extends LbfgsState {
  readonly reason: LbfgsReason;
  /** Whether a tolerance was met. */
  readonly converged: boolean;
}

interface Point extends LinePoint {
  readonly parameters: Float64Array;
  readonly gradient: Float64Array;
}

/**
 * L-BFGS step by step: `θ ← θ − a H g`, with H the inverse Hessian as the last steps show it.
 *
 * Yields after every step, so that the caller may show, stop, or let a page breathe; returns the end.
 * Throws ArgumentError for settings out of range, or a loss that is not finite at the start.
 * Source: Nocedal & Wright, "Numerical optimization", algorithm 7.5; the first step's length
 * `min(1, 1 / ‖g‖₁)` as in PyTorch's `LBFGS`.
 */
export function* lbfgsSteps(
  objective: Objective,
  start: ArrayLike<number>,
  options: LbfgsOptions = {},
): Generator<LbfgsState, LbfgsResult, void> {
  const settings = complete(options);
  let evaluations = 0;
  const measure = (parameters: Float64Array, at: number, direction?: Float64Array): Point => {
    evaluations++;
    const { loss, gradient: given } = objective(parameters);
    const gradient = Float64Array.from(given);
    checkGradient(gradient, parameters);
    const slope = direction === undefined ? 0 : dot(gradient, direction);
    return { parameters, gradient, loss, at, slope };
  };
  let now = measure(Float64Array.from(start), 0);
  if (!Number.isFinite(now.loss) || !Number.isFinite(largest(now.gradient))) {
    throw new ArgumentError(
      `lbfgs: the loss and its gradient must be finite at the start, got ${now.loss}`,
    );
  }
  const curvature = new Curvature(settings.history);
  let iteration = 0;
  const state = (): LbfgsState => {
    const { parameters, loss, gradient, at: length } = now;
    return { parameters, loss, gradient, iteration, evaluations, length };
  };
  const end = (reason: LbfgsReason): LbfgsResult => ({
    ...state(),
    reason,
    converged: reason === "gradient" || reason === "change",
  });
  while (true) {
    if (largest(now.gradient) <= settings.gradientTolerance) return end("gradient");
    if (iteration >= settings.iterations) return end("iterations");
    if (evaluations >= settings.evaluations) return end("evaluations");
    const direction = curvature.direction(now.gradient);
    const slope = dot(now.gradient, direction);
    // Nothing is left to gain along the direction, as far as doubles tell.
    if (slope > -settings.changeTolerance) return end("change");
    const first = curvature.empty
      ? Math.min(1, 1 / absoluteSum(now.gradient)) * settings.rate
      : settings.rate;
    const from = now;
    const at = (length: number): Point =>
      measure(along(from.parameters, length, direction), length, direction);
    const next =
      settings.lineSearch === "none"
        ? at(first)
        : strongWolfe({ at: 0, loss: from.loss, slope }, first, at, {
            decrease: settings.decrease,
            curvature: settings.curvature,
            evaluations: settings.searchEvaluations,
          });
    if (next === undefined) {
      // A direction from stale curvature may fail where the steepest descent does not.
      if (curvature.empty) return end("lineSearch");
      curvature.clear();
      continue;
    }
    if (!Number.isFinite(next.loss)) return end("lineSearch");
    iteration++;
    now = next;
    const step = along(next.parameters, -1, from.parameters);
    curvature.add(step, along(next.gradient, -1, from.gradient));
    yield state();
    if (largest(step) <= settings.changeTolerance) return end("change");
    if (Math.abs(next.loss - from.loss) < settings.changeTolerance) return end("change");
  }
}

/** L-BFGS to its end; see `lbfgsSteps`. */
export function lbfgs(
  objective: Objective,
  start: ArrayLike<number>,
  options: LbfgsOptions = {},
): LbfgsResult {
  const steps = lbfgsSteps(objective, start, options);
  let next = steps.next();
  while (next.done !== true) next = steps.next();
  return next.value;
}

function complete(options: LbfgsOptions): Required<LbfgsOptions> {
  const settings: Required<LbfgsOptions> = {
    history: 10,
    rate: 1,
    lineSearch: "strongWolfe",
    decrease: 1e-4,
    curvature: 0.9,
    searchEvaluations: 25,
    iterations: 100,
    evaluations: Number.POSITIVE_INFINITY,
    gradientTolerance: 1e-7,
    changeTolerance: 1e-12,
    ...options,
  };
  const { lineSearch, ...numbers } = settings;
  for (const [name, value] of Object.entries(numbers)) {
    if (name !== "evaluations") checkSetting("lbfgs", name, value);
  }
  if (!(settings.rate > 0)) {
    throw new ArgumentError(`lbfgs: rate must be > 0, got ${describe(settings.rate)}`);
  }
  if (!(settings.decrease < settings.curvature && settings.curvature < 1)) {
    throw new ArgumentError(
      `lbfgs: there must hold decrease < curvature < 1, got ${settings.decrease} and ${settings.curvature}`,
    );
  }
  if (lineSearch !== "strongWolfe" && lineSearch !== "none") {
    throw new ArgumentError(
      `lbfgs: lineSearch must be "strongWolfe" or "none", got ${describe(lineSearch)}`,
    );
  }
  return settings;
}

function checkGradient(gradient: Float64Array, parameters: Float64Array): void {
  if (gradient.length === parameters.length) return;
  throw new ArgumentError(
    `lbfgs: the gradient must have an element per parameter (${parameters.length}), got ${gradient.length}`,
  );
}
