import {
  apply,
  type Bindings,
  constant,
  type Expr,
  evaluate,
  grad,
  scalar,
  sum,
  Tensor,
  type Value,
} from "@chainrule/core";
import type { Examples, Trainer } from "../train/index.ts";
import { unitAxis } from "./unitAxis.ts";

/** A layer's output on some examples, and what the loss says to it. */
export interface LayerDiagnosis {
  readonly path: string;
  readonly mean: number;
  readonly deviation: number;
  /** Root mean square of the loss's gradient by the output. */
  readonly gradient: number;
  /** Units of a rectifier that are flat for every example. */
  readonly dead?: { readonly units: number; readonly of: number };
  /** Share of outputs of a sigmoid-like function where its slope is below a twentieth of that at 0. */
  readonly saturated?: number;
  /** Of each unit of such functions, the share of examples where it is flat: a rectifier's unit is dead at 1. */
  readonly flat?: readonly number[];
}

/** A parameter, and the size of its gradient. */
export interface ParameterDiagnosis {
  readonly path: string;
  /** Root mean squares. */
  readonly size: number;
  readonly gradient: number;
}

/** What goes on inside a model. */
export interface Diagnosis {
  readonly loss: number;
  readonly layers: readonly LayerDiagnosis[];
  readonly parameters: readonly ParameterDiagnosis[];
  /** Gradient of the first weight over that of the last: far below 1 where gradients vanish, far above where they explode. */
  readonly ratio: number;
  /** What is conspicuous, and what to try; one sentence each. */
  readonly sentences: readonly string[];
}

/** Beyond this factor between first and last layer gradients count as vanishing or exploding. */
const EXTREME = 1e3;

/** A slope below this share of the one at 0 counts as saturated. */
const FLAT = 0.05;

/**
 * Statistics of activations and gradients, layer by layer, on some examples (256 at most), in the training graph.
 *
 * Nothing is changed: running statistics and random keys stay as they are.
 */
export function diagnose<M extends string>(t: Trainer<M>, examples: Examples): Diagnosis {
  const bindings = t.bindings(examples, 256);
  const { training, loss, trained } = t.graph;
  const seen = new Set<Expr>();
  const used = training.used.filter(({ path, outputs: [output] }) => {
    if (path === "" || output === undefined || seen.has(output)) return false;
    seen.add(output);
    return true;
  });
  const outputs = used.map((one) => one.outputs[0] as Expr);
  const floats = outputs.map((output) => output.dtype === "f64" || output.dtype === "f32");
  const wrt = outputs.filter((_, i) => floats[i]);
  const slopes = grad(loss, wrt);
  const slopeOf = new Map(wrt.map((output, i) => [output, slopes[i] as Expr]));
  const flats = outputs.map(flatness);
  const [value, activations, gradients, ownSlopes, sizes, steps] = evaluateGroups(
    [
      [loss],
      outputs,
      outputs.map((output) => slopeOf.get(output) ?? constant(0)),
      flats.map((flat) => flat?.slope ?? constant(0)),
      trained.map(({ kept }) => kept.node),
      trained.map(({ gradient }) => gradient),
    ],
    bindings,
  ) as [Tensor[], Tensor[], Tensor[], Tensor[], Tensor[], Tensor[]];
  const layers = used.map(({ path, outputs: [output] }, i): LayerDiagnosis => {
    const base = {
      path,
      ...moments((activations[i] as Tensor).data),
      gradient: rootMeanSquare((gradients[i] as Tensor).data),
    };
    const flat = flats[i];
    if (flat === undefined) return base;
    const slope = ownSlopes[i] as Tensor;
    // A leaky rectifier passes a little everywhere: it is never dead.
    const least = flat.kind === "rectifies" ? Number.MIN_VALUE : FLAT * flat.steepest;
    const shares = flatShares(slope, unitAxis(output as Expr), least);
    if (flat.kind === "rectifies") {
      const units = shares.filter((share) => share === 1).length;
      return { ...base, dead: { units, of: shares.length }, flat: shares };
    }
    const saturated = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    return { ...base, saturated, flat: shares };
  });
  const parameters = trained.map(({ kept }, i) => ({
    path: kept.path,
    size: rootMeanSquare((sizes[i] as Tensor).data),
    gradient: rootMeanSquare((steps[i] as Tensor).data),
  }));
  const weights = parameters.filter((_, i) => (trained[i]?.kept.shape.length ?? 0) > 1);
  const [first, last] = [weights[0], weights.at(-1)];
  const ratio = first === undefined || last === undefined ? 1 : first.gradient / last.gradient;
  const sentences = [...layers.flatMap(aboutLayer), ...aboutGradients(weights, ratio)];
  return { loss: value[0]?.data[0] as number, layers, parameters, ratio, sentences };
}

type Items = ArrayLike<number>;

/** Values of several lists of expressions, in one evaluation. */
function evaluateGroups(
  groups: readonly (readonly Expr[])[],
  bindings: Bindings,
): readonly (readonly Tensor[])[] {
  const values = evaluate(groups.flat(), bindings).map((value: Value) =>
    value instanceof Tensor ? value : new Tensor([], Float64Array.of(value)),
  );
  let start = 0;
  return groups.map((group) => {
    start += group.length;
    return values.slice(start - group.length, start);
  });
}

interface Flatness {
  readonly kind: "saturates" | "rectifies";
  /** The function's own derivative, element by element. */
  readonly slope: Expr;
  readonly steepest: number;
}

/** Where the output is an activation with flat parts: its slope as a graph. */
function flatness(output: Expr): Flatness | undefined {
  const { flat } = output.op;
  const [input] = output.args;
  if (flat === undefined || input === undefined || output.args.length !== 1) return undefined;
  const z = scalar("z", output.dtype);
  const atZero = evaluate(grad(apply(output.op, [z], output.attributes) as typeof z, z), { z: 0 });
  return { kind: flat, slope: grad(sum(output), input), steepest: Math.abs(Number(atZero)) };
}

function rootMeanSquare(items: Items): number {
  let total = 0;
  for (let i = 0; i < items.length; i++) total += (items[i] as number) ** 2;
  return Math.sqrt(total / Math.max(1, items.length));
}

function moments(items: Items): { readonly mean: number; readonly deviation: number } {
  let total = 0;
  for (let i = 0; i < items.length; i++) total += items[i] as number;
  const mean = total / Math.max(1, items.length);
  let squares = 0;
  for (let i = 0; i < items.length; i++) squares += ((items[i] as number) - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / Math.max(1, items.length)) };
}

/** Of each unit along an axis, the share of slopes smaller than `least`. */
function flatShares({ shape, data }: Tensor, axis: number, least: number): readonly number[] {
  const of = shape[axis] ?? 1;
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const counts = new Array<number>(of).fill(0);
  for (let i = 0; i < data.length; i++) {
    const unit = Math.floor(i / inner) % of;
    if (Math.abs(data[i] as number) < least) counts[unit] = (counts[unit] as number) + 1;
  }
  return counts.map((count) => count / Math.max(1, data.length / of));
}

function aboutLayer({ path, dead, saturated }: LayerDiagnosis): string[] {
  if (dead !== undefined && dead.units > 0) {
    return [
      `${path}: ${dead.units} of ${dead.of} units are dead, 0 for every example; try leakyRelu, heNormal() weights, or a smaller learning rate`,
    ];
  }
  if (saturated !== undefined && saturated > 0.5) {
    return [
      `${path}: ${Math.round(100 * saturated)} % of the outputs are saturated, so little gradient passes; try smaller initial weights, normalised inputs, layerNorm() before it, or relu`,
    ];
  }
  return [];
}

function aboutGradients(weights: readonly ParameterDiagnosis[], ratio: number): string[] {
  const [first, last] = [weights[0], weights.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  const compared = `the gradient by ${first.path} is ${Number(ratio.toPrecision(2))} times that by ${last.path}`;
  if (ratio < 1 / EXTREME) {
    return [`gradients vanish: ${compared}; try relu with heNormal(), residual() or batchNorm()`];
  }
  if (ratio > EXTREME) {
    return [
      `gradients explode: ${compared}; try smaller initial weights, layerNorm(), or clip: clipByGlobalNorm(1)`,
    ];
  }
  return [];
}
