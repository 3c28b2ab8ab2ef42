import {
  argmax,
  argmin,
  cumulativeSum,
  gather,
  matmul,
  type Op,
  prodExcept,
  scatterAdd,
  segmentSum,
  take,
} from "@chainrule/core";
import { map } from "@chainrule/core/control";
import {
  averagePool,
  averagePoolSpread,
  convolution,
  convolutionInput,
  convolutionKernel,
  maxPool,
  maxPoolSelect,
  maxPoolSpread,
} from "@chainrule/core/conv";
import {
  cholesky,
  determinant,
  logDet,
  signDet,
  solve,
  triangularSolve,
} from "@chainrule/core/linear";
import { randomBits, randomUniform, threefry } from "@chainrule/core/random";
import { mapKernel } from "../../map/mapKernel.ts";
import type { Kernel } from "../../tensor/kernel.ts";
import { argmaxKernel, argminKernel } from "./argExtreme.ts";
import { choleskyKernel } from "./cholesky.ts";
import { forwardKernel } from "./convolution.ts";
import { inputGradientKernel, kernelGradientKernel } from "./convolutionGradients.ts";
import { cumulativeSumKernel } from "./cumulativeSum.ts";
import { gatherKernel, scatterAddKernel } from "./gather.ts";
import { matmulKernel } from "./matmul.ts";
import {
  averagePoolKernel,
  averagePoolSpreadKernel,
  maxPoolKernel,
  maxPoolSelectKernel,
  maxPoolSpreadKernel,
} from "./pooling.ts";
import { prodExceptKernel } from "./prodExcept.ts";
import { randomBitsKernel, randomUniformKernel, threefryKernel } from "./random.ts";
import { determinantKernel, logDetKernel, signDetKernel, solveKernel } from "./solve.ts";
import { segmentSumKernel, takeKernel } from "./take.ts";
import { triangularSolveKernel } from "./triangularSolve.ts";

/** The ops that have code of their own because they are no plain loops over elements. */
export const kernels: ReadonlyMap<Op, Kernel> = /* @__PURE__ */ new Map<Op, Kernel>([
  [map.op, mapKernel],
  [matmul.op, matmulKernel],
  [gather.op, gatherKernel],
  [scatterAdd.op, scatterAddKernel],
  [take.op, takeKernel],
  [segmentSum.op, segmentSumKernel],
  [cumulativeSum.op, cumulativeSumKernel],
  [argmax.op, argmaxKernel],
  [argmin.op, argminKernel],
  [convolution.op, forwardKernel],
  [convolutionInput.op, inputGradientKernel],
  [convolutionKernel.op, kernelGradientKernel],
  [maxPool.op, maxPoolKernel],
  [maxPoolSelect.op, maxPoolSelectKernel],
  [maxPoolSpread.op, maxPoolSpreadKernel],
  [averagePool.op, averagePoolKernel],
  [averagePoolSpread.op, averagePoolSpreadKernel],
  [cholesky.op, choleskyKernel],
  [triangularSolve.op, triangularSolveKernel],
  [solve.op, solveKernel],
  [determinant.op, determinantKernel],
  [signDet.op, signDetKernel],
  [logDet.op, logDetKernel],
  [threefry.op, threefryKernel],
  [randomBits.op, randomBitsKernel],
  [randomUniform.op, randomUniformKernel],
  [prodExcept.op, prodExceptKernel],
]);

export { faultError, faultNames } from "./fault.ts";
export { matmulStep, productScratch } from "./matmul.ts";
export type { Matrices, Product, ProductContext, ProductType } from "./product.ts";
