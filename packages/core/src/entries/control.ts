export { type FunctionBodies, withFunctions } from "../differentiate/withFunctions.ts";
export * from "../ops/control/index.ts";
