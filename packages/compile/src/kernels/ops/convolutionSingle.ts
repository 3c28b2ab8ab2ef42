import type { KernelContext } from "../../tensor/kernel.ts";
import { type Body, i32, type ModuleBuilder } from "../../wasm/index.ts";
import { add, integers, type Push, whileAtLeast } from "../integers.ts";
import { tileVectors } from "../panel.ts";
import type { Precision } from "../precision.ts";
import { precisionOf, rowParameters } from "./convolutionRow.ts";
import { pushProduct } from "./storage.ts";

/**
 * One row of a convolution's result for one output channel, `target[j] = Σ_p kernel[p] ·
 * input[offsets[p] + j step]`, with the parameters of `rowFunction`.
 *
 * A panel would be met by one kernel only, so nothing is packed. Each sum runs upwards over p.
 */
export function singleRowFunction(context: KernelContext, type: "f64" | "f32"): number {
  const precision = precisionOf(type);
  const { builder } = context;
  const widths = [tileVectors * precision.lanes, precision.lanes, 1];
  const blocks = widths.map((width) => blockFunction(builder, precision, width));
  const body = builder.function(
    `convolution_single_${type}`,
    rowParameters.map(() => "i32"),
    [],
  );
  const [input, offsets, terms, kernel, target, width, step] = [0, 1, 2, 3, 6, 8, 9];
  const { constant, get, mul } = integers(body);
  const round = (block: number, elements: number): void => {
    for (const local of [input, offsets, terms, kernel, target]) body.get(local);
    body.call(block);
    add(body, input, mul(get(step), constant(elements)));
    add(body, target, constant(elements * precision.size));
  };
  // Vectors hold neighbours, so they serve a step of one element.
  body.get(step);
  body.i32(precision.size);
  body.op(i32.eq);
  body.if();
  widths.slice(0, 2).forEach((elements, index) => {
    whileAtLeast(body, width, elements, () => round(blocks[index] as number, elements));
  });
  body.end();
  whileAtLeast(body, width, 1, () => round(blocks[2] as number, 1));
  return body.index;
}

/** So many neighbouring sums. Parameters: input, offsets, terms, kernel, target. */
function blockFunction(builder: ModuleBuilder, precision: Precision, width: number): number {
  const { name, size, lanes, scalar } = precision;
  const body: Body = builder.function(
    `convolution_single_${name}_${width}`,
    Array(5).fill("i32"),
    [],
  );
  const [input, offsets, terms, kernel, target] = [0, 1, 2, 3, 4];
  const { get, constant, add: plus } = integers(body);
  const single = width < lanes;
  const unaligned = precision.loadSplat >> 16;
  const type = single ? name : "v128";
  const sums = Array.from({ length: single ? 1 : width / lanes }, () => body.local(type));
  const [from, factor] = [body.local("i32"), body.local(type)];
  const offset: Push = () => {
    body.get(offsets);
    body.memory(i32.load);
  };
  whileAtLeast(body, terms, 1, () => {
    plus(get(input), offset)();
    body.set(from);
    body.get(kernel);
    body.memory(single ? scalar.load : precision.loadSplat);
    body.set(factor);
    sums.forEach((sum, vector) => {
      for (const local of [sum, factor, from]) body.get(local);
      if (single) {
        body.memory(scalar.load);
        pushProduct(body, name);
        body.op(scalar.add);
      } else {
        body.memory(precision.load, 16 * vector, unaligned);
        body.op(precision.mul);
        body.op(precision.add);
      }
      body.set(sum);
    });
    add(body, offsets, constant(4));
    add(body, kernel, constant(size));
  });
  sums.forEach((sum, vector) => {
    body.get(target);
    body.get(sum);
    if (single) body.memory(scalar.store);
    else body.memory(precision.store, 16 * vector, unaligned);
  });
  return body.index;
}
