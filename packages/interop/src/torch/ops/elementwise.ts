import type { DType, Expr } from "@chainrule/core";
import { numberText } from "../literals.ts";
import type { Rule, Translation } from "../translate.ts";

/** `f(x)` on the node's own element type. */
const unary =
  (name: string): Rule =>
  (t) =>
    `${name}(${t.arg(0, { as: t.node.dtype, tensor: true })})`;

/** `a ∘ b` on the node's own element type; parentheses are the writer's business, one node a line. */
const infix =
  (sign: string): Rule =>
  (t) =>
    `${t.arg(0, { as: t.node.dtype })} ${sign} ${t.arg(1, { as: t.node.dtype })}`;

/** Both as tensors of the type that they are compared in. */
const common = (t: Translation): DType => {
  const [a, b] = t.node.args as readonly [Expr, Expr];
  const order: readonly DType[] = ["bool", "i32", "f32", "f64"];
  return order[Math.max(order.indexOf(a.dtype), order.indexOf(b.dtype))] as DType;
};

const comparison =
  (sign: string): Rule =>
  (t) =>
    `${t.arg(0, { as: common(t), tensor: true })} ${sign} ${t.arg(1, { as: common(t) })}`;

const truth = (t: Translation, i: number): string => t.arg(i, { as: "bool", tensor: true });

const logical =
  (sign: string): Rule =>
  (t) =>
    `${truth(t, 0)} ${sign} ${truth(t, 1)}`;

const both =
  (name: string): Rule =>
  (t) => {
    const as = t.node.dtype;
    return `${name}(${t.arg(0, { as, tensor: true })}, ${t.arg(1, { as, tensor: true })})`;
  };

function attribute({ attributes, node }: Translation, name: string, usual: number): string {
  return numberText((attributes[name] ?? usual) as number, node.dtype);
}

const float = (t: Translation): string => t.arg(0, { as: t.node.dtype, tensor: true });

/** Elementwise ops. Where PyTorch's own function has another derivative at a kink, ours is written out. */
export const elementwiseRules: Readonly<Record<string, Rule>> = {
  abs: unary("torch.abs"),
  acos: unary("torch.acos"),
  acosh: unary("torch.acosh"),
  add: infix("+"),
  asin: unary("torch.asin"),
  asinh: unary("torch.asinh"),
  atan: unary("torch.atan"),
  atan2: both("torch.atan2"),
  atanh: unary("torch.atanh"),
  cbrt: (t) => t.helper("cbrt", float(t)),
  ceil: unary("torch.ceil"),
  clip: (t) => {
    const as = t.node.dtype;
    const bounds = [1, 2].map((i) => t.arg(i, { as, tensor: true }));
    return `torch.clamp(${float(t)}, ${bounds.join(", ")})`;
  },
  cos: unary("torch.cos"),
  cosh: unary("torch.cosh"),
  div: infix("/"),
  elu: (t) =>
    t.attributes["atZero"] === 0
      ? `F.elu(${float(t)}, ${attribute(t, "alpha", 1)})`
      : t.helper("elu", float(t), attribute(t, "alpha", 1)),
  equal: comparison("=="),
  erf: unary("torch.erf"),
  erfc: unary("torch.erfc"),
  exp: unary("torch.exp"),
  expm1: unary("torch.expm1"),
  floor: unary("torch.floor"),
  gelu: (t) =>
    t.attributes["approximate"] === "tanh"
      ? `F.gelu(${float(t)}, approximate="tanh")`
      : `F.gelu(${float(t)})`,
  greater: comparison(">"),
  greaterEqual: comparison(">="),
  hypot: (t) => {
    const as = t.node.dtype;
    return t.helper("hypot", t.arg(0, { as, tensor: true }), t.arg(1, { as, tensor: true }));
  },
  leakyRelu: (t) => {
    const x = float(t);
    const sign = t.attributes["atZero"] === 0 ? ">" : ">=";
    return `torch.where(${x} ${sign} 0, ${x}, ${attribute(t, "alpha", 0.01)} * ${x})`;
  },
  less: comparison("<"),
  lessEqual: comparison("<="),
  log: unary("torch.log"),
  log10: unary("torch.log10"),
  log1p: unary("torch.log1p"),
  log2: unary("torch.log2"),
  logSigmoid: unary("F.logsigmoid"),
  logicalAnd: logical("&"),
  logicalNot: (t) => `~${truth(t, 0)}`,
  logicalOr: logical("|"),
  logicalXor: logical("^"),
  mask: (t) => {
    const as = t.node.dtype;
    const zero = numberText(0, as);
    return `torch.where(${truth(t, 0)}, ${t.arg(1, { as, tensor: true })}, ${zero})`;
  },
  max: both("torch.maximum"),
  min: both("torch.minimum"),
  mod: (t) => {
    const as = t.node.dtype;
    return t.helper("mod", t.arg(0, { as, tensor: true }), t.arg(1, { as, tensor: true }));
  },
  mul: infix("*"),
  neg: (t) => `-${t.arg(0, { as: t.node.dtype, tensor: true })}`,
  normalCdf: unary("torch.special.ndtr"),
  notEqual: comparison("!="),
  pow: infix("**"),
  reciprocal: (t) => `1.0 / ${float(t)}`,
  relu: (t) =>
    t.attributes["atZero"] === 0 ? `torch.relu(${float(t)})` : t.helper("relu", float(t)),
  round: (t) => t.helper("round_half_away", float(t)),
  sigmoid: unary("torch.sigmoid"),
  sign: unary("torch.sign"),
  silu: unary("F.silu"),
  sin: unary("torch.sin"),
  sinh: unary("torch.sinh"),
  // F.softplus is linear beyond a threshold, where it is off by e^-20.
  softplus: (t) => `-F.logsigmoid(-${float(t)})`,
  sqrt: unary("torch.sqrt"),
  square: unary("torch.square"),
  step: (t) => t.helper("unit_step", float(t), attribute(t, "atZero", 1)),
  stopGradient: (t) => `${float(t)}.detach()`,
  sub: infix("-"),
  tan: unary("torch.tan"),
  tanh: unary("torch.tanh"),
  where: (t) => {
    const as = t.node.dtype;
    const sides = [1, 2].map((i) => t.arg(i, { as, tensor: i === 1 }));
    return `torch.where(${truth(t, 0)}, ${sides.join(", ")})`;
  },
};
