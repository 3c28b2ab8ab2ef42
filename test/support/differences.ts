import {
  type Expr,
  evaluate,
  grad,
  isFloat,
  jvp,
  leavesOf,
  mul,
  sum,
  Tensor,
  type Value,
  variable,
} from "@chainrule/core";
import { expect } from "vitest";

/** Values by name, as tensors or numbers, so that single elements can be moved. */
export type Point = Readonly<Record<string, Value>>;

/** A tensor of doubles from its elements. */
export function tensor(shape: readonly number[], data: readonly number[]): Tensor {
  return new Tensor(shape, Float64Array.from(data));
}

/** A tensor of 32-bit integers from its elements. */
export function integers(shape: readonly number[], data: readonly number[]): Tensor {
  return new Tensor(shape, Int32Array.from(data));
}

/** Elements without pattern in (−2, 2): fractional parts of multiples of the golden ratio, scaled. */
export function spread(shape: readonly number[], seed = 1): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const fraction = (i: number): number => ((i + 1) * seed * 0.6180339887498949 + seed * 0.37) % 1;
  return tensor(
    shape,
    Array.from({ length: count }, (_, i) => 4 * fraction(i) - 2),
  );
}

const elements = (value: Value): ArrayLike<number> =>
  typeof value === "number" ? [value] : value.data;

const at = (value: Value, i: number): number => elements(value)[i] as number;

function moved(value: Value, i: number, by: number): Value {
  if (typeof value === "number") return value + by;
  const data = value.data.slice();
  data[i] = (data[i] as number) + by;
  return new Tensor(value.shape, data, value.dtype);
}

/** Enough elements to meet every place a rule treats apart, few enough to stay quick. */
const MOST_ELEMENTS = 24;

/** Central differences of fourth order leave about 1e-11 of values near 1 (error h⁴ and ulp / h). */
const STEP = 1e-3;

/**
 * Holds derivatives of `y` against each other and against differences, at first and second order.
 *
 * y is weighted to a scalar by a variable; gradients are compared with central differences of
 * fourth order to 1e-7, forward mode with reverse mode to 1e-11.
 */
export function expectDerivatives(
  y: Expr,
  point: Point,
  { order = 2 }: { order?: number } = {},
): void {
  const inputs = leavesOf([y]).filter((leaf) => leaf.op === variable.op && isFloat(leaf.dtype));
  let scalar = y;
  let values = point;
  for (let level = 1; level <= order; level++) {
    const weight = variable(`weight_${level}`, scalar.shape, scalar.dtype);
    const shape = shapeOf(measure(scalar, inputs, values));
    values = { ...values, [`weight_${level}`]: asValueOf(spread(shape, level + 1)) };
    scalar = sum(mul(weight, scalar));
    const gradients = grad(scalar, inputs);
    compare(scalar, gradients, inputs, values, level);
    scalar = combine(gradients, level);
    for (const [i, gradient] of gradients.entries()) {
      const value = measure(gradient, inputs, values);
      values = {
        ...values,
        [`mix_${level}_${i}`]: asValueOf(spread(shapeOf(value), level + i + 3)),
      };
    }
  }
}

function combine(gradients: readonly Expr[], level: number): Expr {
  return gradients
    .map((gradient, i) => sum(mul(variable(`mix_${level}_${i}`, gradient.shape), gradient)))
    .reduce((total, term) => total.add(term));
}

function compare(
  scalar: Expr,
  gradients: readonly Expr[],
  inputs: readonly Expr[],
  values: Point,
  level: number,
): void {
  for (const [i, input] of inputs.entries()) {
    const name = input.attributes["name"] as string;
    const here = values[name] as Value;
    const gradient = measure(gradients[i] as Expr, inputs, values);
    const count = elements(here).length;
    const stride = Math.max(1, Math.floor(count / MOST_ELEMENTS));
    for (let k = 0; k < count; k += stride) {
      const valueAt = (by: number): number =>
        measure(scalar, inputs, { ...values, [name]: moved(here, k, by) }) as number;
      const h = STEP * Math.max(1, Math.abs(at(here, k)));
      const difference =
        (8 * (valueAt(h) - valueAt(-h)) - (valueAt(2 * h) - valueAt(-2 * h))) / (12 * h);
      const error = Math.abs(at(gradient, k) - difference);
      const bound = 1e-7 * Math.max(1, Math.abs(difference), Math.abs(at(gradient, k)));
      const text = `order ${level}, ∂/∂${name}[${k}]: rule ${at(gradient, k)}, difference ${difference}`;
      expect(error <= bound, text).toBe(true);
    }
    const direction = variable("direction", input.shape, input.dtype);
    const along = { ...values, direction: asValueOf(spread(shapeOf(here), 7)) };
    const forward = jvp(scalar, [input], [direction]);
    const tangent = measure(forward, inputs, along) as number;
    let product = 0;
    for (let k = 0; k < count; k++) product += at(gradient, k) * at(along.direction, k);
    const text = `order ${level}, by ${name}: forward ${tangent}, reverse ${product}`;
    const bound = 1e-11 * Math.max(1, Math.abs(product), Math.abs(tangent));
    expect(Math.abs(tangent - product) <= bound, text).toBe(true);
  }
}

function shapeOf(value: Value): readonly number[] {
  return typeof value === "number" ? [] : value.shape;
}

function asValueOf(value: Tensor): Value {
  return value.shape.length === 0 ? (value.data[0] as number) : value;
}

/** The value of an expression; the inputs beside it fix its named sizes. */
function measure(expr: Expr, inputs: readonly Expr[], values: Point): Value {
  const given: Record<string, Value> = {};
  for (const leaf of leavesOf([expr, ...inputs])) {
    if (leaf.op !== variable.op) continue;
    const name = leaf.attributes["name"] as string;
    given[name] = values[name] as Value;
  }
  return evaluate([expr, ...inputs], given)[0] as Value;
}
