import type { Expr } from "@chainrule/core";
import { countOf, fixed, fixedValue } from "../../plan/size.ts";
import type { Kernel } from "../../tensor/kernel.ts";
import { add, integers, type Push } from "../integers.ts";
import { conversionScratch, convertedInputs } from "./convert.ts";
import { emitDirect } from "./convolutionDirect.ts";
import {
  convolutionOperations,
  convolutionSizes,
  frameScratch,
  type Parts,
} from "./convolutionFrame.ts";
import { panelBytes, rowFunction } from "./convolutionRow.ts";
import { singleRowFunction } from "./convolutionSingle.ts";
import { begin, clear, emitUnlessNonfinite, type Float, shapesOf } from "./convolutionStart.ts";

function forwardParts(node: Expr): Parts {
  const [x, k] = shapesOf(node);
  return { x, k, y: node.shape };
}

/** `y[n, o, q] = Σ_{c, r} x[n, c, s q + d r − p] k[o, c, r]`, as products of packed panels. */
export const forwardKernel: Kernel = {
  scratch: (node) => {
    const type = node.dtype as Float;
    const sizes = convolutionSizes(node, forwardParts(node));
    return [...conversionScratch(node, type), ...frameScratch(sizes, type), fixed(panelBytes)];
  },
  emit: (node, context) => {
    const type = node.dtype as Float;
    const [x, k] = convertedInputs(node, context, type) as [Push, Push];
    const y = context.output();
    const { frame, sizes, scratch } = begin(node, context, forwardParts(node));
    const { body, size } = context;
    const { get, add: plus, mul, let: let_ } = integers(body);
    const row =
      fixedValue(sizes.outputs) === 1
        ? context.shared(`convolution single ${type}`, () => singleRowFunction(context, type))
        : context.shared(`convolution row ${type}`, () => rowFunction(context, type));
    clear(context, node);
    const fast = (): void => {
      frame.clearChannels();
      frame.forEachGroup((group, each) => {
        const outputs = size(sizes.outputs);
        const ofGroup = mul(mul(get(group), outputs), frame.bytes(size(sizes.terms)));
        const kernel = let_(plus(k, ofGroup));
        each((both) => {
          frame.copyChannels(plus(x, mul(mul(both, size(sizes.channels)), frame.plane)), "in");
          const made = mul(mul(both, outputs), frame.bytes(size(sizes.windows)));
          const target = let_(plus(y, made));
          frame.forEachRow((start) => {
            start();
            scratch(1)();
            size(sizes.terms)();
            body.get(kernel);
            frame.bytes(size(sizes.terms))();
            outputs();
            body.get(target);
            frame.bytes(size(sizes.windows))();
            size(sizes.width)();
            body.i32(frame.step);
            scratch(2)();
            body.call(row);
            add(body, target, frame.bytes(size(sizes.width)));
          });
          body.release(target);
        });
        body.release(kernel);
      });
    };
    const [, kernelShape] = shapesOf(node);
    emitUnlessNonfinite(frame, { address: k, count: countOf(kernelShape) }, fast, () =>
      emitDirect(frame, { x, k, y }, "y"),
    );
  },
  operations: (node) => convolutionOperations(node, forwardParts(node)),
};
