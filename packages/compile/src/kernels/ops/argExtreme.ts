import type { DType, Expr } from "@chainrule/core";
import { elementBytes } from "../../plan/elementBytes.ts";
import { countOf, fixed, times } from "../../plan/size.ts";
import type { Kernel, KernelContext } from "../../tensor/kernel.ts";
import { f32, f64, i32 } from "../../wasm/index.ts";
import { add, forEach, integers } from "../integers.ts";
import { aroundAxis } from "./around.ts";
import { emitFault } from "./fault.ts";
import { forEachStack } from "./stacks.ts";
import { bytesOfElements, load, stackType } from "./storage.ts";

/** Index of the first element along an axis that no other exceeds, or of the first NaN. */
export const argmaxKernel: Kernel = /* @__PURE__ */ extremeKernel("argmax");

/** Index of the first element along an axis that exceeds no other, or of the first NaN. */
export const argminKernel: Kernel = /* @__PURE__ */ extremeKernel("argmin");

function extremeKernel(name: "argmax" | "argmin"): Kernel {
  return {
    takes: ({ attributes }) => (attributes["axes"] as readonly number[]).length === 1,
    emit: (node, context) => {
      const [x] = node.args as readonly [Expr];
      const [axis] = node.attributes["axes"] as readonly [number];
      const { outer, length, inner } = aroundAxis(x.shape, axis);
      const run = context.shared(`${name} ${x.dtype}`, () => runFunction(context, name, x.dtype));
      const { body, size } = context;
      const operands = [
        {
          address: context.output(),
          strides: [bytesOfElements("i32", inner), fixed(elementBytes.i32)],
        },
        {
          address: context.input(0),
          strides: [bytesOfElements(x.dtype, times(length, inner)), fixed(elementBytes[x.dtype])],
        },
      ];
      forEachStack(context, [outer, inner], operands, ([target, source]) => {
        target?.();
        source?.();
        size(length)();
        size(bytesOfElements(x.dtype, inner))();
        body.call(run);
        body.memory(i32.store);
      });
    },
    operations: ({ args: [x] }) => countOf((x as Expr).shape),
  };
}

/**
 * Parameters: address of the first element, their number, bytes from one to the next. Gives the
 * index.
 */
function runFunction(context: KernelContext, name: "argmax" | "argmin", dtype: DType): number {
  const body = context.builder.function(`${name}_${dtype}`, ["i32", "i32", "i32"], ["i32"]);
  const [source, count, step] = [0, 1, 2];
  const instructions = { f64, f32, i32 }[stackType(dtype)];
  const better =
    name === "argmax"
      ? "gt" in instructions
        ? instructions.gt
        : instructions.gt_s
      : "lt" in instructions
        ? instructions.lt
        : instructions.lt_s;
  const [best, item] = [body.local(stackType(dtype)), body.local(stackType(dtype))];
  const [index, k] = [body.local("i32"), body.local("i32")];
  const { constant, get } = integers(body);
  body.get(count);
  body.op(i32.eqz);
  body.if();
  emitFault(context, body, name, { index: constant(0), length: constant(0) });
  body.end();
  body.get(source);
  load(body, dtype);
  body.set(best);
  forEach(body, { index: k, limit: count, step: constant(1) }, () => {
    body.get(source);
    load(body, dtype);
    body.tee(item);
    body.get(item);
    body.op(instructions.ne);
    body.if();
    body.get(k);
    body.return();
    body.end();
    body.get(item);
    body.get(best);
    body.op(better);
    body.if();
    body.get(item);
    body.set(best);
    body.get(k);
    body.set(index);
    body.end();
    add(body, source, get(step));
  });
  body.get(index);
  return body.index;
}
