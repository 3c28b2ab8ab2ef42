import { add, type Expr, einsum, matmul, mul, transpose } from "@chainrule/core";
import { determinant } from "@chainrule/core/linear";
import type { ImportRule, ImportRules } from "../nodeReading.ts";

const scaled = (x: Expr, by: number): Expr => (by === 1 ? x : mul(by, x));

/** `α A B + β C`, with A and B transposed where asked for. */
const gemm: ImportRule = (n) => {
  const side = (i: number, flag: string): Expr =>
    n.attributes.number(flag, 0) === 0 ? n.x(i) : transpose(n.x(i));
  const product = scaled(
    matmul(side(0, "transA"), side(1, "transB")),
    n.attributes.number("alpha", 1),
  );
  if (!n.has(2)) return product;
  return add(product, scaled(n.x(2), n.attributes.number("beta", 1)));
};

/** Products of matrices. */
export const contraction: ImportRules = {
  Det: (n) => determinant(n.x()),
  Einsum: (n) => einsum(n.attributes.text("equation"), ...n.all()),
  Gemm: gemm,
  MatMul: (n) => matmul(n.x(0), n.x(1)),
};
