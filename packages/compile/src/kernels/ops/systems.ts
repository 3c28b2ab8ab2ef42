import type { Dim, Expr, Shape } from "@chainrule/core";
import { countOf, fixed, type Size, sizeOf, times } from "../../plan/size.ts";
import type { KernelContext } from "../../tensor/kernel.ts";
import type { Push } from "../integers.ts";
import { conversionScratch, convertedInputs, copyOrConvert } from "./convert.ts";
import { forEachStack } from "./stacks.ts";
import { bytesOfElements } from "./storage.ts";

/** Bytes of so many doubles. */
export const doubles = (count: Size): Size => bytesOfElements("f64", count);

/** Rows of the square matrices of a tensor. */
export function orderOf(shape: Shape): Size {
  return sizeOf(shape.at(-1) as Dim);
}

/** Scratch memory of `emitSystems`, and behind it `own`. */
export function systemScratch(node: Expr, own: readonly Size[]): Size[] {
  return [
    ...conversionScratch(node, "f64"),
    ...(node.dtype === "f64" ? [] : [doubles(countOf(node.shape))]),
    ...own,
  ];
}

/**
 * Runs `emit` for each matrix of a stack with the addresses of what belongs to it: arguments as
 * doubles and a result in doubles, which is rounded at the end as the interpreter does. `items` are
 * the elements of one matrix of each argument and of the result.
 */
export function emitSystems(
  node: Expr,
  context: KernelContext,
  { stacks, items }: { readonly stacks: Size; readonly items: readonly Size[] },
  emit: (addresses: readonly Push[], scratch: (index: number) => Push) => void,
): void {
  const converted = conversionScratch(node, "f64").length;
  const inputs = convertedInputs(node, context, "f64");
  const rounded = node.dtype !== "f64";
  const result = rounded ? context.scratch(converted) : context.output();
  const operands = [...inputs, result].map((address, i) => ({
    address,
    strides: [doubles(items[i] as Size)],
  }));
  const first = converted + (rounded ? 1 : 0);
  forEachStack(context, [stacks], operands, (addresses) =>
    emit(addresses, (index) => context.scratch(first + index)),
  );
  if (!rounded) return;
  copyOrConvert(context, {
    from: "f64",
    to: node.dtype,
    source: result,
    target: context.output(),
    count: countOf(node.shape),
  });
}

/** Elements of a matrix of a tensor, and the number of its matrices. */
export function matricesOf(shape: Shape): { readonly stacks: Size; readonly items: Size } {
  return { stacks: countOf(shape.slice(0, -2)), items: countOf(shape.slice(-2)) };
}

/** About `factor n³ / 3` operations for each matrix, in whole numbers. */
export function cubic(shape: Shape, factor: number): Size {
  const { factor: count, names } = times(fixed(factor), times(countOf(shape), orderOf(shape)));
  return { factor: Math.ceil(count / 3), names };
}
