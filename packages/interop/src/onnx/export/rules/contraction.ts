import type { Expr } from "@chainrule/core";
import type { Rule, Rules } from "../graphWriter.ts";
import * as linear from "../lowered/linear.ts";

const by =
  (lower: (node: Expr) => Expr): Rule =>
  (w, node) =>
    w.lower(lower(node));

const lowered: Rule = (w, node) => w.lower((node.op.lower as (node: Expr) => Expr)(node));

/** Products of matrices, and linear algebra. */
export const contractionRules: Rules = {
  cholesky: by(linear.cholesky),
  determinant: by(linear.determinant),
  einsum: lowered,
  inverse: lowered,
  logDet: by(linear.logDet),
  matmul: (w, node) => w.op("MatMul", w.all(node, node.dtype)),
  outer: lowered,
  signDet: by(linear.signDet),
  solve: by(linear.solve),
  triangularSolve: by(linear.triangularSolve),
};
