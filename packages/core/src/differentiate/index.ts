export type { Pattern } from "./coloring.ts";
export { hessian, type JacobianOf, jacobian, laplacian } from "./jacobian.ts";
export { type DirectionsOf, derivative, hvp, jvp, type LikeEach, vjp } from "./products.ts";
export { type GradOptions, grad, type RuleForm, valueAndGrad } from "./reverse.ts";
export { sparseHessian } from "./sparseHessian.ts";
export { sparseJacobian } from "./sparseJacobian.ts";
export type { ScalarMatrix, SparseMatrix, TensorMatrix } from "./sparseMatrix.ts";
export { type FunctionBodies, withFunctions } from "./withFunctions.ts";
