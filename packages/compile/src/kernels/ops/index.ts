import { matmul, type Op } from "@chainrule/core";
import type { Kernel } from "../../tensor/kernel.ts";
import { matmulKernel } from "./matmul.ts";

/** The ops that have code of their own because they are no plain loops over elements. */
export const kernels: ReadonlyMap<Op, Kernel> = /* @__PURE__ */ new Map<Op, Kernel>([
  [matmul.op, matmulKernel],
]);

export {
  type Matrices,
  matmulStep,
  type Product,
  type ProductContext,
  type ProductType,
  productScratch,
} from "./matmul.ts";
