export { jvp } from "./forward.ts";
export { grad, valueAndGrad, vjp } from "./reverse.ts";
