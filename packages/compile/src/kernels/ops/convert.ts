import type { DType, Expr } from "@chainrule/core";
import { elementBytes } from "../../plan/elementBytes.ts";
import { countOf, type Size } from "../../plan/size.ts";
import type { KernelContext } from "../../tensor/kernel.ts";
import { i32 } from "../../wasm/index.ts";
import { add, type Push } from "../integers.ts";
import { bytesOfElements, load, store } from "./storage.ts";

/** Scratch memory for the arguments that are not of a type yet, in their order. */
export function conversionScratch({ args }: Expr, dtype: DType): Size[] {
  return args.flatMap((arg) =>
    arg.dtype === dtype ? [] : [bytesOfElements(dtype, countOf(arg.shape))],
  );
}

/**
 * Pushes the addresses of the arguments as elements of a type, converted into the first scratch
 * memories (`conversionScratch`) where they are not.
 */
export function convertedInputs(node: Expr, context: KernelContext, dtype: DType): Push[] {
  let used = 0;
  return node.args.map((arg, index) => {
    if (arg.dtype === dtype) return context.input(index);
    const target = context.scratch(used++);
    copyOrConvert(context, {
      from: arg.dtype,
      to: dtype,
      source: context.input(index),
      target,
      count: countOf(arg.shape),
    });
    return target;
  });
}

/** Writes a copy of elements as those of another type, or of the same. */
export function copyOrConvert(
  context: KernelContext,
  {
    from,
    to,
    source,
    target,
    count,
  }: {
    readonly from: DType;
    readonly to: DType;
    readonly source: Push;
    readonly target: Push;
    readonly count: Size;
  },
): void {
  const { body } = context;
  if (from === to) {
    target();
    source();
    context.size(bytesOfElements(to, count))();
    body.memoryCopy();
    return;
  }
  source();
  target();
  context.size(count)();
  body.call(context.shared(`convert ${from} ${to}`, () => convertFunction(context, from, to)));
}

/** Copies elements of one type as those of another. Parameters: source, target, count. */
function convertFunction({ builder }: KernelContext, from: DType, to: DType): number {
  const body = builder.function(`convert_${from}_${to}`, ["i32", "i32", "i32"], []);
  const [source, target, count] = [0, 1, 2];
  const done = body.block();
  const again = body.loop();
  body.get(count);
  body.op(i32.eqz);
  body.brIf(done);
  body.get(target);
  body.get(source);
  load(body, from, to);
  store(body, to);
  add(body, source, () => body.i32(elementBytes[from]));
  add(body, target, () => body.i32(elementBytes[to]));
  add(body, count, () => body.i32(-1));
  body.br(again);
  body.end();
  body.end();
  return body.index;
}
