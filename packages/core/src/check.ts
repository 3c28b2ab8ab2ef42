import { type Bindable, type Bindings, bind, isInput, nameOf } from "./bind.ts";
import { jvp } from "./differentiate/index.ts";
import { checkWrt, grad } from "./differentiate/reverse.ts";
import { allocate, type DType } from "./dtype.ts";
import { ArgumentError, DifferentiationError, describe } from "./errors.ts";
import { evaluate } from "./evaluate.ts";
import { Expr } from "./expr.ts";
import { add, mul } from "./ops/arithmetic.ts";
import { isDifferentiable, parameter } from "./ops/leaf.ts";
import { sum } from "./ops/reduction.ts";
import { formatShape } from "./shape.ts";
import { asTensor, asValue, fromNested, type Nested, Tensor, type Value } from "./tensor.ts";
import { leavesOf } from "./traverse.ts";

/** A derivative by one element of one input, by the rules and by differences. */
export interface GradientEntry {
  /** The input. */
  readonly node: Expr;
  readonly name: string;
  /** Which element of it; empty for a scalar. */
  readonly index: readonly number[];
  /** 1 for derivatives of the output, 2 for those of its gradient. */
  readonly order: number;
  /** In reverse mode, or forward if that is checked alone. */
  readonly derivative: number;
  /** In forward mode, if that is checked. */
  readonly forward: number | undefined;
  readonly difference: number;
  /** The larger `|a − n| / max(1, |a|, |n|)` of the modes; 0 where both are the same ∞ or NaN. */
  readonly error: number;
  /** How far differences of two steps, and of two sides, disagree: large at kinks and jumps. */
  readonly uncertainty: number;
  readonly ok: boolean;
}

/** Derivatives beside differences. */
export interface GradientCheck {
  readonly ok: boolean;
  readonly entries: readonly GradientEntry[];
  /** The entry of the largest error. */
  readonly worst: GradientEntry | undefined;
}

/** Options of `checkGradients`. */
export interface CheckOptions {
  /** Inputs to differentiate by; all floating-point ones by default. */
  readonly wrt?: readonly Expr[];
  /** Largest error; 1e-7 by default, and 1e-2 for inputs in single precision. */
  readonly tolerance?: number;
  /** Which modes to check; both by default. */
  readonly modes?: readonly ("reverse" | "forward")[];
  /** 2 to check the derivatives of the gradient, too. */
  readonly order?: 1 | 2;
}

/** An expression, or a function of expressions. */
export type Checked = Expr | ((...inputs: Expr[]) => Expr);

/** Values of the inputs of an expression, or those of the arguments of a function. */
export type CheckPoint = Bindings | readonly Bindable[];

/**
 * Derivatives beside central differences of fourth order at a point, for rules of one's own.
 *
 * `f′ ≈ (8 (f(x + h) − f(x − h)) − (f(x + 2h) − f(x − 2h))) / 12h`. A tensor is weighted to a scalar
 * by fixed numbers without pattern. A function takes one argument for each value of the point.
 * Throws BindingError if the point does not fit, DifferentiationError where a rule is missing.
 */
export function checkGradients(
  f: Checked,
  point: CheckPoint = {},
  options: CheckOptions = {},
): GradientCheck {
  const [output, bindings] = prepare(f, point);
  const inputs = leavesOf([output]).filter(isInput);
  const values = new Map(bind("checkGradients", inputs, bindings).values);
  const wrt = options.wrt ?? inputs.filter(isDifferentiable);
  checkWrt("checkGradients", wrt);
  for (const node of wrt) {
    if (!inputs.includes(node)) {
      throw new ArgumentError(
        `checkGradients: derivatives must be by inputs of the output, got ${node.toString()}`,
      );
    }
  }
  const scalar = weighted(output, values, 1);
  const entries = compare(scalar, wrt, values, options, 1);
  if (options.order === 2 && wrt.length > 0) {
    const parts = grad(scalar, wrt).map((part, i) => weighted(part, values, i + 2));
    const mixed = parts.reduce((a, b) => add(a, b));
    entries.push(...compare(mixed, wrt, values, options, 2));
  }
  const worst = entries.reduce<GradientEntry | undefined>(
    (most, entry) => (most === undefined || entry.error > most.error ? entry : most),
    undefined,
  );
  return { ok: entries.every((entry) => entry.ok), entries, worst };
}

/** `checkGradients` as an assertion: throws DifferentiationError and names the entry that differs. */
export function assertGradients(
  f: Checked,
  point: CheckPoint = {},
  options: CheckOptions = {},
): void {
  const { ok, entries, worst } = checkGradients(f, point, options);
  if (ok || worst === undefined) return;
  const { name, index, order, derivative, forward, difference } = worst;
  const place = `${name}${index.length === 0 ? "" : formatShape(index)}`;
  const other = forward === undefined || forward === derivative ? "" : `, ${forward} forward`;
  const wrong = entries.filter((entry) => !entry.ok).length;
  // Of a wrong rule the differences agree with each other.
  const kink = worst.uncertainty > worst.error / 10 ? "; they disagree, as at a kink" : "";
  throw new DifferentiationError(
    `assertGradients: the derivative${order === 1 ? "" : " of the gradient"} by ${place} must be ${difference} (by differences${kink}), got ${derivative}${other}; ${wrong} of ${entries.length} entries differ`,
  );
}

function prepare(f: Checked, point: CheckPoint): readonly [Expr, Bindings] {
  if (f instanceof Expr) {
    if (!Array.isArray(point)) return [f, point as Bindings];
    throw new ArgumentError(
      "checkGradients: the point of an expression must be given by name or node, got an array",
    );
  }
  if (typeof f !== "function") {
    throw new ArgumentError(
      `checkGradients: there must be an expression or a function of expressions, got ${describe(f)}`,
    );
  }
  if (!Array.isArray(point)) {
    throw new ArgumentError(
      `checkGradients: the point of a function must be an array, one value an argument, got ${describe(point)}`,
    );
  }
  const bindings = new Map<Expr, Bindable>();
  const args = (point as readonly Bindable[]).map((given, i) => {
    const value = typeof given === "number" ? given : tensorOf(given);
    const { shape, dtype } = asTensor(value);
    const input = parameter(`argument ${i}`, shape, dtype);
    bindings.set(input, value);
    return input;
  });
  return [f(...args), bindings];
}

function tensorOf(given: Bindable): Tensor {
  if (given instanceof Tensor) return given;
  if (ArrayBuffer.isView(given)) return new Tensor([given.length], given);
  return fromNested("checkGradients", given as Nested, "f64");
}

/** `Σ wᵢ yᵢ`; the weights are bound in `values`. */
function weighted(y: Expr, values: Map<Expr, Value>, seed: number): Expr {
  if (y.shape.length === 0) return y;
  const { shape, data } = evaluate(y, values) as Tensor;
  const weights = parameter("weights", y.shape, isDifferentiable(y) ? y.dtype : "f64");
  const own = allocate(weights.dtype, data.length);
  // Multiples of the golden ratio without their whole parts lie evenly and repeat nowhere.
  for (let i = 0; i < own.length; i++) own[i] = ((seed * 0.37 + i * 0.6180339887498949) % 1) + 0.5;
  values.set(weights, asValue(new Tensor(shape, own, weights.dtype)));
  return sum(mul(weights, y));
}

/**
 * Step for inputs near 1, and tolerance. Fourth order errs by h⁴, rounding by ε / h: at h = 2⁻¹¹
 * both are near 1e-13, in single precision at 2⁻⁶ near 1e-6 … 1e-5. Higher derivatives and values
 * that cancel cost some digits more.
 */
const STEPS: Readonly<Record<DType, readonly [number, number]>> = {
  f64: [2 ** -11, 1e-7],
  f32: [2 ** -6, 1e-2],
  i32: [0, 0],
  bool: [0, 0],
};

function compare(
  y: Expr,
  wrt: readonly Expr[],
  values: ReadonlyMap<Expr, Value>,
  { modes = ["reverse", "forward"], tolerance }: CheckOptions,
  order: number,
): GradientEntry[] {
  const gradients = modes.includes("reverse")
    ? evaluate(grad(y, wrt), values).map((value) => asTensor(value).data)
    : undefined;
  return wrt.flatMap((input, k) => {
    const { shape, data } = asTensor(values.get(input) as Value, input.dtype);
    const direction = parameter("direction", input.shape, input.dtype);
    const tangent = modes.includes("forward") ? jvp(y, [input], [direction]) : undefined;
    const [unit, usual] = STEPS[y.dtype === "f32" ? "f32" : input.dtype];
    const at = (i: number, value: number, others = data): Value => {
      const moved = others.slice();
      moved[i] = value;
      return asValue(new Tensor(shape, moved, input.dtype));
    };
    return Array.from(data, (x, i): GradientEntry => {
      const f = (by: number): number =>
        evaluate(y, new Map(values).set(input, at(i, x + by))) as number;
      // A power of two, so that x ± h loses nothing but its last digits.
      const h = unit * 2 ** Math.ceil(Math.log2(Math.max(1, Math.abs(x))));
      const difference = fourthOrder(f, h);
      const reverse = gradients?.[k]?.[i];
      const along = at(i, 1, allocate(input.dtype, data.length));
      const forward =
        tangent && (evaluate(tangent, new Map(values).set(direction, along)) as number);
      const error = Math.max(distance(reverse, difference), distance(forward, difference));
      return {
        node: input,
        name: nameOf(input) as string,
        index: indexOf(i, shape),
        order,
        derivative: (reverse ?? forward) as number,
        forward,
        difference,
        error,
        uncertainty: Math.max(
          distance(fourthOrder(f, 2 * h), difference),
          // The two sides' slopes differ by h f″, so twice as much at 2h; a kink's do not change.
          distance(2 * bend(f, h), bend(f, 2 * h)),
        ),
        ok: error <= (tolerance ?? usual),
      };
    });
  });
}

function fourthOrder(f: (by: number) => number, h: number): number {
  return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
}

/** Slope to the right less slope to the left. */
function bend(f: (by: number) => number, h: number): number {
  return (f(h) - 2 * f(0) + f(-h)) / h;
}

function distance(a: number | undefined, n: number): number {
  if (a === undefined || Object.is(a, n)) return 0;
  const apart = Math.abs(a - n) / Math.max(1, Math.abs(a), Math.abs(n));
  return Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
}

function indexOf(position: number, shape: readonly number[]): number[] {
  const index: number[] = new Array(shape.length);
  let rest = position;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    index[axis] = rest % size;
    rest = Math.floor(rest / size);
  }
  return index;
}
