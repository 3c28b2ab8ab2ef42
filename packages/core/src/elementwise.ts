import { allocate, type DType, roundTo } from "./dtype.ts";
import type { Expr } from "./expr.ts";
import type { Elementwise } from "./op.ts";
import { elementCount, resolveShape, type Sizes, strides } from "./shape.ts";
import { Tensor, type Value } from "./tensor.ts";

type Kernel = (...values: unknown[]) => number;

/** `out[i] = kernel(a[i], b[i], …)` with broadcasting, rounded to the node's type. */
export function evaluateElementwise(
  rule: Elementwise,
  values: readonly Value[],
  node: Expr,
  sizes: Sizes,
): Value {
  const { dtype, attributes } = node;
  const kernel = kernelFor(rule, dtype);
  if (node.shape.length === 0) {
    const [a, b, c] = values as readonly number[];
    switch (values.length) {
      case 1:
        return roundTo(dtype, kernel(a, attributes));
      case 2:
        return roundTo(dtype, kernel(a, b, attributes));
      default:
        return roundTo(dtype, kernel(a, b, c, attributes));
    }
  }
  const shape = resolveShape(node.op.name, node.shape, sizes);
  const data = allocate(dtype, elementCount(shape));
  const [read0, read1, read2] = values.map((value) => reader(value, shape));
  for (let i = 0; i < data.length; i++) {
    const a = read0?.(i);
    const result =
      read1 === undefined
        ? kernel(a, attributes)
        : read2 === undefined
          ? kernel(a, read1(i), attributes)
          : kernel(a, read1(i), read2(i), attributes);
    data[i] = roundTo(dtype, result);
  }
  return new Tensor(shape, data, dtype);
}

function kernelFor(rule: Elementwise, dtype: DType): Kernel {
  return (dtype === "i32" && rule.integer !== undefined ? rule.integer : rule.kernel) as Kernel;
}

/** The element that position `i` of the broadcast shape reads. */
export function reader(value: Value, shape: readonly number[]): (i: number) => number {
  if (typeof value === "number") return () => value;
  const { data } = value;
  const total = elementCount(shape);
  if (data.length === total) return (i) => data[i] as number;
  if (data.length === 1) return () => data[0] as number;
  const own = strides(value.shape);
  const steps = strides(shape);
  const lead = shape.length - value.shape.length;
  const terms: { step: number; size: number; stride: number }[] = [];
  for (let axis = 0; axis < value.shape.length; axis++) {
    const size = value.shape[axis] as number;
    if (size === 1) continue;
    terms.push({ step: steps[axis + lead] as number, size, stride: own[axis] as number });
  }
  return (i) => {
    let at = 0;
    for (const { step, size, stride } of terms) at += (Math.floor(i / step) % size) * stride;
    return data[at] as number;
  };
}
