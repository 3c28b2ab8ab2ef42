import type { Dim, Expr } from "@chainrule/core";
import type { Rule } from "./writer.ts";

const f =
  (name: string): Rule =>
  (_, args) =>
    `np.${name}(${args.join(", ")})`;
const helper =
  (name: string): Rule =>
  (_, args) =>
    `${name}(${args.join(", ")})`;

/** Two numbers of Python would raise errors where arrays give infinities. */
const isNumber = (text: string | undefined): boolean => /^[-\d.(]|^math\./.test(text ?? "");

const infix =
  (sign: string, name: string): Rule =>
  (_, [a, b]) =>
    isNumber(a) && isNumber(b) ? `np.${name}(${a}, ${b})` : `${a} ${sign} ${b}`;

/** `(0,)` */
function tuple(items: readonly (string | number)[]): string {
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

/** A size by its number, or by the variable of its name. */
export const sizeName = (dim: Dim): string => (typeof dim === "number" ? `${dim}` : `size_${dim}`);

function axes({ attributes }: Expr): string {
  const list = (attributes["axes"] ?? [attributes["axis"]]) as readonly number[];
  return `axis=${tuple(list)}${attributes["keepDims"] === true ? ", keepdims=True" : ""}`;
}

const reduction =
  (name: string): Rule =>
  (node, [x]) =>
    `np.${name}(${x}, ${axes(node)})`;

const over =
  (name: string): Rule =>
  (node, [x]) =>
    `${name}(${x}, ${axes(node).replace("axis=", "")})`;

const axis = ({ attributes }: Expr): number => attributes["axis"] as number;
const shapeOf = ({ shape }: Expr): string => tuple(shape.map(sizeName));

const extreme =
  (name: string): Rule =>
  (node, [x]) => {
    const list = node.attributes["axes"] as readonly number[] | undefined;
    const keep = node.attributes["keepDims"] === true ? ", keepdims=True" : "";
    return `np.${name}(${x}, axis=${list?.[0] ?? axis(node)}${keep})`;
  };

/** Windows of an axis from its start, step and length. */
function range(node: Expr, length: Dim): string {
  const { start = 0, step = 1 } = node.attributes as Readonly<Record<string, number>>;
  return `${axis(node)}, ${start}, ${step}, ${sizeName(length)}`;
}

/** Ops as expressions of NumPy; helpers are in `numpyHelpers`. */
export const numpyRules: Readonly<Record<string, Rule>> = {
  abs: f("abs"),
  acos: f("arccos"),
  acosh: f("arccosh"),
  add: infix("+", "add"),
  all: reduction("all"),
  any: reduction("any"),
  argmax: extreme("argmax"),
  argmin: extreme("argmin"),
  asin: f("arcsin"),
  asinh: f("arcsinh"),
  atan: f("arctan"),
  atan2: f("arctan2"),
  atanh: f("arctanh"),
  broadcastTo: (node, [x]) => `np.broadcast_to(${x}, ${shapeOf(node)})`,
  cast: (_, [x]) => `np.asarray(${x})`,
  cbrt: f("cbrt"),
  ceil: f("ceil"),
  cholesky: f("linalg.cholesky"),
  clip: (_, [x, low, high]) => `np.minimum(np.maximum(${x}, ${low}), ${high})`,
  concat: (node, parts) => `np.concatenate([${parts.join(", ")}], axis=${axis(node)})`,
  cos: f("cos"),
  cosh: f("cosh"),
  cumulativeSum: (node, [x]) =>
    node.attributes["reverse"] === true
      ? `np.flip(np.cumsum(np.flip(${x}, ${axis(node)}), axis=${axis(node)}), ${axis(node)})`
      : `np.cumsum(${x}, axis=${axis(node)})`,
  determinant: f("linalg.det"),
  div: infix("/", "divide"),
  einsum: (node, parts) => `np.einsum(${labels(node)}, ${parts.join(", ")})`,
  equal: infix("==", "equal"),
  erf: helper("erf"),
  erfc: helper("erfc"),
  exp: f("exp"),
  expm1: f("expm1"),
  floor: f("floor"),
  gather: (node, [x, at]) => `np.take_along_axis(${x}, ${at}, axis=${axis(node)})`,
  greater: infix(">", "greater"),
  greaterEqual: infix(">=", "greater_equal"),
  hypot: f("hypot"),
  inverse: f("linalg.inv"),
  iota: (node) => `np.arange(${sizeName(node.shape[0] as Dim)})`,
  less: infix("<", "less"),
  lessEqual: infix("<=", "less_equal"),
  log: f("log"),
  log10: f("log10"),
  log1p: f("log1p"),
  log2: f("log2"),
  logDet: (_, [x]) => `np.linalg.slogdet(${x})[1]`,
  logSigmoid: (_, [x]) => `-softplus(-(${x}))`,
  logSoftmax: over("log_softmax"),
  logSumExp: over("log_sum_exp"),
  logicalAnd: f("logical_and"),
  logicalNot: f("logical_not"),
  logicalOr: f("logical_or"),
  logicalXor: f("logical_xor"),
  mask: (_, [condition, x]) => `np.where(${condition}, ${x}, 0.0)`,
  matmul: (_, [a, b]) => `${a} @ ${b}`,
  max: f("maximum"),
  mean: reduction("mean"),
  min: f("minimum"),
  mod: helper("modulo"),
  mul: infix("*", "multiply"),
  neg: f("negative"),
  normalCdf: (_, [x]) => `0.5 * erfc(-(${x}) / math.sqrt(2.0))`,
  notEqual: infix("!=", "not_equal"),
  oneHot: (node, [x]) =>
    `np.equal(np.expand_dims(${x}, -1), np.arange(${sizeName(node.shape.at(-1) as Dim)}))`,
  outer: (_, [a, b]) => `np.multiply.outer(${a}, ${b})`,
  place: (node, [x]) => `place(${x}, ${range(node, node.attributes["length"] as Dim)})`,
  pow: f("power"),
  prod: reduction("prod"),
  reciprocal: (_, [x]) => `np.divide(1.0, ${x})`,
  reduceMax: reduction("max"),
  reduceMin: reduction("min"),
  relu: (_, [x]) => `np.maximum(${x}, 0.0)`,
  reshape: (node, [x]) => `np.reshape(${x}, ${shapeOf(node)})`,
  round: helper("round_half_away"),
  scatterAdd: (node, [x, at, y]) => `scatter_add(${x}, ${axis(node)}, ${at}, ${y})`,
  segmentSum: (node, [x, at]) =>
    `segment_sum(${x}, ${at}, ${axis(node)}, ${sizeName(node.attributes["count"] as Dim)})`,
  sigmoid: (_, [x]) => `1.0 / (1.0 + np.exp(-(${x})))`,
  sign: f("sign"),
  signDet: (_, [x]) => `np.linalg.slogdet(${x})[0]`,
  sin: f("sin"),
  sinh: f("sinh"),
  slice: (node, [x]) => `strided(${x}, ${range(node, node.attributes["size"] as Dim)})`,
  softmax: (node, [x]) => `np.exp(log_softmax(${x}, ${axes(node).replace("axis=", "")}))`,
  softplus: helper("softplus"),
  sqrt: f("sqrt"),
  square: f("square"),
  stack: (node, parts) => `np.stack([${parts.join(", ")}], axis=${axis(node)})`,
  step: ({ attributes }, [x]) => `np.heaviside(${x}, ${attributes["atZero"] ?? 1}.0)`,
  stopGradient: (_, [x]) => `np.asarray(${x})`,
  sub: infix("-", "subtract"),
  sum: reduction("sum"),
  take: (node, [x, at]) => `np.take(${x}, ${at}, axis=${axis(node)})`,
  tan: f("tan"),
  tanh: f("tanh"),
  transpose: (node, [x]) =>
    `np.transpose(${x}, ${tuple(node.attributes["permutation"] as readonly number[])})`,
  where: f("where"),
};

/** Labels of any alphabet as those that NumPy takes. */
function labels({ attributes }: Expr): string {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const text = attributes["text"] as string;
  const own = [...new Set(text.match(/\p{L}/gu) ?? [])];
  const named = new Map(own.map((label, i) => [label, letters[i] ?? "?"]));
  return JSON.stringify(text.replace(/\p{L}/gu, (label) => named.get(label) ?? "?"));
}

/** Functions that a module holds where its lines call them, callees first. */
export const numpyHelpers: Readonly<Record<string, string>> = {
  erf: `erf = np.vectorize(math.erf, otypes=[float])`,
  erfc: `erfc = np.vectorize(math.erfc, otypes=[float])`,
  softplus: `def softplus(x):
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))`,
  modulo: `def modulo(x, y):
    # By 0 the rest is the dividend.
    return np.where(np.equal(y, 0.0), x, np.mod(x, y))`,
  round_half_away: `def round_half_away(x):
    below = np.floor(np.abs(x))
    return np.copysign(np.where(np.abs(x) - below >= 0.5, below + 1.0, below), x)`,
  log_sum_exp: `def log_sum_exp(x, axis, keepdims=False):
    top = np.max(x, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    total = np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top
    return total if keepdims else np.squeeze(total, axis=axis)`,
  log_softmax: `def log_softmax(x, axis):
    return x - log_sum_exp(x, axis, keepdims=True)`,
  strided: `def strided(x, axis, start, step, size):
    return np.take(x, start + step * np.arange(size), axis=axis)`,
  place: `def place(x, axis, start, step, length):
    shape = list(x.shape)
    shape[axis] = length
    out = np.zeros(shape, dtype=x.dtype)
    at = [slice(None)] * x.ndim
    at[axis] = start + step * np.arange(x.shape[axis])
    out[tuple(at)] = x
    return out`,
  scatter_add: `def scatter_add(x, axis, at, y):
    out = np.array(x)
    where = list(np.indices(np.shape(at)))
    where[axis] = at
    np.add.at(out, tuple(where), y)
    return out`,
  segment_sum: `def segment_sum(x, at, axis, count):
    rank = np.ndim(at)
    moved = np.moveaxis(x, range(axis, axis + rank), range(rank))
    out = np.zeros((count,) + moved.shape[rank:], dtype=x.dtype)
    np.add.at(out, at, moved)
    return np.moveaxis(out, 0, axis)`,
};
