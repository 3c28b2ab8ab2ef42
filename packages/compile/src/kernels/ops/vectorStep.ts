import { fixed, fixedValue, type Size } from "../../plan/size.ts";
import type { Push } from "../integers.ts";
import { double, single } from "../precision.ts";
import { rowProductFunction, rowSumFunction } from "../vectorProducts.ts";
import { type Matrices, type Product, type ProductContext, stackedOf } from "./product.ts";
import { forEachStack } from "./stacks.ts";
import { bytesOfElements } from "./storage.ts";

const ONE = fixed(1);

/**
 * Writes a product with one row or one column, which needs no packing: it reads its matrix once.
 * Whether it could be written so, as all but matrices at odd distances can.
 */
export function vectorStep(context: ProductContext, product: Product): boolean {
  const { type, m, n, a, b, c } = product;
  if (type === "i32") return false;
  const isOne = (size: Size): boolean => fixedValue(size) === 1;
  if (isOne(n)) {
    // Elements of the column, and of the result, lie a row apart.
    const step = b.transposed === true ? ONE : b.stride;
    if (a.transposed !== true) {
      if (!isOne(step)) return false;
      emitDots(context, product, { matrix: 0, rows: m, step: c.stride });
      return true;
    }
    if (!isOne(c.stride)) return false;
    emitSums(context, product, { matrix: 0, columns: m, step });
    return true;
  }
  if (!isOne(m)) return false;
  const step = a.transposed === true ? a.stride : ONE;
  if (b.transposed !== true) {
    emitSums(context, product, { matrix: 1, columns: n, step });
    return true;
  }
  if (!isOne(step)) return false;
  emitDots(context, product, { matrix: 1, rows: n, step: ONE });
  return true;
}

/** The rows of one operand, which is the matrix, times the other. */
function emitDots(
  context: ProductContext,
  product: Product,
  given: { readonly matrix: 0 | 1; readonly rows: Size; readonly step: Size },
): void {
  const { body, size } = context;
  const { type, k } = product;
  const call = context.shared(`row products ${type}`, () =>
    rowProductFunction(context.builder, type === "f64" ? double : single),
  );
  eachStack(context, product, given.matrix, ({ matrix, bytesOfRow, vector, target }) => {
    matrix();
    bytesOfRow();
    vector();
    size(k)();
    target();
    size(bytesOfElements(type, given.step))();
    size(given.rows)();
    body.i32(product.accumulate === true ? 1 : 0);
    body.call(call);
  });
}

/** The sum of the rows of the matrix, times the elements of the other operand. */
function emitSums(
  context: ProductContext,
  product: Product,
  given: { readonly matrix: 0 | 1; readonly columns: Size; readonly step: Size },
): void {
  const { body, size } = context;
  const { type, k } = product;
  const call = context.shared(`row sums ${type}`, () =>
    rowSumFunction(context.builder, type === "f64" ? double : single),
  );
  eachStack(context, product, given.matrix, ({ matrix, bytesOfRow, vector, target }) => {
    matrix();
    bytesOfRow();
    vector();
    size(bytesOfElements(type, given.step))();
    size(k)();
    target();
    size(given.columns)();
    body.i32(product.accumulate === true ? 1 : 0);
    body.call(call);
  });
}

function eachStack(
  context: ProductContext,
  product: Product,
  which: 0 | 1,
  emit: (given: {
    readonly matrix: Push;
    readonly bytesOfRow: Push;
    readonly vector: Push;
    readonly target: Push;
  }) => void,
): void {
  const { stride } = [product.a, product.b][which] as Matrices;
  forEachStack(context, product.lead, stackedOf(product), (addresses) => {
    emit({
      matrix: addresses[which] as Push,
      bytesOfRow: context.size(bytesOfElements(product.type, stride)),
      vector: addresses[1 - which] as Push,
      target: addresses[2] as Push,
    });
  });
}
