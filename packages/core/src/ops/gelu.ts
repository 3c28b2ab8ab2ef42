import { ArgumentError, describe } from "../errors.ts";
import { type Attributes, type Expr, NONE } from "../expr.ts";
import { named } from "../notation.ts";
import { real } from "../op.ts";
import { logistic, sigmoid } from "./activation.ts";
import { add, div, mul, neg, sqrt, square, sub } from "./arithmetic.ts";
import { normalCdf, normalCdfOf, normalDensity } from "./errorFunction.ts";
import { tanh } from "./hyperbolic.ts";
import { namedConstant } from "./leaf.ts";
import { like, one } from "./literals.ts";
import { type UnaryWith, unaryWith } from "./options.ts";

/** Options of `gelu`. */
export interface GeluOptions {
  /** `"tanh"` for the approximation by a hyperbolic tangent, as in GPT-2. */
  readonly approximate?: "none" | "tanh";
}

/** √(2/π) and 0.044715: Hendrycks & Gimpel 2016, section 2. */
const SCALE: number = /* @__PURE__ */ Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/**
 * Gaussian error linear unit, `x Φ(x)`; with `approximate: "tanh"`
 * `½ x (1 + tanh u)`, `u = √(2/π) (x + 0.044715 x³)`.
 *
 * Derivative `Φ(x) + x φ(x)`. The approximation is computed as `x σ(2u)`, its derivative as
 * `σ(2u) + y σ(−2u) (2u)′`: both keep their left tails, where 1 + tanh u cancels.
 */
export const gelu: UnaryWith<GeluOptions> = /* @__PURE__ */ unaryWith<GeluOptions>(
  {
    name: "gelu",
    flat: "rectifies",
    domain: [real],
    result: "float",
    evaluate: (x, attributes) =>
      isTanh(attributes) ? x * logistic(2 * SCALE * (x + CUBIC * x * x * x)) : x * normalCdfOf(x),
    partials: [
      (x, out, attributes) => {
        if (!isTanh(attributes)) return add(normalCdf(x), mul(x, normalDensity(x)));
        const inner = doubled(x, x);
        const slope = mul(like(x, 2 * SCALE), add(one(x), mul(like(x, 3 * CUBIC), square(x))));
        return add(sigmoid(inner), mul(mul(out, sigmoid(neg(inner))), slope));
      },
    ],
    shown: [
      (x, _out, attributes) => {
        if (!isTanh(attributes)) return add(normalCdf(x), mul(x, normalDensity(x)));
        const cubic = like(x, CUBIC);
        const root = sqrt(div(2, namedConstant("pi")));
        const t = tanh(mul(root, add(x, mul(cubic, mul(x, square(x))))));
        const slope = mul(root, add(1, mul(mul(3, cubic), square(x))));
        const left = mul(0.5, add(1, t));
        return add(left, mul(mul(mul(0.5, x), sub(1, square(t))), slope));
      },
    ],
    lower: (node) => {
      const x = node.args[0] as Expr;
      return mul(x, isTanh(node.attributes) ? sigmoid(doubled(x, node)) : normalCdf(x));
    },
    examples: [
      { at: [0], value: 0, partials: [0.5] },
      // To 60 digits by mpmath, as the ones below.
      { at: [1], value: 0.8413447460685429, partials: [1.0833154705876864] },
      { at: [-10], value: -7.619853024160526e-23, partials: [-7.618400096464814e-22] },
      {
        at: [1],
        value: 0.8411919906082767,
        partials: [1.0829640838457826],
        attributes: { approximate: "tanh" },
      },
      { at: [-60], value: -0, partials: [0], attributes: { approximate: "tanh" } },
    ],
    notation: named("GELU"),
  },
  ({ approximate }) => {
    if (approximate === undefined || approximate === "none") return NONE;
    if (approximate === "tanh") return { approximate };
    throw new ArgumentError(
      `gelu: approximate must be "none" or "tanh", got ${describe(approximate)}`,
    );
  },
);

function isTanh(attributes: Attributes): boolean {
  return attributes["approximate"] === "tanh";
}

/** `2u`, in the element type of `typed`. */
function doubled(x: Expr, typed: Expr): Expr {
  const cube = mul(mul(mul(like(typed, CUBIC), x), x), x);
  return mul(like(typed, 2 * SCALE), add(x, cube));
}
