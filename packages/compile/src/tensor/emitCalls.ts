import type { Dim, Expr } from "@chainrule/core";
import type { Push } from "../kernels/integers.ts";
import { type Matrices, matmulStep, type ProductType } from "../kernels/ops/index.ts";
import type { MathFunction, MathLane } from "../math/index.ts";
import { elementBytes } from "../plan/elementBytes.ts";
import { countOf, fixed, type Size, sameSize, sizeOf, times } from "../plan/size.ts";
import { type Body, i32, type ModuleBuilder } from "../wasm/index.ts";
import { type Addresses, pushAddress, pushSize, pushStart } from "./access.ts";
import type { KernelContext } from "./kernel.ts";
import { addStart, partCount, partIndex } from "./part.ts";
import { matrixOf, termsOf } from "./products.ts";
import type { Split } from "./split.ts";
import { rowBytes } from "./split.ts";
import type { KernelStep, ProductStep } from "./step.ts";
import { broadcastView, type View, wholeView } from "./view.ts";

/** What steps are written with that call code of their own. */
export interface CallContext extends Addresses {
  readonly builder: ModuleBuilder;
  /** Bytes of scratch memory that each thread has of a buffer. */
  scratchShare(buffer: number): Size;
  shared(key: string, make: () => number): number;
  math(name: MathFunction, lane: MathLane): number;
}

/** Pushes the address of scratch memory: each part has its own. */
function pushScratch(
  body: Body,
  buffer: number,
  split: Split | undefined,
  context: CallContext,
): void {
  pushAddress(body, buffer, context);
  if (split === undefined) return;
  pushSize(body, times(partIndex, context.scratchShare(buffer)), context);
  body.op(i32.add);
}

/** Writes a product of matrices, or the part of it that globals tell. */
export function emitProduct(
  body: Body,
  { node, summed, args, result, scratch }: ProductStep,
  split: Split | undefined,
  context: CallContext,
): void {
  const { k, lead } = termsOf(node, args, summed);
  const stack = node.shape.slice(0, -2);
  const [m, n] = node.shape.slice(-2) as [Dim, Dim];
  const inner = (node.args[0] as Expr).shape.at(-1) as Dim;
  const bytes = fixed(elementBytes[node.dtype]);
  const along = split?.along;
  /** `stepOf` gives the elements from one index of what is divided to the next. */
  const matrices = (
    view: View,
    [rows, columns]: readonly [Dim, Dim],
    stepOf: (matrix: { readonly transposed: boolean; readonly stride: Size }) => Size | undefined,
  ): Matrices => {
    // Products that add up write where they wrote before: strides of 0 along the stack.
    const wide = broadcastView(view, [...stack, rows, columns]);
    const matrix = matrixOf(wide) as NonNullable<ReturnType<typeof matrixOf>>;
    const step = along === "lead" ? wide.strides[0] : stepOf(matrix);
    const address = (): void => {
      pushStart(body, wide, context);
      if (split !== undefined && step !== undefined) addStart(body, times(bytes, step), context);
    };
    return { address, ...matrix, lead: wide.strides.slice(0, lead.length) };
  };
  const target = wholeView(result, { shape: [...(summed ? [] : stack), m, n], dtype: node.dtype });
  if (summed && lead.length > 0) {
    pushAddress(body, result, context);
    body.i32(0);
    pushSize(body, times(bytes, countOf(target.shape)), context);
    body.memoryFill();
  }
  const one = fixed(1);
  const a = matrices(args[0], [m, inner], ({ transposed, stride }) =>
    along === "rows" ? (transposed ? one : stride) : undefined,
  );
  const b = matrices(args[1], [inner, n], ({ transposed, stride }) =>
    along === "columns" ? (transposed ? stride : one) : undefined,
  );
  const c = matrices(target, [m, n], ({ stride }) =>
    along === "rows" ? stride : along === "columns" ? one : undefined,
  );
  const size =
    (length: Size): Push =>
    () =>
      pushSize(body, length, context);
  const { builder, shared } = context;
  matmulStep(
    { builder, body, size, shared: (key, make) => shared.call(context, key, make) },
    {
      type: node.dtype as ProductType,
      m: along === "rows" ? partCount : sizeOf(m),
      n: along === "columns" ? partCount : sizeOf(n),
      k,
      lead: along === "lead" ? [partCount, ...lead.slice(1)] : lead,
      a,
      b,
      c,
      accumulate: summed && lead.length > 0,
      scratch: () => pushScratch(body, scratch, split, context),
    },
  );
}

/** Writes a kernel; of a map, the part of its rows that globals tell. */
export function emitKernel(
  body: Body,
  { node, kernel, args, results, scratch }: KernelStep,
  split: Split | undefined,
  context: CallContext,
): void {
  const mapped = split === undefined ? 0 : (node.attributes["mapped"] as number);
  const types = node.op.items?.(node.args, node.attributes) ?? [node];
  const skip = (type: Pick<Expr, "shape" | "dtype">): void => {
    addStart(body, fixed(rowBytes(type, elementBytes[type.dtype])), context);
  };
  const own: KernelContext = {
    builder: context.builder,
    body,
    input: (index) => () => {
      pushStart(body, args[index] as View, context);
      if (split !== undefined && index < mapped) skip(node.args[index] as Expr);
    },
    output:
      (index = 0) =>
      () => {
        pushAddress(body, results[index] as number, context);
        if (split !== undefined) skip(types[index] as Expr);
      },
    size: (size) => () => {
      const own_ = split !== undefined && sameSize(size, split.size);
      pushSize(body, own_ ? partCount : size, context);
    },
    scratch: (index) => () => pushScratch(body, scratch[index] as number, split, context),
    math: (name, lane) => context.math(name, lane),
    shared: (key, make) => context.shared(key, make),
  };
  kernel.emit(node, own);
}
