import { ArgumentError, describe } from "../errors.ts";
import { type Attributes, type Expr, NONE } from "../expr.ts";
import { named } from "../notation.ts";
import { real } from "../op.ts";
import { mul } from "./arithmetic.ts";
import { max } from "./clip.ts";
import { equal, greater, greaterEqual, less } from "./comparison.ts";
import { exp, expm1 } from "./exponential.ts";
import { like, one } from "./literals.ts";
import { checkNumber, type UnaryWith, unaryWith } from "./options.ts";
import { flatPartial, zeroPartial } from "./rounding.ts";
import { mask, where } from "./select.ts";

/** The value of `step` at 0. */
export interface StepOptions {
  /** 1 by default: the branch x ≥ 0. */
  readonly atZero?: number;
}

/** Which branch's derivative a rectifier has at its kink. */
export interface KinkOptions {
  /** 1 (default) is the right branch, x ≥ 0; 0 the left one, as in JAX and PyTorch. */
  readonly atZero?: 0 | 1;
}

/** Options of rectifiers with a slope. */
export interface SlopeOptions extends KinkOptions {
  readonly alpha?: number;
}

/** Unit step, 0 for x < 0, else 1. Derivative 0. */
export const step: UnaryWith<StepOptions> = /* @__PURE__ */ unaryWith<StepOptions>(
  {
    name: "step",
    domain: [real],
    evaluate: (x, attributes) => (x > 0 ? 1 : x < 0 ? 0 : x === 0 ? atZeroOf(attributes) : x),
    partials: [flatPartial],
    shown: [zeroPartial],
    lower: ({ args: [x], attributes }) => {
      const value = x as Expr;
      const still = where(equal(value, 0), atZeroOf(attributes), value);
      return where(greater(value, 0), 1, where(less(value, 0), 0, still));
    },
    examples: [
      { at: [0], value: 1, partials: [0] },
      { at: [-0], value: 1, partials: [0] },
      { at: [0], value: 0.5, partials: [0], attributes: { atZero: 0.5 } },
      { at: [-1e-300], value: 0, partials: [0] },
    ],
    notation: named("step"),
  },
  ({ atZero }) =>
    atZero === undefined || atZero === 1 ? NONE : { atZero: checkNumber("step", "atZero", atZero) },
);

/**
 * Rectifier, `max(x, 0)`.
 *
 * Derivative 1 for x ≥ 0, else 0; `atZero: 0` gives 0 at the kink, as JAX and PyTorch do.
 */
export const relu: UnaryWith<KinkOptions> = /* @__PURE__ */ unaryWith<KinkOptions>(
  {
    name: "relu",
    flat: "rectifies",
    domain: [real],
    evaluate: (x) => Math.max(x, 0),
    partials: [(x, _out, attributes) => mask(isRight(x, attributes), one(x))],
    shown: [(x, _out, attributes) => step(x, attributes)],
    lower: ({ args: [x] }) => max(x as Expr, 0),
    examples: [
      { at: [0], value: 0, partials: [1] },
      { at: [0], value: 0, partials: [0], attributes: { atZero: 0 } },
      { at: [-0], value: 0, partials: [1] },
      { at: [-3], value: 0, partials: [0] },
      { at: [Number.NaN], value: Number.NaN },
    ],
    notation: named("ReLU"),
  },
  (options) => kinkAttributes("relu", options),
);

/**
 * `x` for x ≥ 0, else `alpha x` (0.01 by default).
 *
 * Derivative 1 for x ≥ 0, else alpha; `atZero: 0` gives alpha at the kink, as JAX and PyTorch do.
 */
export const leakyRelu: UnaryWith<SlopeOptions> = /* @__PURE__ */ unaryWith<SlopeOptions>(
  {
    name: "leakyRelu",
    flat: "rectifies",
    domain: [real],
    result: "float",
    evaluate: (x, attributes) => (x >= 0 ? x : alphaOf(attributes, 0.01) * x),
    partials: [
      (x, _out, attributes) =>
        where(isRight(x, attributes), one(x), like(x, alphaOf(attributes, 0.01))),
    ],
    lower: (node) => {
      const x = node.args[0] as Expr;
      return where(greaterEqual(x, 0), x, mul(like(node, alphaOf(node.attributes, 0.01)), x));
    },
    examples: [
      { at: [0], value: 0, partials: [1] },
      { at: [0], value: 0, partials: [0.01], attributes: { atZero: 0 } },
      { at: [-2], value: -0.5, partials: [0.25], attributes: { alpha: 0.25 } },
    ],
    notation: named("LeakyReLU"),
  },
  (options) => slopeAttributes("leakyRelu", options, 0.01),
);

/**
 * Exponential linear unit, `x` for x ≥ 0, else `alpha (eˣ − 1)` (alpha 1 by default).
 *
 * Derivative 1 for x ≥ 0, else `alpha eˣ`. Source: Clevert, Unterthiner, Hochreiter 2016, eq. 15.
 */
export const elu: UnaryWith<SlopeOptions> = /* @__PURE__ */ unaryWith<SlopeOptions>(
  {
    name: "elu",
    flat: "rectifies",
    domain: [real],
    result: "float",
    evaluate: (x, attributes) => (x >= 0 ? x : alphaOf(attributes, 1) * Math.expm1(x)),
    partials: [
      (x, _out, attributes) => {
        const left = mul(like(x, alphaOf(attributes, 1)), exp(x));
        return where(isRight(x, attributes), one(x), left);
      },
    ],
    lower: (node) => {
      const x = node.args[0] as Expr;
      const left = mul(like(node, alphaOf(node.attributes, 1)), expm1(x));
      return where(greaterEqual(x, 0), x, left);
    },
    examples: [
      { at: [0], value: 0, partials: [1] },
      { at: [0], value: 0, partials: [0.5], attributes: { alpha: 0.5, atZero: 0 } },
      { at: [-1e-20], value: -1e-20, partials: [1] },
      // e⁻⁵⁰, to 60 digits by mpmath; y + alpha gives 0.
      { at: [-50], value: -1, partials: [1.9287498479639178e-22] },
      { at: [1000], value: 1000, partials: [1] },
    ],
    notation: named("ELU"),
  },
  (options) => slopeAttributes("elu", options, 1),
);

function atZeroOf(attributes: Attributes): number {
  return (attributes["atZero"] ?? 1) as number;
}

function alphaOf(attributes: Attributes, usual: number): number {
  return (attributes["alpha"] ?? usual) as number;
}

/** Where the right branch's derivative holds. */
function isRight(x: Expr, attributes: Attributes): Expr {
  return atZeroOf(attributes) === 0 ? greater(x, 0) : greaterEqual(x, 0);
}

function kinkAttributes(where: string, { atZero }: KinkOptions): Attributes {
  if (atZero === undefined || atZero === 1) return NONE;
  if (atZero === 0) return { atZero };
  throw new ArgumentError(`${where}: atZero must be 0 or 1, got ${describe(atZero)}`);
}

/** Alpha stands first, so that text can name the branch after it. */
function slopeAttributes(where: string, options: SlopeOptions, usual: number): Attributes {
  const kink = kinkAttributes(where, options);
  const alpha = options.alpha ?? usual;
  if (alpha === usual && kink === NONE) return NONE;
  return { alpha: checkNumber(where, "alpha", alpha), ...kink };
}
