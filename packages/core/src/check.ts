import type { Bindings } from "./bind.ts";
import { isInput, nameOf } from "./bind.ts";
import { checkScalar, checkWrt, grad } from "./differentiate/reverse.ts";
import { allocate } from "./dtype.ts";
import { ArgumentError, EvaluationError } from "./errors.ts";
import { evaluate, forward } from "./evaluate.ts";
import type { Expr } from "./expr.ts";
import { isDifferentiable } from "./ops/leaf.ts";
import { asTensor, asValue, Tensor, type Value } from "./tensor.ts";
import { topological } from "./traverse.ts";

/** One entry of a gradient beside its value by differences. */
export interface GradientEntry {
  readonly node: Expr;
  readonly name: string;
  /** Position of the entry in the tensor, row by row; 0 for a scalar. */
  readonly index: number;
  readonly derivative: number;
  readonly difference: number;
  readonly ok: boolean;
}

/** Gradients beside differences. */
export interface GradientCheck {
  readonly ok: boolean;
  readonly entries: readonly GradientEntry[];
}

/** Options of `checkGradients`. */
export interface CheckOptions {
  /** Inputs to check the derivatives by; all floating-point ones by default. */
  readonly wrt?: readonly Expr[];
  /** Accepted `|a − n| / max(1, |a|, |n|)`; by default 1e-7 in f64, 2e-2 in f32. */
  readonly tolerance?: number;
}

/**
 * Step of fourth-order differences relative to max(1, |x|): the fifth root of the precision balances
 * the error of the formula, h⁴, and that of rounding, ε / h.
 */
const STEPS = { f64: 2 ** -10, f32: 2 ** -4 } as const;

/** Away from kinks both errors above stay well below this. */
const TOLERANCES = { f64: 1e-7, f32: 2e-2 } as const;

/**
 * The gradient of a scalar at a point beside central differences of fourth order:
 * `(f(x − 2h) − 8 f(x − h) + 8 f(x + h) − f(x + 2h)) / 12h`, entry by entry.
 *
 * For users' own ops too. Not for points nearer to a kink than two steps.
 */
export function checkGradients(
  output: Expr,
  point: Bindings = {},
  options: CheckOptions = {},
): GradientCheck {
  checkScalar("checkGradients", output);
  const inputs = topological([output]).nodes.filter(isInput);
  const wrt = options.wrt ?? inputs.filter(isDifferentiable);
  checkWrt("checkGradients", wrt);
  for (const node of wrt) {
    if (!inputs.includes(node)) {
      throw new ArgumentError(
        `checkGradients: derivatives must be by inputs of the output, got ${node.toString()}`,
      );
    }
  }
  const gradients = grad(output, wrt);
  const values = forward([output, ...wrt, ...gradients], point);
  const at = new Map(inputs.map((input) => [input, values.get(input) as Value]));
  const entries = wrt.flatMap((node, i) => {
    const gradient = asTensor(values.get(gradients[i] as Expr) as Value).data;
    const label = nameOf(node) ?? node.toString();
    return Array.from(gradient, (derivative, index): GradientEntry => {
      const difference = differenceBy(output, node, index, at);
      const ok = agree(derivative, difference, options.tolerance ?? toleranceOf(output, node));
      return { node, name: label, index, derivative, difference, ok };
    });
  });
  return { ok: entries.every((entry) => entry.ok), entries };
}

function toleranceOf(output: Expr, node: Expr): number {
  return output.dtype === "f32" || node.dtype === "f32" ? TOLERANCES.f32 : TOLERANCES.f64;
}

function agree(a: number, n: number, tolerance: number): boolean {
  // Where the function itself is not finite both sides may say so in the same way.
  if (!Number.isFinite(a) || !Number.isFinite(n)) return Object.is(a, n);
  return Math.abs(a - n) <= tolerance * Math.max(1, Math.abs(a), Math.abs(n));
}

/** `∂f/∂x` of one entry by differences. */
function differenceBy(
  output: Expr,
  node: Expr,
  index: number,
  at: ReadonlyMap<Expr, Value>,
): number {
  const value = asTensor(at.get(node) as Value, node.dtype);
  const x = value.data[index] as number;
  const single = node.dtype === "f32" || output.dtype === "f32";
  const h = (single ? STEPS.f32 : STEPS.f64) * Math.max(1, Math.abs(x));
  const valueAt = (offset: number): number => {
    const data = allocate(value.dtype, value.data.length);
    data.set(value.data);
    data[index] = x + offset;
    const moved = new Map(at);
    moved.set(node, asValue(new Tensor(value.shape, data, value.dtype)));
    return evaluate(output, moved) as number;
  };
  const near = valueAt(h) - valueAt(-h);
  const far = valueAt(2 * h) - valueAt(-2 * h);
  return (8 * near - far) / (12 * h);
}

/** Throws EvaluationError naming the first entry whose derivative the differences do not confirm. */
export function assertGradients(
  output: Expr,
  point: Bindings = {},
  options: CheckOptions = {},
): void {
  const wrong = checkGradients(output, point, options).entries.find(({ ok }) => !ok);
  if (wrong === undefined) return;
  throw new EvaluationError(
    `assertGradients: the derivative by ${wrong.name}[${wrong.index}] must be ${wrong.difference} (by differences), got ${wrong.derivative}`,
  );
}
