import { type DType, type Expr, isFloat, literalValue, promote } from "@chainrule/core";
import type { GraphWriter, Rule, Rules } from "../graphWriter.ts";
import * as doubles from "../lowered/doubles.ts";
import { gemm } from "./gemm.ts";

/** `f(x, …)` on the node's own element type. */
const plain =
  (opType: string): Rule =>
  (w, node) =>
    w.op(opType, w.all(node, node.dtype));

/** What leaves whole numbers as they are. */
const rounding =
  (opType: string): Rule =>
  (w, node) =>
    isFloat(node.dtype) ? w.op(opType, w.all(node, node.dtype)) : own(w, node);

const own = (w: GraphWriter, node: Expr, i = 0): string => w.arg(node, i, node.dtype);

/** The same value by other ops of core: those of its definition, or one of ours. */
const lowered: Rule = (w, node) => {
  const made = node.op.lower?.(node);
  return made === undefined ? w.refuse(node, "an op without a form in ONNX") : w.lower(made);
};

const by =
  (lower: (node: Expr) => Expr): Rule =>
  (w, node) =>
    w.lower(lower(node));

/**
 * An op of ONNX in single precision; in double precision, for which ONNX Runtime has no kernel of it,
 * the same by ops for which it has.
 */
const single =
  (opType: string, double: Rule): Rule =>
  (w, node) =>
    node.dtype === "f32" ? plain(opType)(w, node) : double(w, node);

const bothTypes = ({ args: [a, b] }: Expr): DType => promote((a as Expr).dtype, (b as Expr).dtype);

/** Truth values are compared as whole numbers. */
const comparison =
  (opType: string): Rule =>
  (w, node) => {
    const common = bothTypes(node);
    return w.op(opType, w.all(node, common === "bool" ? "i32" : common));
  };

const logical =
  (opType: string): Rule =>
  (w, node) =>
    w.op(opType, w.all(node, "bool"));

/** A rectifier with a slope. Attributes of ONNX are of single precision, as then is the op. */
const withSlope =
  (opType: string, usual: number): Rule =>
  (w, node) => {
    if (node.dtype !== "f32") return lowered(w, node);
    const alpha = { float: (node.attributes["alpha"] ?? usual) as number };
    return w.op(opType, [own(w, node)], { alpha });
  };

/** `log x / log base`; a quotient, so that powers of the base stay exact. */
const logarithm =
  (base: number): Rule =>
  (w, node) =>
    w.op("Div", [w.op("Log", w.all(node, node.dtype)), w.number(Math.log(base), node.dtype)]);

/** `½ (1 + erf(x / √2))` in single precision; double precision keeps both tails. */
const normalCdf: Rule = (w, node) => {
  if (node.dtype !== "f32") return lowered(w, node);
  const inner = w.op("Div", [own(w, node), w.number(Math.SQRT2, "f32")]);
  const sum = w.op("Add", [w.op("Erf", [inner]), w.number(1, "f32")]);
  return w.op("Mul", [sum, w.number(0.5, "f32")]);
};

const gelu: Rule = (w, node) => {
  const tanh = node.attributes["approximate"] === "tanh";
  if (node.dtype === "f32" && w.state.opset >= 20) {
    return w.op("Gelu", [own(w, node)], { approximate: tanh ? "tanh" : "none" });
  }
  return lowered(w, node);
};

/** Ops through which a sum of masked elements and the count of what is open in it go alike. */
const alike: ReadonlySet<string> = new Set(["broadcastTo", "reshape", "sum", "transpose"]);

/**
 * Whether a mask is open wherever one of the elements is that its value adds up: closed ones are 0 already, and
 * so is a sum of them.
 */
function isOpenWhereItCounts(open: Expr, value: Expr): boolean {
  if (open.op.name !== "greater" || literalValue(open.args[1] as Expr) !== 0) return false;
  let [count, sum] = [open.args[0] as Expr, value];
  while (sum.op.name !== "mask") {
    const same = alike.has(sum.op.name) && count.op === sum.op;
    if (!same || JSON.stringify(count.attributes) !== JSON.stringify(sum.attributes)) return false;
    [count, sum] = [count.args[0] as Expr, sum.args[0] as Expr];
  }
  if (count.op.name === "cast") count = count.args[0] as Expr;
  const inner = sum.args[0] as Expr;
  return count === inner || (count.op.name === "broadcastTo" && count.args[0] === inner);
}

/** A selection; between truth values as whole numbers, since runtimes select no truth values. */
function select(w: GraphWriter, condition: string, node: Expr, sides: readonly string[]): string {
  const chosen = w.op("Where", [condition, ...sides]);
  return node.dtype === "bool" ? w.cast(chosen, "bool") : chosen;
}

/**
 * The remainder with the sign of the divisor, and x where that is 0. ONNX has it for whole numbers, which
 * may not be divided by 0; for others with the sign of x, which is shifted.
 */
const remainder: Rule = (w, node) => {
  const as = node.dtype;
  const [x, y, zero] = [own(w, node, 0), own(w, node, 1), w.number(0, as)];
  const none = w.op("Equal", [y, zero]);
  const divisor = w.op("Where", [none, w.number(1, as), y]);
  const rest = w.op("Mod", [x, divisor], { fmod: isFloat(as) ? 1 : 0 });
  if (!isFloat(as)) return w.op("Where", [none, x, rest]);
  const same = w.op("Equal", [w.op("Less", [rest, zero]), w.op("Less", [y, zero])]);
  const shifted = w.op("Where", [same, rest, w.op("Add", [rest, y])]);
  const exact = w.op("Where", [w.op("Equal", [rest, zero]), zero, shifted]);
  return w.op("Where", [none, x, exact]);
};

/**
 * A quotient. `1 / x` is ONNX's own reciprocal: ONNX Runtime joins `(1 / x) · y` to `y / x`, which in bodies
 * of loops loses y where it is a carry.
 */
const quotient: Rule = (w, node) => {
  const inverted = literalValue(node.args[0] as Expr) === 1 && isFloat(node.dtype);
  return inverted ? w.op("Reciprocal", [own(w, node, 1)]) : plain("Div")(w, node);
};

/** Elementwise ops. Derivatives are nodes of the graph already, so every kink has the branch chosen. */
export const elementwiseRules: Rules = {
  abs: plain("Abs"),
  acos: single("Acos", by(doubles.acos)),
  acosh: single("Acosh", by(doubles.acosh)),
  add: (w, node) => gemm(w, node, 1) ?? plain("Add")(w, node),
  asin: single("Asin", by(doubles.asin)),
  asinh: single("Asinh", by(doubles.asinh)),
  atan: single("Atan", by(doubles.atan)),
  atan2: by(doubles.atan2),
  atanh: single("Atanh", by(doubles.atanh)),
  cbrt: by(doubles.cbrt),
  ceil: rounding("Ceil"),
  clip: lowered,
  cos: plain("Cos"),
  cosh: single("Cosh", by(doubles.cosh)),
  div: quotient,
  elu: withSlope("Elu", 1),
  equal: comparison("Equal"),
  erf: single("Erf", lowered),
  erfc: lowered,
  exp: plain("Exp"),
  expm1: by(doubles.expm1),
  floor: rounding("Floor"),
  gelu,
  greater: comparison("Greater"),
  greaterEqual: comparison("GreaterOrEqual"),
  hypot: lowered,
  leakyRelu: withSlope("LeakyRelu", 0.01),
  less: comparison("Less"),
  lessEqual: comparison("LessOrEqual"),
  log: plain("Log"),
  log10: logarithm(10),
  log1p: by(doubles.log1p),
  log2: logarithm(2),
  logSigmoid: lowered,
  logicalAnd: logical("And"),
  logicalNot: logical("Not"),
  logicalOr: logical("Or"),
  logicalXor: logical("Xor"),
  mask: (w, node) => {
    const [open, value] = node.args as readonly [Expr, Expr];
    if (isOpenWhereItCounts(open, value)) return own(w, node, 1);
    const condition = w.arg(node, 0, "bool");
    if (node.dtype === "bool") return w.op("And", [condition, own(w, node, 1)]);
    return w.op("Where", [condition, own(w, node, 1), w.number(0, node.dtype)]);
  },
  max: plain("Max"),
  min: plain("Min"),
  mod: remainder,
  mul: plain("Mul"),
  neg: plain("Neg"),
  normalCdf,
  notEqual: (w, node) => w.op("Not", [comparison("Equal")(w, node) as string]),
  pow: plain("Pow"),
  reciprocal: plain("Reciprocal"),
  relu: plain("Relu"),
  round: (w, node) => (isFloat(node.dtype) ? lowered(w, node) : own(w, node)),
  sigmoid: single("Sigmoid", lowered),
  sign: lowered,
  silu: lowered,
  sin: plain("Sin"),
  sinh: single("Sinh", by(doubles.sinh)),
  softplus: single("Softplus", lowered),
  sqrt: plain("Sqrt"),
  square: (w, node) => w.op("Mul", [own(w, node), own(w, node)]),
  step: lowered,
  stopGradient: (w, node) => w.op("Identity", [own(w, node)]),
  sub: (w, node) => gemm(w, node, -1) ?? plain("Sub")(w, node),
  tan: single("Tan", by(doubles.tan)),
  tanh: plain("Tanh"),
  where: (w, node) => {
    const as = node.dtype === "bool" ? "i32" : node.dtype;
    return select(w, w.arg(node, 0, "bool"), node, [w.arg(node, 1, as), w.arg(node, 2, as)]);
  },
};
