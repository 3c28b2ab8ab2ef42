import type { DType, Expr, Shape } from "@chainrule/core";
import type { Metric } from "../metrics/index.ts";
import type { Flow } from "../model/index.ts";
import type { GradientTransform, Optimizer } from "../optimizers/index.ts";
import type { Select } from "../options/index.ts";
import type { Engine } from "./runner.ts";

/** Shape of an input, its first axis a name such as `"batch"`; with an element type where it holds indices. */
export type InputSpec = Shape | { readonly shape: Shape; readonly dtype: DType };

/** Parameters that lower a loss of their own, such as those of one player of a game. */
export interface Player<O extends Flow = Flow> {
  readonly parameters: Select;
  readonly loss: (output: O, target: Expr) => Expr;
}

/** Options of `trainer`: M are the names of the loss's own metrics, K those of further ones. */
export interface TrainerOptions<
  O extends Flow = Expr,
  M extends string = never,
  K extends string = M,
> {
  /** Shape of the input, or of several by name. */
  readonly input: InputSpec | Readonly<Record<string, InputSpec>>;
  readonly loss: ((output: O, target: Expr) => Expr) & {
    readonly metrics?: Readonly<Record<M, Metric>>;
  };
  readonly optimizer: Optimizer;
  /** A whole number that all randomness follows from. */
  readonly seed?: number;
  /** What is measured beside the loss and the loss's own metrics. */
  readonly metrics?: Readonly<Record<K, Metric>>;
  /** Shape of the targets; what the loss says unless given. */
  readonly target?: InputSpec;
  /** Element type of parameters and float inputs; f64 unless given. */
  readonly dtype?: "f64" | "f32";
  /** Parameters that stay as they are. */
  readonly frozen?: Select | readonly Select[];
  /** Parameters with a loss of their own; the first that fits counts. */
  readonly players?: readonly Player<O>[];
  /** A change of the gradients of each loss before the optimizer, such as `clipByGlobalNorm(1)`. */
  readonly clip?: GradientTransform;
  readonly engine?: Engine;
}

/** Shape and element type; floats have the type of the model. */
export function typeOfSpec(
  spec: InputSpec,
  dtype: "f64" | "f32",
): { readonly shape: Shape; readonly dtype: DType } {
  if (!("shape" in spec)) return { shape: spec, dtype };
  return { shape: spec.shape, dtype: spec.dtype === "f64" ? dtype : spec.dtype };
}

/** Whether inputs are given by name. */
export function isNamed(
  input: TrainerOptions["input"],
): input is Readonly<Record<string, InputSpec>> {
  return !Array.isArray(input) && !("shape" in input && Array.isArray(input["shape"]));
}
