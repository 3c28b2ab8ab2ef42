import type { Expr } from "@chainrule/core";
import { countOf, fixed, type Size, times } from "../../plan/size.ts";
import type { Kernel, KernelContext } from "../../tensor/kernel.ts";
import { i32 } from "../../wasm/index.ts";
import { add, integers, type Push } from "../integers.ts";
import { matmulFunction, matmulScratch } from "../matmul.ts";
import { transposeFunction } from "../pack.ts";
import { matmulFlags } from "../step.ts";
import { conversionScratch, convertedInputs } from "./convert.ts";
import { emitDirect } from "./convolutionDirect.ts";
import {
  blocksOf,
  type ConvolutionFrame,
  convolutionOperations,
  convolutionSizes,
  frameScratch,
  type Parts,
} from "./convolutionFrame.ts";
import { precisionOf } from "./convolutionRow.ts";
import { begin, clear, emitUnlessNonfinite, type Float, shapesOf } from "./convolutionStart.ts";
import { bytesOfElements } from "./storage.ts";
import { unfoldFunction } from "./unfold.ts";

/**
 * Scratch memory of both derivatives: the frame, a transposed kernel of a group, a block of
 * windows, a product's.
 */
function derivativeScratch(node: Expr, parts: Parts): Size[] {
  const type = node.dtype as Float;
  const sizes = convolutionSizes(node, parts);
  const { block } = blocksOf(sizes);
  return [
    ...conversionScratch(node, type),
    ...frameScratch(sizes, type),
    bytesOfElements(type, times(sizes.terms, sizes.outputs)),
    bytesOfElements(type, times(sizes.terms, block)),
    fixed(matmulScratch(type, Number.MAX_SAFE_INTEGER, false)),
  ];
}

/** What both derivatives call and count by. */
function derivativeTools(node: Expr, context: KernelContext, frame: ConvolutionFrame) {
  const type = node.dtype as Float;
  const { sizes, precision } = frame;
  const blocks = blocksOf(sizes);
  const { body, size, builder } = context;
  const transpose = context.shared(`transpose ${type}`, () =>
    transposeFunction(builder, precisionOf(type)),
  );
  return {
    multiply: context.shared(`matmul ${type}`, () => matmulFunction(builder, type)),
    /** Elements of a block of windows, for one term. */
    block: size(blocks.block),
    blocks,
    /** Copies a matrix of kernels transposed, unless it has no elements. */
    transposed(source: Push, target: Push, rows: Size, columns: Size): void {
      size(times(rows, columns))();
      body.if();
      source();
      frame.bytes(size(columns))();
      target();
      frame.bytes(size(rows))();
      size(rows)();
      size(columns)();
      body.call(transpose);
      body.end();
    },
    fold: (kind: "fold" | "unfold") =>
      context.shared(`${kind} ${type}`, () => unfoldFunction(context, precision, kind)),
  };
}

function inputParts(node: Expr): Parts {
  const [y, k] = shapesOf(node);
  return { x: node.shape, k, y };
}

/**
 * `x[n, c, s q + d r − p] += Σ_o k[o, c, r] y[n, o, q]`: products, of which each window is added to
 * its place.
 */
export const inputGradientKernel: Kernel = {
  scratch: (node) => derivativeScratch(node, inputParts(node)),
  emit: (node, context) => {
    const [y, k] = convertedInputs(node, context, node.dtype) as [Push, Push];
    const x = context.output();
    const { frame, sizes, scratch } = begin(node, context, inputParts(node));
    const { multiply, block, blocks, transposed, fold } = derivativeTools(node, context, frame);
    const { body, size } = context;
    const { get, add: plus, sub, mul, min, constant, let: let_ } = integers(body);
    const [turned, windows, work] = [scratch(2), scratch(3), scratch(4)];
    const [left, at, done] = [body.local("i32"), body.local("i32"), body.local("i32")];
    frame.forEachGroup((group, each) => {
      const kernels = times(sizes.outputs, sizes.terms);
      const kernel = plus(k, mul(get(group), frame.bytes(size(kernels))));
      transposed(kernel, turned, sizes.outputs, sizes.terms);
      each((both) => {
        frame.clearChannels();
        const planes = mul(both, size(sizes.outputs));
        const given = let_(plus(y, mul(planes, frame.bytes(size(sizes.windows)))));
        body.i32(0);
        body.set(left);
        body.i32(0);
        body.set(done);
        frame.forEachPiece(blocks, (start, count) => {
          body.get(left);
          body.op(i32.eqz);
          body.if();
          // Pieces of rows are met one by one.
          if (blocks.piece === undefined) min(block, sub(size(sizes.windows), get(done)))();
          else count();
          body.set(left);
          windows();
          body.set(at);
          for (const push of [
            size(sizes.terms),
            get(left),
            size(sizes.outputs),
            turned,
            size(sizes.outputs),
            plus(get(given), frame.bytes(get(done))),
            size(sizes.windows),
            windows,
            block,
            work,
            constant(0),
          ]) {
            push();
          }
          body.call(multiply);
          body.end();
          start();
          scratch(1)();
          size(sizes.terms)();
          body.get(at);
          frame.bytes(block)();
          count();
          body.i32(frame.step);
          body.call(fold("fold"));
          add(body, at, frame.bytes(count));
          add(body, done, count);
          body.get(left);
          count();
          body.op(i32.sub);
          body.set(left);
        });
        frame.copyChannels(plus(x, mul(mul(both, size(sizes.channels)), frame.plane)), "out");
        body.release(given);
      });
    });
  },
  operations: (node) => convolutionOperations(node, inputParts(node)),
};

function kernelParts(node: Expr): Parts {
  const [x, y] = shapesOf(node);
  return { x, k: node.shape, y };
}

/**
 * `k[o, c, r] = Σ_{n, q} x[n, c, s q + d r − p] y[n, o, q]`: products with windows copied out,
 * block by block.
 */
export const kernelGradientKernel: Kernel = {
  scratch: (node) => derivativeScratch(node, kernelParts(node)),
  emit: (node, context) => {
    const [x, y] = convertedInputs(node, context, node.dtype) as [Push, Push];
    const k = context.output();
    const { frame, sizes, scratch } = begin(node, context, kernelParts(node));
    const { multiply, block, blocks, transposed, fold } = derivativeTools(node, context, frame);
    const { body, size } = context;
    const { get, add: plus, mul, constant, let: let_ } = integers(body);
    const [sums, windows, work] = [scratch(2), scratch(3), scratch(4)];
    const [column, done] = [body.local("i32"), body.local("i32")];
    const fast = (): void => {
      frame.clearChannels();
      frame.forEachGroup((group, each) => {
        const kernels = times(sizes.outputs, sizes.terms);
        sums();
        body.i32(0);
        frame.bytes(size(kernels))();
        body.memoryFill();
        each((both) => {
          frame.copyChannels(plus(x, mul(mul(both, size(sizes.channels)), frame.plane)), "in");
          const planes = mul(both, size(sizes.outputs));
          const given = let_(plus(y, mul(planes, frame.bytes(size(sizes.windows)))));
          const flush = (): void => {
            for (const push of [
              size(sizes.terms),
              size(sizes.outputs),
              get(column),
              windows,
              block,
              plus(get(given), frame.bytes(get(done))),
              size(sizes.windows),
              sums,
              size(sizes.outputs),
              work,
              constant(matmulFlags.transposeB | matmulFlags.accumulate),
            ]) {
              push();
            }
            body.call(multiply);
            add(body, done, get(column));
            body.i32(0);
            body.set(column);
          };
          for (const local of [column, done]) {
            body.i32(0);
            body.set(local);
          }
          frame.forEachPiece(blocks, (start, count) => {
            plus(get(column), count)();
            block();
            body.op(i32.gt_u);
            body.if();
            flush();
            body.end();
            start();
            scratch(1)();
            size(sizes.terms)();
            plus(windows, frame.bytes(get(column)))();
            frame.bytes(block)();
            count();
            body.i32(frame.step);
            body.call(fold("unfold"));
            add(body, column, count);
          });
          body.get(column);
          body.if();
          flush();
          body.end();
          body.release(given);
        });
        const target = plus(k, mul(get(group), frame.bytes(size(kernels))));
        transposed(sums, target, sizes.terms, sizes.outputs);
      });
    };
    const [, given] = shapesOf(node);
    emitUnlessNonfinite(frame, { address: y, count: countOf(given) }, fast, () => {
      clear(context, node);
      emitDirect(frame, { x, k, y }, "k");
    });
  },
  operations: (node) => convolutionOperations(node, kernelParts(node)),
};
