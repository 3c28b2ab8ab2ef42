import { allocate, type DType, isFloat } from "../dtype.ts";
import { ArgumentError, DTypeError, describe } from "../errors.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type WithOp } from "../op.ts";
import { checkType } from "../operands.ts";
import { elementCount, resolveShape, type Shape } from "../shape.ts";
import { asValue, Tensor } from "../tensor.ts";
import { add, mul, sqrt, sub } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { less } from "./comparison.ts";
import { log } from "./exponential.ts";
import { indexOperand } from "./indices.ts";
import { stack } from "./joining.ts";
import { constant } from "./leaf.ts";
import { pick } from "./slicing.ts";
import { checkKey, generated, keyOf, threefry, threefry2x32 } from "./threefry.ts";
import { cos } from "./trigonometric.ts";

/**
 * The second counter tells what words are for, so that numbers drawn with a key, keys folded from it
 * and keys split off it never coincide.
 */
const PURPOSE = { draw: 0, fold: 1, split: 2 } as const;

/**
 * A random key from a whole number: the same numbers, always.
 *
 * Every draw takes a key; two draws with one key are equal, so use each once: `splitKey`, `foldIn`.
 * Shapes: → [2], i32. Throws ArgumentError unless the seed is a whole number within ±2⁵³.
 */
export function randomKey(seed: number): Expr {
  if (!Number.isSafeInteger(seed)) {
    throw new ArgumentError(`randomKey: the seed must be a whole number, got ${describe(seed)}`);
  }
  return constant([Math.floor(seed / 2 ** 32) | 0, seed | 0], "i32");
}

/** A new key from a key and a number, such as the step of a loop. */
export function foldIn(key: Expr, number: Operand): Expr {
  checkKey("foldIn", key);
  return threefry(key, stack([indexOperand("foldIn", number), constant(PURPOSE.fold, "i32")]));
}

/** Several new keys from one. */
export function splitKey(key: Expr, count = 2): readonly Expr[] {
  checkKey("splitKey", key);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new ArgumentError(
      `splitKey: the number of keys must be a whole number ≥ 1, got ${describe(count)}`,
    );
  }
  const counters = Array.from({ length: count }, (_, i) => [i, PURPOSE.split]);
  const keys = threefry(key, constant(counters, "i32"));
  return counters.map((_, i) => pick(keys, 0, i));
}

/** Visits the words drawn with a key: word i is word i mod 2 of block ⌊i / 2⌋. */
function drawWords(key: unknown, count: number, visit: (i: number, word: number) => void): void {
  const words = keyOf(key);
  for (let i = 0; i < count; i += 2) {
    const [first, second] = threefry2x32(words, [i / 2, PURPOSE.draw]);
    visit(i, first);
    if (i + 1 < count) visit(i + 1, second);
  }
}

/**
 * Random 32-bit words, as i32: word i is word i mod 2 of Threefry's block ⌊i / 2⌋.
 *
 * A longer draw begins with the words of a shorter one. Shapes: key [2] → `shape`.
 */
export const randomBits: WithOp<(key: Expr, shape: Shape) => Expr> = defineOp(
  {
    name: "randomBits",
    arity: 1,
    infer: (_args, { shape }) => ({ shape: shape as Shape, dtype: "i32" }),
    ...generated(([key], node, sizes) => {
      const shape = resolveShape("randomBits", node.shape, sizes);
      const out = allocate("i32", elementCount(shape));
      drawWords(key, out.length, (i, word) => {
        out[i] = word;
      });
      return asValue(new Tensor(shape, out, "i32"));
    }),
    notation: named("randomBits"),
  },
  (op) =>
    (key, shape): Expr => {
      checkKey("randomBits", key);
      return apply(op, [key], { shape: checkType("randomBits", shape, "i32").shape });
    },
);

/** Options of a uniform draw. */
export interface UniformOptions {
  readonly low?: Operand;
  readonly high?: Operand;
  readonly dtype?: "f64" | "f32";
}

/**
 * Random numbers, uniform in [low, high), by default [0, 1): there every multiple of 2⁻⁵³ (2⁻²⁴ in
 * single precision) is equally likely.
 *
 * An f64 is made of the words 2i and 2i + 1 that `randomBits` would draw, an f32 of word i. Bounds may
 * be expressions: the numbers are `low + u (high − low)`, and so are their derivatives.
 * Shapes: key [2] → `shape`, f64 unless told otherwise; sizes may be named.
 */
export const randomUniform: WithOp<(key: Expr, shape: Shape, options?: UniformOptions) => Expr> =
  defineOp(
    {
      name: "randomUniform",
      arity: 1,
      infer: (_args, { shape, dtype }) => ({ shape: shape as Shape, dtype: dtype as DType }),
      ...generated(([key], node, sizes) => {
        const shape = resolveShape("randomUniform", node.shape, sizes);
        const out = allocate(node.dtype, elementCount(shape));
        if (node.dtype === "f32") {
          drawWords(key, out.length, (i, word) => {
            out[i] = (word >>> 8) * 2 ** -24;
          });
          return asValue(new Tensor(shape, out, node.dtype));
        }
        drawWords(key, 2 * out.length, (i, word) => {
          const at = i >> 1;
          if (i % 2 === 0) out[at] = (word >>> 5) * 2 ** 26;
          else out[at] = ((out[at] as number) + (word >>> 6)) * 2 ** -53;
        });
        return asValue(new Tensor(shape, out, node.dtype));
      }),
      notation: named("randomUniform"),
    },
    (op) =>
      (key, shape, { low = 0, high = 1, dtype = "f64" } = {}): Expr => {
        checkKey("randomUniform", key);
        const type = checkType("randomUniform", shape, dtype);
        if (!isFloat(dtype)) {
          throw new DTypeError(`randomUniform: dtype must be f64 or f32, got ${dtype}`);
        }
        const unit = apply(op, [key], { shape: type.shape, dtype });
        if (low === 0 && high === 1) return unit;
        const both = typeof low === "number" && typeof high === "number";
        return add(mul(unit, both ? high - low : sub(high, low)), low);
      },
  );

/** Options of a normal draw. */
export interface NormalOptions {
  readonly mean?: Operand;
  readonly deviation?: Operand;
  readonly dtype?: "f64" | "f32";
}

/**
 * Random numbers of the normal distribution, by default of mean 0 and deviation 1.
 *
 * `mean + deviation √(−2 ln(1 − u)) cos 2πv`, with u and v uniform in [0, 1) of two keys split off.
 * Shapes: key [2] → `shape`. Source: Box & Muller, Ann. Math. Statist. 29 (1958), 610.
 */
export function randomNormal(
  key: Expr,
  shape: Shape,
  { mean = 0, deviation = 1, dtype = "f64" }: NormalOptions = {},
): Expr {
  const [first, second] = splitKey(key) as readonly [Expr, Expr];
  const radius = sqrt(mul(-2, log(sub(1, randomUniform(first, shape, { dtype })))));
  const angle = mul(2 * Math.PI, randomUniform(second, shape, { dtype }));
  const standard = mul(radius, cos(angle));
  const scaled = deviation === 1 ? standard : mul(deviation, standard);
  return mean === 0 ? scaled : add(mean, scaled);
}

/** Truth values that hold with a probability. Shapes: key [2], probability broadcast → `shape`. */
export function randomBernoulli(key: Expr, probability: Operand, shape: Shape): Expr {
  return less(randomUniform(key, shape), probability);
}

/**
 * Random whole numbers in low … high − 1, of type i32.
 *
 * Throws ArgumentError unless both are whole, of 32 bits, and low < high ≤ low + 2³¹.
 */
export function randomIntegers(key: Expr, shape: Shape, low: number, high: number): Expr {
  const whole = Number.isInteger(low) && Number.isInteger(high);
  const within = low >= -(2 ** 31) && high <= 2 ** 31 && low < high && high - low <= 2 ** 31;
  if (!whole || !within) {
    throw new ArgumentError(
      `randomIntegers: bounds must be whole numbers of 32 bits, low < high ≤ low + 2³¹, got ${describe(low)} and ${describe(high)}`,
    );
  }
  const steps = mul(randomUniform(key, shape), high - low);
  return add(cast(steps, "i32"), constant(low, "i32"));
}
