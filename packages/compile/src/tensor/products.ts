import { type Dim, type Expr, matmul, sum } from "@chainrule/core";
import { productScratch } from "../kernels/ops/index.ts";
import { fixed, type Size, sameSize, sizeOf, times } from "../plan/size.ts";
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
  readonly #threads: number;

  constructor(buffers: Buffers, threads: number) {
    this.#buffers = buffers;
    this.#threads = threads;
  }

  /** Whether a matrix can be read where it lies. */
  takes(view: View): boolean {
    return isMemory(view) && matrixOf(view) !== undefined;
  }

  /** The step for a product, or for `node`, the sum of a stack of products. */
  step(node: Expr, product: Expr, args: readonly [View, View]): ProductStep {
    const terms = termsOf(product, args, node !== product).k;
    const { transposed } = matrixOf(args[0]) as Matrix;
    const bytes = productScratch(node.dtype as "f32" | "f64", terms, transposed);
    const result = this.#buffers.add(node);
    const scratch = this.#buffers.raw(fixed(this.#threads * Math.ceil(bytes / 64) * 64));
    return { kind: "product", node: product, summed: node !== product, args, result, scratch };
  }
}

/** How many terms each element of a product sums, and the leading axes over which products are made. */
export interface Terms {
  readonly k: Size;
  readonly lead: readonly Size[];
}

/**
 * The terms of a product; where a stack is summed and both operands run on from one matrix to the next, those of
 * all matrices at once.
 */
export function termsOf(product: Expr, args: readonly [View, View], summed: boolean): Terms {
  const k = sizeOf((product.args[0] as Expr).shape.at(-1) as Dim);
  const lead = product.shape.slice(0, -2).map(sizeOf);
  if (!summed) return { k, lead };
  let terms = k;
  for (let axis = lead.length - 1; axis >= 0; axis--) {
    const runsOn = args.every((view, i) => {
      const own = axis - (product.shape.length - view.shape.length);
      const along = termStride(view, i === 1);
      return own >= 0 && sameSize(view.strides[own] as Size, times(along, terms));
    });
    if (!runsOn) return { k, lead };
    terms = times(lead[axis] as Size, terms);
  }
  return { k: terms, lead: [] };
}

/** The distance from term to term as the kernel reads it, which of a single term may differ from the view's stride. */
function termStride(view: View, isRight: boolean): Size {
  const { transposed, stride } = matrixOf(view) as Matrix;
  return transposed === isRight ? ONE : stride;
}

/** Products of stacks that serve nothing but their sum over the whole stack: one product of longer sums. */
export function summedProducts(
  outputs: readonly Expr[],
  nodes: readonly Expr[],
): ReadonlySet<Expr> {
  const uses = new Map<Expr, number>();
  const use = (node: Expr): void => {
    uses.set(node, (uses.get(node) ?? 0) + 1);
  };
  for (const output of outputs) use(output);
  for (const node of nodes) for (const arg of node.args) use(arg);
  const found = nodes.flatMap((node) => {
    const [arg] = node.args;
    if (node.op !== sum.op || arg === undefined || !isProduct(arg) || uses.get(arg) !== 1)
      return [];
    const axes = node.attributes["axes"] as readonly number[];
    const rank = arg.shape.length - 2;
    return rank > 0 && axes.length === rank && axes.every((axis) => axis < rank) ? [arg] : [];
  });
  return new Set(found);
}
