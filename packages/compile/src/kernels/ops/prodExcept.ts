import type { DType } from "@chainrule/core";
import { elementBytes } from "../../plan/elementBytes.ts";
import { countOf, fixed, times } from "../../plan/size.ts";
import type { Kernel, KernelContext } from "../../tensor/kernel.ts";
import { f64 } from "../../wasm/index.ts";
import { add, forEach, integers } from "../integers.ts";
import { aroundAxis } from "./around.ts";
import { forEachStack } from "./stacks.ts";
import { bytesOfElements, load, store } from "./storage.ts";

/**
 * For each element the product of the others along an axis: of those before it and of those after.
 */
export const prodExceptKernel: Kernel = {
  // Products of integers are reduced to 32 bits from doubles by the interpreter, which loses
  // digits.
  takes: ({ dtype }) => dtype === "f64" || dtype === "f32",
  scratch: (node) => {
    const { length } = aroundAxis(node.shape, node.attributes["axis"] as number);
    return [bytesOfElements("f64", length)];
  },
  emit: (node, context) => {
    const { dtype } = node;
    const { outer, length, inner } = aroundAxis(node.shape, node.attributes["axis"] as number);
    const run = context.shared(`prodExcept ${dtype}`, () => runFunction(context, dtype));
    const strides = [bytesOfElements(dtype, times(length, inner)), fixed(elementBytes[dtype])];
    const operands = [context.output(), context.input(0)].map((address) => ({ address, strides }));
    forEachStack(context, [outer, inner], operands, (addresses) => {
      for (const push of addresses) push();
      context.scratch(0)();
      context.size(length)();
      context.size(bytesOfElements(dtype, inner))();
      context.body.call(run);
    });
  },
  operations: ({ shape }) => times(fixed(3), countOf(shape)),
};

/**
 * Parameters: target, source, memory for one double an element, count, bytes from one to the next.
 */
function runFunction({ builder }: KernelContext, dtype: DType): number {
  const body = builder.function(`prodExcept_${dtype}`, Array(5).fill("i32"), []);
  const [target, source, before, count, step] = [0, 1, 2, 3, 4];
  const { constant, get, mul, sub } = integers(body);
  const product = body.local("f64");
  const k = body.local("i32");
  const multiply = (): void => {
    body.get(product);
    body.get(source);
    load(body, dtype, "f64");
    body.op(f64.mul);
    body.set(product);
  };
  body.f64(1);
  body.set(product);
  forEach(body, { index: k, limit: count, step: constant(1) }, () => {
    body.get(before);
    body.get(product);
    body.memory(f64.store);
    multiply();
    add(body, before, constant(8));
    add(body, source, get(step));
  });
  add(body, target, mul(sub(get(count), constant(1)), get(step)));
  body.f64(1);
  body.set(product);
  forEach(body, { index: k, limit: count, step: constant(1) }, () => {
    add(body, before, constant(-8));
    add(body, source, sub(constant(0), get(step)));
    body.get(target);
    body.get(before);
    body.memory(f64.load);
    body.get(product);
    body.op(f64.mul);
    store(body, dtype, "f64");
    multiply();
    add(body, target, sub(constant(0), get(step)));
  });
  return body.index;
}
