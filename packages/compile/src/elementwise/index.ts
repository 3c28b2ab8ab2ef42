export {
  type ElementwiseCode,
  type ElementwiseContext,
  elementwiseCode,
  fitsLane,
  isElementwise,
} from "./elementwiseCode.ts";
export { type HostKernel, hostKernel, hostKernelModule } from "./hostKernel.ts";
