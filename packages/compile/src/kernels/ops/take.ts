import type { DType, Expr } from "@chainrule/core";
import { elementBytes } from "../../plan/elementBytes.ts";
import { countOf, type Size, times } from "../../plan/size.ts";
import type { Kernel, KernelContext } from "../../tensor/kernel.ts";
import { i32 } from "../../wasm/index.ts";
import { add, forEach, integers, type Push } from "../integers.ts";
import { aroundAxis } from "./around.ts";
import { emitIndex, type FaultyOp } from "./fault.ts";
import { addRowFunction, copyRowFunction } from "./rows.ts";
import { forEachStack } from "./stacks.ts";
import { bytesOfElements } from "./storage.ts";

/** `y[o, i, :] = x[o, indices[i], :]` */
export const takeKernel: Kernel = {
  emit: (node, context) => {
    const [x, indices] = node.args as readonly [Expr, Expr];
    const { outer, length, inner } = aroundAxis(x.shape, node.attributes["axis"] as number);
    const count = countOf(indices.shape);
    emitCheck(context, "take", { count, length });
    const row = bytesOfElements(node.dtype, inner);
    const copy = context.shared("copy row", () => copyRowFunction(context.builder));
    const walk = context.shared("take", () =>
      rowsFunction(context, "take", { row: copy, moving: "target" }),
    );
    const operands = [
      { address: context.output(), strides: [times(count, row)] },
      { address: context.input(0), strides: [times(length, row)] },
    ];
    forEachStack(context, [outer], operands, ([target, source]) => {
      (target as Push)();
      (source as Push)();
      emitRows(context, { count, row, step: row, inner: row });
      context.body.call(walk);
    });
  },
};

/** `y = 0`, then `y[o, indices[i], :] += x[o, i, :]` in the order of i. */
export const segmentSumKernel: Kernel = {
  emit: (node, context) => {
    const [x, indices] = node.args as readonly [Expr, Expr];
    const { outer, length, inner } = aroundAxis(node.shape, node.attributes["axis"] as number);
    const count = countOf(indices.shape);
    const { body } = context;
    context.output()();
    body.i32(0);
    context.size(bytesOfElements(node.dtype, countOf(node.shape)))();
    body.memoryFill();
    // The interpreter looks at no index where there is nothing to add.
    context.size(outer)();
    body.if();
    emitCheck(context, "segmentSum", { count, length });
    body.end();
    const key = `${x.dtype} ${node.dtype}`;
    const sum = context.shared(`add row ${key}`, () =>
      addRowFunction(context.builder, x.dtype as DType, node.dtype),
    );
    const walk = context.shared(`segmentSum ${key}`, () =>
      rowsFunction(context, `segmentSum_${x.dtype}`, { row: sum, moving: "source" }),
    );
    const [row, given] = [node.dtype, x.dtype].map((type) => bytesOfElements(type, inner)) as [
      Size,
      Size,
    ];
    const operands = [
      { address: context.output(), strides: [times(length, row)] },
      { address: context.input(0), strides: [times(count, given)] },
    ];
    forEachStack(context, [outer], operands, ([target, source]) => {
      (target as Push)();
      (source as Push)();
      emitRows(context, { count, row, step: given, inner });
      body.call(walk);
    });
  },
  operations: ({ args: [x] }) => countOf((x as Expr).shape),
};

/** Pushes what `rowsFunction` takes beside two addresses. */
function emitRows(
  context: KernelContext,
  { count, row, step, inner }: { count: Size; row: Size; step: Size; inner: Size },
): void {
  context.input(1)();
  for (const size of [count, row, step, inner]) context.size(size)();
}

/** Faults at the first index that does not lie in 0 … length − 1. */
function emitCheck(
  context: KernelContext,
  op: FaultyOp,
  { count, length }: { readonly count: Size; readonly length: Size },
): void {
  context.input(1)();
  context.size(count)();
  context.size(length)();
  context.body.call(context.shared(`check ${op}`, () => checkFunction(context, op)));
}

function checkFunction(context: KernelContext, op: FaultyOp): number {
  const body = context.builder.function(`check_${op}`, ["i32", "i32", "i32"], []);
  const [indices, count, length] = [0, 1, 2];
  const k = body.local("i32");
  const index = body.local("i32");
  forEach(body, { index: k, limit: count, step: () => body.i32(1) }, () => {
    emitIndex(context, body, op, { indices, index, length });
    add(body, indices, () => body.i32(elementBytes.i32));
  });
  return body.index;
}

/**
 * Calls `row(target, source, length)` for each index, which chooses a row on one side; the other
 * side moves on. Parameters: target, source, indices, their count, bytes of a chosen row, bytes by
 * which the other side moves, the length that `row` is given.
 */
function rowsFunction(
  { builder }: KernelContext,
  name: string,
  { row, moving }: { readonly row: number; readonly moving: "source" | "target" },
): number {
  const body = builder.function(name, Array(7).fill("i32"), []);
  const [target, source, indices, count, bytes, step, length] = [0, 1, 2, 3, 4, 5, 6];
  const { get, mul, add: plus } = integers(body);
  const k = body.local("i32");
  const index: Push = () => {
    body.get(indices);
    body.memory(i32.load);
  };
  const at = (side: number, moves: boolean): Push =>
    moves ? get(side) : plus(get(side), mul(index, get(bytes)));
  forEach(body, { index: k, limit: count, step: () => body.i32(1) }, () => {
    at(target, moving === "target")();
    at(source, moving === "source")();
    body.get(length);
    body.call(row);
    add(body, indices, () => body.i32(elementBytes.i32));
    add(body, moving === "target" ? target : source, get(step));
  });
  return body.index;
}
