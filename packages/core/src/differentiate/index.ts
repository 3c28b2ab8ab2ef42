export { hessian, type JacobianOf, jacobian, laplacian } from "./jacobian.ts";
export { type DirectionsOf, derivative, hvp, jvp, type LikeEach, vjp } from "./products.ts";
export { type GradOptions, grad, type RuleForm, valueAndGrad } from "./reverse.ts";
