import type { DType, Expr } from "@chainrule/core";
import { elementBytes } from "../../plan/elementBytes.ts";
import { countOf, fixed, times } from "../../plan/size.ts";
import type { Kernel, KernelContext } from "../../tensor/kernel.ts";
import { add, forEach, integers } from "../integers.ts";
import { aroundAxis } from "./around.ts";
import { forEachStack } from "./stacks.ts";
import { bytesOfElements, load, pushSum, stackType, store } from "./storage.ts";

/** Sums of all elements up to each along an axis, floats in double precision. */
export const cumulativeSumKernel: Kernel = {
  emit: (node, context) => {
    const [x] = node.args as readonly [Expr];
    const { outer, length, inner } = aroundAxis(x.shape, node.attributes["axis"] as number);
    const run = context.shared(`cumulativeSum ${x.dtype}`, () =>
      runFunction(context, x.dtype, node.dtype),
    );
    const step = node.attributes["reverse"] === true ? -1 : 1;
    const { body, size } = context;
    const { add: plus, sub } = integers(body);
    const operands = [
      { address: context.output(), dtype: node.dtype },
      { address: context.input(0), dtype: x.dtype },
    ].map(({ address, dtype }) => ({
      // A reverse sum begins (length − 1) inner elements further.
      address:
        step > 0
          ? address
          : plus(
              address,
              sub(
                size(bytesOfElements(dtype, times(length, inner))),
                size(bytesOfElements(dtype, inner)),
              ),
            ),
      strides: [bytesOfElements(dtype, times(length, inner)), fixed(elementBytes[dtype])],
    }));
    forEachStack(context, [outer, inner], operands, (addresses) => {
      for (const push of addresses) push();
      size(length)();
      for (const dtype of [node.dtype, x.dtype]) {
        size(bytesOfElements(dtype, times(fixed(step), inner)))();
      }
      body.call(run);
    });
  },
  operations: ({ shape }) => countOf(shape),
};

/**
 * Parameters: target, source, count, bytes from one element to the next of target and of source.
 */
function runFunction({ builder }: KernelContext, from: DType, to: DType): number {
  const body = builder.function(`cumulativeSum_${from}`, Array(5).fill("i32"), []);
  const [target, source, count, targetStep, sourceStep] = [0, 1, 2, 3, 4];
  const wide: DType = to === "f32" ? "f64" : to;
  const total = body.local(stackType(wide));
  const k = body.local("i32");
  forEach(body, { index: k, limit: count, step: () => body.i32(1) }, () => {
    body.get(target);
    body.get(total);
    body.get(source);
    load(body, from, wide);
    pushSum(body, wide);
    body.tee(total);
    store(body, to, wide);
    add(body, target, () => body.get(targetStep));
    add(body, source, () => body.get(sourceStep));
  });
  return body.index;
}
