import { type Dim, type Expr, matmul } from "@chainrule/core";
import { productScratch } from "../kernels/ops/index.ts";
import { fixed, type Size, sameSize, sizeOf } from "../plan/size.ts";
import type { Buffers } from "./buffers.ts";
import type { ProductStep } from "./step.ts";
import { isMemory, type View } from "./view.ts";

/** Whether a node is a product of matrices that the packed kernels compute. */
export function isProduct(node: Expr): boolean {
  const { dtype } = node;
  return (
    node.op === matmul.op &&
    (dtype === "f64" || dtype === "f32") &&
    node.args.every((arg) => arg.dtype === dtype)
  );
}

/** How a matrix lies: the distance of its rows, or of its columns if it is stored transposed. */
export interface Matrix {
  readonly transposed: boolean;
  readonly stride: Size;
}

const ONE = fixed(1);

/** Rows of elements side by side, or columns; undefined for neither. */
export function matrixOf({ shape, strides }: View): Matrix | undefined {
  const rank = shape.length;
  const [row, column] = strides.slice(rank - 2) as [Size, Size];
  const [rows, columns] = shape.slice(rank - 2);
  if (sameSize(column, ONE) || columns === 1) {
    return { transposed: false, stride: rows === 1 ? ONE : row };
  }
  if (sameSize(row, ONE) || rows === 1) return { transposed: true, stride: column };
  return undefined;
}

/** Steps that multiply matrices, and the memory they work in. */
export class Products {
  readonly #buffers: Buffers;

  constructor(buffers: Buffers) {
    this.#buffers = buffers;
  }

  /** Whether a matrix can be read where it lies. */
  takes(view: View): boolean {
    return isMemory(view) && matrixOf(view) !== undefined;
  }

  step(node: Expr, args: readonly [View, View]): ProductStep {
    const terms = sizeOf((node.args[0] as Expr).shape.at(-1) as Dim);
    const { transposed } = matrixOf(args[0]) as Matrix;
    const bytes = productScratch(node.dtype as "f32" | "f64", terms, transposed);
    const result = this.#buffers.add(node);
    const scratch = this.#buffers.raw(fixed(bytes));
    return { kind: "product", node, args, result, scratch };
  }
}
