import type { Size } from "../../plan/size.ts";
import type { KernelContext } from "../../tensor/kernel.ts";
import type { Push } from "../integers.ts";
import type { Stacked } from "./stacks.ts";
import { bytesOfElements } from "./storage.ts";

/** Element types that products are computed in. */
export type ProductType = "f64" | "f32" | "i32";

/** A stack of matrices in memory. */
export interface Matrices {
  /** Address of the first element. */
  readonly address: Push;
  /** Elements from one row to the next, or from one column to the next of a transposed one. */
  readonly stride: Size;
  /** Elements from one matrix to the next along each leading axis of the product; 0 repeats. */
  readonly lead: readonly Size[];
  /** Whether columns lie one after another instead of rows; never the result's. */
  readonly transposed?: boolean;
}

/** A stack of products, `C = A B` or `C += A B`. Shapes: A [m, k], B [k, n], C [m, n]. */
export interface Product {
  readonly type: ProductType;
  readonly m: Size;
  readonly n: Size;
  readonly k: Size;
  /** Lengths of the leading axes. */
  readonly lead: readonly Size[];
  readonly a: Matrices;
  readonly b: Matrices;
  readonly c: Matrices;
  readonly accumulate?: boolean;
  /** Address of `productScratch` bytes, a multiple of 16. */
  readonly scratch: Push;
}

/** What a product is written with. */
export type ProductContext = Pick<KernelContext, "builder" | "body" | "size" | "shared">;

/** The operands and the result, matrix by matrix. */
export function stackedOf({ type, a, b, c }: Product): Stacked[] {
  return [a, b, c].map(({ address, lead }) => ({
    address,
    strides: lead.map((stride) => bytesOfElements(type, stride)),
  }));
}
