import type { Expr } from "@chainrule/core";
import * as c from "@chainrule/core";
import { readAs } from "../importState.ts";
import { asExpr } from "../known.ts";
import type { ImportRule, ImportRules, NodeReading } from "../nodeReading.ts";
import { dtypeFrom } from "../tensors.ts";

/** `f(x)` of the first input. */
const unary =
  (f: (x: Expr) => Expr): ImportRule =>
  (n) =>
    f(n.x());

const binary =
  (f: (a: Expr, b: Expr) => Expr): ImportRule =>
  (n) =>
    f(n.x(0), n.x(1));

/** Any number of inputs, one after another. */
const variadic =
  (f: (a: Expr, b: Expr) => Expr): ImportRule =>
  (n) =>
    n.all().reduce((a, b) => f(a, b));

const isWhole = ({ dtype }: Expr): boolean => dtype === "i32" || dtype === "bool";

/** A quotient; of whole numbers without the rest. */
function quotient(a: Expr, b: Expr): Expr {
  return isWhole(a) && isWhole(b) ? c.cast(c.div(a, b), "i32") : c.div(a, b);
}

/** What changes no whole number. */
const rounding =
  (f: (x: Expr) => Expr): ImportRule =>
  (n) => {
    const x = n.x();
    return isWhole(x) ? x : f(x);
  };

/** The nearest whole number, of two the even one. */
function halfEven(x: Expr): Expr {
  const low = c.floor(x);
  const rest = c.sub(x, low);
  const odd = c.notEqual(c.mod(low, 2), 0);
  const up = c.logicalOr(c.greater(rest, 0.5), c.logicalAnd(c.equal(rest, 0.5), odd));
  return c.add(low, c.cast(up, x.dtype));
}

/** The remainder, with the sign of the divisor, or of the dividend where `fmod` asks for that. */
const remainder: ImportRule = (n) => {
  const [a, b] = [n.x(0), n.x(1)];
  if (n.attributes.number("fmod", 0) === 0) return c.mod(a, b);
  const size = c.mod(c.abs(a), c.abs(b));
  return c.where(c.less(a, 0), c.neg(size), size);
};

const cast: ImportRule = (n) => {
  const to = readAs(n.graph.state, dtypeFrom(n.attributes.number("to")));
  return castTo(n.x(), to);
};

function castTo(x: Expr, to: Expr["dtype"]): Expr {
  if (to === "bool") return c.notEqual(x, 0);
  return c.cast(x, to);
}

/** A value between bounds, of which each may be left out. */
const clip: ImportRule = (n) => {
  const bound = (name: string, i: number): Expr | number | undefined => {
    if (n.attributes.has(name)) return n.attributes.number(name);
    return n.has(i) ? n.x(i) : undefined;
  };
  const [low, high] = [bound("min", 1), bound("max", 2)];
  let out = n.x();
  if (low !== undefined) out = c.max(out, low);
  if (high !== undefined) out = c.min(out, high);
  return out;
};

const slope = (n: NodeReading, usual: number): number => n.attributes.number("alpha", usual);

const kink = (n: NodeReading): { readonly atZero: 0 | 1 } => ({ atZero: n.graph.state.atZero });

/** `max(0, x) + min(0, α (exp(x / α) − 1))`. */
const celu: ImportRule = (n) => {
  const [x, alpha] = [n.x(), slope(n, 1)];
  return c.add(c.relu(x, kink(n)), c.min(0, c.mul(alpha, c.expm1(c.div(x, alpha)))));
};

/** `γ (max(0, x) + min(0, α (exp x − 1)))`. */
const selu: ImportRule = (n) => {
  const x = n.x();
  const alpha = n.attributes.number("alpha", 1.6732631921768188);
  const gamma = n.attributes.number("gamma", 1.0507010221481323);
  return c.mul(gamma, c.elu(x, { alpha, ...kink(n) }));
};

/** `max(0, min(1, α x + β))`. */
function hardSigmoid(x: Expr, alpha: number, beta: number): Expr {
  return c.max(0, c.min(1, c.add(c.mul(alpha, x), beta)));
}

const prelu: ImportRule = (n) => {
  const [x, slopes] = [n.x(0), n.x(1)];
  const at = n.graph.state.atZero === 1 ? c.greaterEqual(x, 0) : c.greater(x, 0);
  return c.where(at, x, c.mul(slopes, x));
};

const gelu: ImportRule = (n) =>
  c.gelu(n.x(), { approximate: n.attributes.text("approximate", "none") as "none" | "tanh" });

const shrink: ImportRule = (n) => {
  const x = n.x();
  const bias = n.attributes.number("bias", 0);
  const edge = n.attributes.number("lambd", 0.5);
  const inner = c.where(c.greater(x, edge), c.sub(x, bias), 0);
  return c.where(c.less(x, -edge), c.add(x, bias), inner);
};

/** `log(1 + exp x)` times tanh: x · tanh(softplus x). */
const mish = (x: Expr): Expr => c.mul(x, c.tanh(c.softplus(x)));

const infinite: ImportRule = (n) => {
  const x = n.x();
  const above = c.equal(x, Number.POSITIVE_INFINITY);
  const below = c.equal(x, Number.NEGATIVE_INFINITY);
  const up = n.attributes.number("detect_positive", 1) !== 0;
  const down = n.attributes.number("detect_negative", 1) !== 0;
  if (up && down) return c.logicalOr(above, below);
  // Of neither sign nothing is infinite.
  return up ? above : down ? below : c.logicalAnd(above, below);
};

const where: ImportRule = (n) => {
  const [yes, no] = [n.value(1), n.value(2)];
  const made = c.where(n.x(0), asExpr(yes), asExpr(no));
  const truths = asExpr(yes).dtype === "bool" && asExpr(no).dtype === "bool";
  return truths && made.dtype !== "bool" ? castTo(made, "bool") : made;
};

/** Elementwise operators. */
export const elementwise: ImportRules = {
  Abs: unary(c.abs),
  Acos: unary(c.acos),
  Acosh: unary(c.acosh),
  Add: binary(c.add),
  And: binary(c.logicalAnd),
  Asin: unary(c.asin),
  Asinh: unary(c.asinh),
  Atan: unary(c.atan),
  Atanh: unary(c.atanh),
  Cast: cast,
  CastLike: (n) => castTo(n.x(0), n.x(1).dtype),
  Ceil: rounding(c.ceil),
  Celu: celu,
  Clip: clip,
  Cos: unary(c.cos),
  Cosh: unary(c.cosh),
  Div: binary(quotient),
  Elu: (n) => c.elu(n.x(), { alpha: slope(n, 1), ...kink(n) }),
  Equal: binary(c.equal),
  Erf: unary(c.erf),
  Exp: unary(c.exp),
  Floor: rounding(c.floor),
  Gelu: gelu,
  Greater: binary(c.greater),
  GreaterOrEqual: binary(c.greaterEqual),
  HardSigmoid: (n) => hardSigmoid(n.x(), slope(n, 0.2), n.attributes.number("beta", 0.5)),
  HardSwish: (n) => c.mul(n.x(), hardSigmoid(n.x(), 1 / 6, 0.5)),
  Identity: (n) => n.value(0),
  IsInf: infinite,
  IsNaN: (n) => c.notEqual(n.x(), n.x()),
  LeakyRelu: (n) => c.leakyRelu(n.x(), { alpha: slope(n, 0.01), ...kink(n) }),
  Less: binary(c.less),
  LessOrEqual: binary(c.lessEqual),
  Log: unary(c.log),
  Max: variadic(c.max),
  Mean: (n) =>
    c.div(
      n.all().reduce((a, b) => c.add(a, b)),
      n.count,
    ),
  Min: variadic(c.min),
  Mish: unary(mish),
  Mod: remainder,
  Mul: binary(c.mul),
  Neg: unary(c.neg),
  Not: unary(c.logicalNot),
  Or: binary(c.logicalOr),
  PRelu: prelu,
  Pow: (n) => {
    const [x, exponent] = [n.x(0), n.x(1)];
    const made = c.pow(x, isWhole(exponent) && !isWhole(x) ? c.cast(exponent, x.dtype) : exponent);
    return made.dtype === x.dtype ? made : c.cast(made, x.dtype);
  },
  Reciprocal: unary(c.reciprocal),
  Relu: (n) => c.relu(n.x(), kink(n)),
  Round: rounding(halfEven),
  Selu: selu,
  Shrink: shrink,
  Sigmoid: unary(c.sigmoid),
  Sign: unary(c.sign),
  Sin: unary(c.sin),
  Sinh: unary(c.sinh),
  Softplus: unary(c.softplus),
  Softsign: unary((x) => c.div(x, c.add(1, c.abs(x)))),
  Sqrt: unary(c.sqrt),
  Sub: binary(c.sub),
  Sum: variadic(c.add),
  Swish: (n) => c.mul(n.x(), c.sigmoid(c.mul(slope(n, 1), n.x()))),
  Tan: unary(c.tan),
  Tanh: unary(c.tanh),
  ThresholdedRelu: (n) => c.where(c.greater(n.x(), slope(n, 1)), n.x(), 0),
  Where: where,
  Xor: binary(c.logicalXor),
};
