import type { Dim, DType, Expr } from "@chainrule/core";
import { listText, torchType, tupleText } from "../literals.ts";
import type { Rule, Translation } from "../translate.ts";

const own = (t: Translation, i = 0): string => t.arg(i, { as: t.node.dtype, tensor: true });
const plain = (t: Translation, i = 0): string => t.arg(i, { tensor: true });
const indices = (t: Translation, i: number): string => `${t.arg(i, { tensor: true })}.long()`;
const axisOf = (t: Translation): number => t.attributes["axis"] as number;
const axesOf = (t: Translation): readonly number[] => t.attributes["axes"] as readonly number[];

/** The arguments `dim=…` and `keepdim=…` of a reduction. */
function reduced(t: Translation): string {
  const axes = axesOf(t);
  const dim = axes.length === 1 ? String(axes[0]) : tupleText(axes);
  return `dim=${dim}${t.attributes["keepDims"] === true ? ", keepdim=True" : ""}`;
}

/** A reduction over any axes at once. No axes means the elements as they are. */
const reduction =
  (method: string, more = ""): Rule =>
  (t) => {
    const x = own(t);
    return axesOf(t).length === 0 ? x : `${x}.${method}(${reduced(t)}${more})`;
  };

/** A reduction that PyTorch has for one axis only: from the last axis to the first. */
const oneByOne =
  (method: string, operand: (t: Translation) => string, more = ""): Rule =>
  (t) => {
    const keep = t.attributes["keepDims"] === true ? ", keepdim=True" : "";
    const steps = axesOf(t).toSorted((a, b) => b - a);
    return steps.reduce((text, axis) => `${text}.${method}(${axis}${keep}${more})`, operand(t));
  };

const joined =
  (name: string): Rule =>
  (t) => {
    const parts = t.node.args.map((_, i) => own(t, i));
    return `${name}(${listText(parts)}, dim=${axisOf(t)})`;
  };

const square =
  (name: string, behind = ""): Rule =>
  (t) =>
    `${name}(${own(t)})${behind}`;

const index =
  (name: string): Rule =>
  (t) => {
    const keep = t.attributes["keepDims"] === true ? ", keepdim=True" : "";
    const { dtype } = t.node.args[0] as Expr;
    const as: DType = dtype === "bool" ? "i32" : dtype;
    const [axis = 0] = (t.attributes["axes"] as readonly number[] | undefined) ?? [axisOf(t)];
    return `${t.arg(0, { as, tensor: true })}.${name}(dim=${axis}${keep}).to(torch.int32)`;
  };

/** `softmax` over one axis has a function; over several it is written with the sum of exponentials. */
const normalised =
  (name: string, over: (x: string, sum: string) => string): Rule =>
  (t) => {
    const x = own(t);
    const axes = axesOf(t);
    if (axes.length === 1) return `F.${name}(${x}, dim=${axes[0]})`;
    return over(x, `torch.logsumexp(${x}, dim=${tupleText(axes)}, keepdim=True)`);
  };

/** Ops on whole tensors. */
export const tensorRules: Readonly<Record<string, Rule>> = {
  all: oneByOne("all", (t) => t.arg(0, { as: "bool", tensor: true })),
  any: oneByOne("any", (t) => t.arg(0, { as: "bool", tensor: true })),
  argmax: index("argmax"),
  argmin: index("argmin"),
  broadcastTo: (t) => `${plain(t)}.expand(${t.sizes(t.node.shape)})`,
  cast: (t) => t.arg(0, { as: t.node.dtype, tensor: true }),
  cholesky: square("torch.linalg.cholesky"),
  concat: joined("torch.cat"),
  cumulativeSum: (t) => {
    const x = own(t);
    const axis = axisOf(t);
    const sum = (of: string): string =>
      `torch.cumsum(${of}, dim=${axis}, dtype=${torchType(t.node.dtype)})`;
    return t.attributes["reverse"] === true ? `${sum(`${x}.flip(${axis})`)}.flip(${axis})` : sum(x);
  },
  determinant: square("torch.linalg.det"),
  einsum: (t) => {
    const parts = t.node.args.map((_, i) => own(t, i));
    return `torch.einsum(${asciiLabels(t.attributes["text"] as string)}, ${parts.join(", ")})`;
  },
  gather: (t) => `torch.gather(${plain(t)}, ${axisOf(t)}, ${indices(t, 1)})`,
  inverse: square("torch.linalg.inv"),
  iota: (t) =>
    `torch.arange(${t.size(t.node.shape[0] as Dim)}, dtype=${torchType(t.node.dtype)}, device=${t.device()})`,
  logDet: square("torch.linalg.slogdet", "[1]"),
  logSoftmax: normalised("log_softmax", (x, sum) => `${x} - ${sum}`),
  logSumExp: (t) => (axesOf(t).length === 0 ? own(t) : `torch.logsumexp(${own(t)}, ${reduced(t)})`),
  matmul: (t) => `${own(t, 0)} @ ${own(t, 1)}`,
  mean: reduction("mean"),
  norm: (t) =>
    axesOf(t).length === 0
      ? `torch.abs(${own(t)})`
      : `torch.linalg.vector_norm(${own(t)}, ${reduced(t)})`,
  oneHot: (t) =>
    `F.one_hot(${indices(t, 0)}, ${t.size(t.node.shape.at(-1) as Dim)}).to(${torchType(t.node.dtype)})`,
  outer: (t) => `torch.tensordot(${own(t, 0)}, ${own(t, 1)}, dims=0)`,
  place: (t) => {
    const { start, step, length } = t.attributes as never as Record<string, number>;
    return t.helper("place", plain(t), axisOf(t), start ?? 0, step ?? 1, t.size(length as never));
  },
  prod: (t) => oneByOne("prod", (inner) => own(inner), `, dtype=${torchType(t.node.dtype)}`)(t),
  prodExcept: (t) => t.helper("prod_except", own(t), axisOf(t)),
  reduceMax: reduction("amax"),
  reduceMin: reduction("amin"),
  reshape: (t) => `${plain(t)}.reshape(${tupleOf(t)})`,
  scatterAdd: (t) => `torch.scatter_add(${own(t)}, ${axisOf(t)}, ${indices(t, 1)}, ${own(t, 2)})`,
  segmentSum: (t) => {
    const count = t.attributes["count"] as never;
    return t.helper("segment_sum", own(t), indices(t, 1), axisOf(t), t.size(count));
  },
  signDet: square("torch.linalg.slogdet", "[0]"),
  slice: (t) => {
    const { start = 0, step = 1 } = t.attributes as never as Record<string, number>;
    const size = t.attributes["size"] as number | string;
    const axis = axisOf(t);
    if (step > 0 && start >= 0 && typeof size === "number") {
      const stop = size === 0 ? start : start + step * (size - 1) + 1;
      const range = `${start}:${stop}${step === 1 ? "" : `:${step}`}`;
      return `${plain(t)}[${":, ".repeat(axis)}${range}]`;
    }
    return t.helper("strided", plain(t), axis, start, step, t.size(size));
  },
  softmax: normalised("softmax", (x, sum) => `torch.exp(${x} - ${sum})`),
  solve: (t) => t.helper("solve", own(t, 0), own(t, 1)),
  stack: (t) => {
    const numbers = t.numbers();
    if (numbers === undefined) return joined("torch.stack")(t);
    const type = torchType(t.node.dtype);
    return `torch.tensor(${listText(numbers)}, dtype=${type}, device=${t.device()})`;
  },
  sum: (t) => reduction("sum", t.node.dtype === "i32" ? ", dtype=torch.int32" : "")(t),
  take: (t) => {
    const axis = axisOf(t);
    if (axis === 0) return `${plain(t)}[${indices(t, 1)}]`;
    return t.helper("take", plain(t), indices(t, 1), axis);
  },
  transpose: (t) => {
    const order = t.attributes["permutation"] as readonly number[];
    return order.length === 2 && order[0] === 1
      ? `${plain(t)}.T`
      : `${plain(t)}.permute(${listText(order)})`;
  },
  triangularSolve: (t) => {
    const { upper, transposed } = t.attributes as never as Record<string, boolean>;
    const flag = (value: boolean | undefined): string => (value === true ? "True" : "False");
    return t.helper("triangular_solve", own(t, 0), own(t, 1), flag(upper), flag(transposed));
  },
};

function tupleOf(t: Translation): string {
  return tupleText(t.node.shape.map((dim) => t.size(dim)));
}

/** Labels of any alphabet as the 52 letters that PyTorch takes. */
function asciiLabels(text: string): string {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const labels = [...new Set(text.match(/\p{L}/gu) ?? [])];
  if (labels.every((label) => letters.includes(label))) return JSON.stringify(text);
  const named = new Map(labels.map((label, i) => [label, letters[i] ?? "?"]));
  return JSON.stringify(text.replace(/\p{L}/gu, (label) => named.get(label) ?? "?"));
}
