export { jvp } from "./forward.ts";
export { type GradOptions, grad, type RuleForm, valueAndGrad, vjp } from "./reverse.ts";
export { type FunctionBodies, withFunctions } from "./withFunctions.ts";
