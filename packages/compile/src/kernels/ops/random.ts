import type { Expr } from "@chainrule/core";
import { countOf, fixed, times } from "../../plan/size.ts";
import type { Kernel, KernelContext } from "../../tensor/kernel.ts";
import { i32 } from "../../wasm/index.ts";
import { add, integers, whileAtLeast } from "../integers.ts";
import { copyRowFunction } from "./rows.ts";
import { bytesOfElements } from "./storage.ts";
import { type Generated, GROUP, threefryFunction } from "./threefry.ts";

/** Random words for each pair of counters. */
export const threefryKernel: Kernel = /* @__PURE__ */ generator(() => "counters");

/** Random 32-bit words. */
export const randomBitsKernel: Kernel = /* @__PURE__ */ generator(() => "words");

/** Random numbers, uniform in [0, 1). */
export const randomUniformKernel: Kernel = /* @__PURE__ */ generator(({ dtype }) =>
  dtype === "f32" ? "f32" : "f64",
);

function generator(kindOf: (node: Expr) => Generated): Kernel {
  return {
    scratch: () => [fixed(GROUP)],
    emit: (node, context) => {
      const kind = kindOf(node);
      const { body, size } = context;
      const fill = context.shared(`random ${kind}`, () => fillFunction(context, kind));
      context.input(0)();
      if (kind === "counters") context.input(1)();
      else body.i32(0);
      context.output()();
      size(bytesOfElements(node.dtype, countOf(node.shape)))();
      context.scratch(0)();
      body.call(fill);
    },
    // 20 rounds of 3 operations and 6 additions of keys for each pair of words.
    operations: ({ shape, dtype }) => times(fixed(dtype === "f64" ? 72 : 36), countOf(shape)),
  };
}

/**
 * Parameters: address of the key, counter or address of counters, target, bytes, memory for one
 * group.
 */
function fillFunction(context: KernelContext, kind: Generated): number {
  const generate = threefryFunction(context, kind);
  const copy = context.shared("copy row", () => copyRowFunction(context.builder));
  const body = context.builder.function(`random_${kind}`, Array(5).fill("i32"), []);
  const [key, source, target, bytes, rest] = [0, 1, 2, 3, 4];
  const { constant } = integers(body);
  const call = (index: number, ...locals: readonly number[]): void => {
    for (const local of locals) body.get(local);
    body.call(index);
  };
  whileAtLeast(body, bytes, GROUP, () => {
    call(generate, key, source, target);
    // Each counter makes two words.
    add(body, source, constant(kind === "counters" ? GROUP : GROUP / 8));
    add(body, target, constant(GROUP));
  });
  body.get(bytes);
  body.op(i32.eqz);
  body.if();
  body.return();
  body.end();
  if (kind === "counters") {
    call(copy, rest, source, bytes);
    call(generate, key, rest, rest);
  } else call(generate, key, source, rest);
  call(copy, target, rest, bytes);
  return body.index;
}
