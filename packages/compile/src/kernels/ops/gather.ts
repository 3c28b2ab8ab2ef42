import type { DType, Expr } from "@chainrule/core";
import { elementBytes } from "../../plan/elementBytes.ts";
import { countOf, fixed, fixedValue, type Size, times } from "../../plan/size.ts";
import type { Kernel, KernelContext } from "../../tensor/kernel.ts";
import { add, forEach, integers } from "../integers.ts";
import { aroundAxis } from "./around.ts";
import { copyOrConvert } from "./convert.ts";
import { emitIndex, type FaultyOp } from "./fault.ts";
import { forEachStack, type Stacked } from "./stacks.ts";
import { bytesOfElements, load, pushSum, store } from "./storage.ts";

/** `y[o, i, r] = x[o, indices[o, i, r], r]` */
export const gatherKernel: Kernel = {
  emit: (node, context) => {
    const { dtype } = node;
    const run = context.shared(`gather ${elementBytes[dtype]}`, () =>
      gatherFunction(context, dtype),
    );
    const [whole, part] = [context.input(0), context.output()];
    emitRuns(context, node, { run, whole, part, partType: dtype });
  },
};

/** `y = x`, then `y[o, indices[o, i, r], r] += updates[o, i, r]` in row-major order. */
export const scatterAddKernel: Kernel = {
  emit: (node, context) => {
    const { dtype, args } = node;
    const [x, , updates] = args as readonly [Expr, Expr, Expr];
    copyOrConvert(context, {
      from: x.dtype,
      to: dtype,
      source: context.input(0),
      target: context.output(),
      count: countOf(x.shape),
    });
    const run = context.shared(`scatterAdd ${updates.dtype} ${dtype}`, () =>
      scatterFunction(context, updates.dtype, dtype),
    );
    const [whole, part] = [context.output(), context.input(2)];
    emitRuns(context, node, { run, whole, part, partType: updates.dtype });
  },
  operations: ({ args: [, indices] }) => countOf((indices as Expr).shape),
};

/**
 * Calls a function for each run of elements: those after the axis, or those along it if none are
 * after.
 */
function emitRuns(
  context: KernelContext,
  { args, attributes, dtype }: Expr,
  {
    run,
    whole,
    part,
    partType,
  }: {
    readonly run: number;
    readonly whole: Stacked["address"];
    readonly part: Stacked["address"];
    readonly partType: DType;
  },
): void {
  const [x, indices] = args as readonly [Expr, Expr];
  const axis = attributes["axis"] as number;
  const { outer, length, inner } = aroundAxis(x.shape, axis);
  const { length: count } = aroundAxis(indices.shape, axis);
  const single = fixedValue(inner) === 1;
  const lengths = single ? [outer] : [outer, count];
  const strides = (bytes: number, between: readonly Size[]): Size[] =>
    lengths.map((_, level) => times(fixed(bytes), between[level] as Size));
  const apart: readonly Size[] = [times(count, inner), inner];
  const operands: Stacked[] = [
    { address: whole, strides: strides(elementBytes[dtype], [times(length, inner), fixed(0)]) },
    { address: context.input(1), strides: strides(elementBytes.i32, apart) },
    { address: part, strides: strides(elementBytes[partType], apart) },
  ];
  forEachStack(context, lengths, operands, (addresses) => {
    for (const push of addresses) push();
    context.size(single ? count : inner)();
    context.size(length)();
    context.size(bytesOfElements(dtype, inner))();
    context.body.i32(single ? 0 : elementBytes[dtype]);
    context.body.call(run);
  });
}

/**
 * A function on a run of indices. Parameters: address of the first element that index 0 would
 * choose, addresses of indices and of the elements beside them, their count, the number of choices,
 * bytes from one choice to the next, bytes by which the choices move from one index to the next.
 */
function runFunction(
  context: KernelContext,
  { name, op, bytes }: { readonly name: string; readonly op: FaultyOp; readonly bytes: number },
  emit: (body: KernelContext["body"], chosen: number, part: number) => void,
): number {
  const body = context.builder.function(name, Array(7).fill("i32"), []);
  const [whole, indices, part, count, length, stride, step] = [0, 1, 2, 3, 4, 5, 6];
  const { get, mul, add: plus, set } = integers(body);
  const [index, chosen, k] = [body.local("i32"), body.local("i32"), body.local("i32")];
  forEach(body, { index: k, limit: count, step: () => body.i32(1) }, () => {
    emitIndex(context, body, op, { indices, index, length });
    set(chosen, plus(get(whole), mul(get(index), get(stride))));
    emit(body, chosen, part);
    add(body, whole, get(step));
    add(body, indices, () => body.i32(4));
    add(body, part, () => body.i32(bytes));
  });
  return body.index;
}

function gatherFunction(context: KernelContext, dtype: DType): number {
  const bytes = elementBytes[dtype];
  return runFunction(
    context,
    { name: `gather_${bytes}`, op: "gather", bytes },
    (body, chosen, part) => {
      body.get(part);
      body.get(chosen);
      load(body, dtype);
      store(body, dtype);
    },
  );
}

function scatterFunction(context: KernelContext, from: DType, dtype: DType): number {
  const name = `scatterAdd_${from}_${dtype}`;
  const bytes = elementBytes[from];
  return runFunction(context, { name, op: "scatterAdd", bytes }, (body, chosen, part) => {
    body.get(chosen);
    body.get(chosen);
    load(body, dtype);
    body.get(part);
    load(body, from, dtype);
    pushSum(body, dtype);
    store(body, dtype);
  });
}
