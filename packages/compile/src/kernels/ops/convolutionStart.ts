import type { Expr } from "@chainrule/core";
import { countOf, type Size } from "../../plan/size.ts";
import type { KernelContext } from "../../tensor/kernel.ts";
import type { Push } from "../integers.ts";
import { conversionScratch } from "./convert.ts";
import { nonfiniteFunction } from "./convolutionDirect.ts";
import {
  ConvolutionFrame,
  type ConvolutionSizes,
  convolutionSizes,
  type Parts,
} from "./convolutionFrame.ts";
import { bytesOfElements } from "./storage.ts";
import { isPadded } from "./windows.ts";

/** Element types that convolutions are computed in. */
export type Float = "f64" | "f32";

/** Shapes of the two arguments of a node. */
export function shapesOf({ args }: Expr): [Expr["shape"], Expr["shape"]] {
  const [a, b] = args as readonly [Expr, Expr];
  return [a.shape, b.shape];
}

/**
 * The frame of a node, its scratch memory beginning behind that of conversions; what follows is
 * `next`.
 */
export function begin(
  node: Expr,
  context: KernelContext,
  parts: Parts,
): { frame: ConvolutionFrame; sizes: ConvolutionSizes; scratch: (index: number) => Push } {
  const type = node.dtype as Float;
  const sizes = convolutionSizes(node, parts);
  const first = conversionScratch(node, type).length;
  const scratch = (index: number): Push => context.scratch(first + index);
  const frame = new ConvolutionFrame(context, sizes, type, [scratch(0), scratch(1)]);
  frame.writeOffsets();
  return { frame, sizes, scratch };
}

/** Runs `fast` where all elements are finite or there is no padding, else `direct`. */
export function emitUnlessNonfinite(
  frame: ConvolutionFrame,
  factors: { readonly address: Push; readonly count: Size },
  fast: () => void,
  direct: () => void,
): void {
  const { body, context, precision, sizes } = frame;
  if (!isPadded(sizes.axes)) {
    fast();
    return;
  }
  factors.address();
  context.size(factors.count)();
  body.call(
    context.shared(`nonfinite ${precision.name}`, () => nonfiniteFunction(context, precision)),
  );
  body.if();
  direct();
  body.else();
  fast();
  body.end();
}

/** Writes zeros as the result. */
export function clear(context: KernelContext, { shape, dtype }: Expr): void {
  context.output()();
  context.body.i32(0);
  context.size(bytesOfElements(dtype, countOf(shape)))();
  context.body.memoryFill();
}
