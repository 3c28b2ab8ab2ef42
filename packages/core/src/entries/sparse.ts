export type { Pattern } from "../differentiate/coloring.ts";
export { sparseHessian } from "../differentiate/sparseHessian.ts";
export { sparseJacobian } from "../differentiate/sparseJacobian.ts";
export type { ScalarMatrix, SparseMatrix, TensorMatrix } from "../differentiate/sparseMatrix.ts";
