import type { Expr } from "@chainrule/core";
import type { GraphWriter, Rule, Rules } from "../graphWriter.ts";

const axesOf = (node: Expr): readonly number[] => node.attributes["axes"] as readonly number[];
const keeps = (node: Expr): boolean => node.attributes["keepDims"] === true;

/** A reduction that ONNX has. Over no axes it gives the elements as they are. */
const reduction =
  (opType: string): Rule =>
  (w, node) => {
    const x = w.arg(node, 0, node.dtype);
    return axesOf(node).length === 0 ? x : w.reduce(opType, x, axesOf(node), keeps(node));
  };

/** How many elements are, or are not, 0. */
function count(w: GraphWriter, node: Expr, opposite: boolean): string {
  const truths = w.arg(node, 0, "bool");
  const counted = w.cast(opposite ? w.op("Not", [truths]) : truths, "i32");
  return axesOf(node).length === 0
    ? counted
    : w.reduce("ReduceSum", counted, axesOf(node), keeps(node));
}

const lowered: Rule = (w, node) => {
  const made = node.op.lower?.(node);
  return made === undefined ? w.refuse(node, "an op without a form in ONNX") : w.lower(made);
};

/** Over one axis by ONNX's own op, over several by the definition. */
const normalization =
  (opType: string): Rule =>
  (w, node) => {
    const [axis, ...more] = axesOf(node);
    if (axis === undefined || more.length > 0) return lowered(w, node);
    return w.op(opType, [w.arg(node, 0, node.dtype)], { axis });
  };

const index =
  (opType: string): Rule =>
  (w, node) => {
    const source = (node.args[0] as Expr).dtype;
    const x = w.arg(node, 0, source === "bool" ? "i32" : source);
    const [axis = 0] = axesOf(node);
    return w.cast(w.op(opType, [x], { axis, keepdims: keeps(node) ? 1 : 0 }), "i32");
  };

/** Ops that bring many elements to one, or to as many that know of each other. */
export const reductionRules: Rules = {
  all: (w, node) => w.op("Equal", [count(w, node, true), w.number(0, "i32")]),
  any: (w, node) => w.op("Greater", [count(w, node, false), w.number(0, "i32")]),
  argmax: index("ArgMax"),
  argmin: index("ArgMin"),
  cumulativeSum: (w, node) =>
    w.op(
      "CumSum",
      [w.arg(node, 0, node.dtype), w.number(node.attributes["axis"] as number, "i64")],
      {
        reverse: node.attributes["reverse"] === true ? 1 : 0,
      },
    ),
  logSoftmax: normalization("LogSoftmax"),
  logSumExp: reduction("ReduceLogSumExp"),
  mean: reduction("ReduceMean"),
  norm: lowered,
  prod: reduction("ReduceProd"),
  prodExcept: lowered,
  reduceMax: reduction("ReduceMax"),
  reduceMin: reduction("ReduceMin"),
  softmax: normalization("Softmax"),
  sum: reduction("ReduceSum"),
};
