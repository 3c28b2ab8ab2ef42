import type { Dim, Expr, Shape } from "@chainrule/core";
import {
  countOf,
  fixed,
  fixedValue,
  type Size,
  sameSize,
  sizeOf,
  stridesOf,
  times,
} from "../../plan/size.ts";
import type { Kernel } from "../../tensor/kernel.ts";
import { type Body, i32, type ModuleBuilder } from "../../wasm/index.ts";
import { add, forEach, integers, type Push } from "../integers.ts";
import { matmulFunction, matmulScratch } from "../matmul.ts";
import { matmulFlags } from "../step.ts";
import { conversionScratch, convertedInputs } from "./convert.ts";
import {
  type Matrices,
  type Product,
  type ProductContext,
  type ProductType,
  stackedOf,
} from "./product.ts";
import { forEachStack } from "./stacks.ts";
import { vectorStep } from "./vectorStep.ts";

/** Bytes that a product works in. */
export function productScratch(type: ProductType, k: Size, transposeA: boolean): number {
  if (type === "i32") return 0;
  return matmulScratch(type, fixedValue(k) ?? Number.MAX_SAFE_INTEGER, transposeA);
}

/** Writes the code of a stack of products into the body of a context. */
export function matmulStep(context: ProductContext, given: Product): void {
  const product = withoutStack(given);
  if (vectorStep(context, product)) return;
  const { type, m, n, k, lead, a, b, c, scratch } = product;
  const { body, size } = context;
  const flags =
    (a.transposed === true ? matmulFlags.transposeA : 0) |
    (b.transposed === true ? matmulFlags.transposeB : 0) |
    (product.accumulate === true ? matmulFlags.accumulate : 0);
  const multiply = context.shared(`matmul ${type}`, () =>
    type === "i32"
      ? integerProductFunction(context.builder)
      : matmulFunction(context.builder, type),
  );
  forEachStack(context, lead, stackedOf(product), ([atA, atB, atC]) => {
    for (const length of [m, n, k]) size(length)();
    (atA as Push)();
    size(a.stride)();
    (atB as Push)();
    size(b.stride)();
    (atC as Push)();
    size(c.stride)();
    scratch();
    body.i32(flags);
    body.call(multiply);
  });
}

/** Matrices on the left whose rows run on, all times one matrix, are one tall matrix. */
function withoutStack(product: Product): Product {
  const { m, lead, a, b, c } = product;
  const length = lead.at(-1);
  if (length === undefined || a.transposed === true) return product;
  const runsOn = [a, c].every((one) => sameSize(one.lead.at(-1) as Size, times(m, one.stride)));
  if (!runsOn || fixedValue(b.lead.at(-1) as Size) !== 0) return product;
  const inner = (one: Matrices): Matrices => ({ ...one, lead: one.lead.slice(0, -1) });
  return withoutStack({
    ...product,
    m: times(length, m),
    lead: lead.slice(0, -1),
    a: inner(a),
    b: inner(b),
    c: inner(c),
  });
}

/** Elements from one matrix to the next, for row-major matrices whose leading axes broadcast. */
function leadStrides(shape: Shape, lead: Shape): Size[] {
  const own = stridesOf(shape);
  const first = lead.length - (shape.length - 2);
  return lead.map((dim, axis) => {
    const repeats = axis < first || (shape[axis - first] === 1 && dim !== 1);
    return repeats ? fixed(0) : (own[axis - first] as Size);
  });
}

/** Matrix product over the last two axes, leading axes broadcast. */
export const matmulKernel: Kernel = {
  scratch: (node) => {
    const type = node.dtype as ProductType;
    const k = sizeOf((node.args[0] as Expr).shape.at(-1) as Dim);
    return [...conversionScratch(node, type), fixed(productScratch(type, k, false))];
  },
  emit: (node, context) => {
    const type = node.dtype as ProductType;
    const [left, right] = node.args as readonly [Expr, Expr];
    const lead = node.shape.slice(0, -2);
    const [m, n] = node.shape.slice(-2).map(sizeOf) as [Size, Size];
    const k = sizeOf(left.shape.at(-1) as Dim);
    const [a, b] = convertedInputs(node, context, type) as [Push, Push];
    matmulStep(context, {
      type,
      m,
      n,
      k,
      lead: lead.map(sizeOf),
      a: { address: a, stride: k, lead: leadStrides(left.shape, lead) },
      b: { address: b, stride: n, lead: leadStrides(right.shape, lead) },
      c: { address: context.output(), stride: n, lead: leadStrides(node.shape, lead) },
      scratch: context.scratch(conversionScratch(node, type).length),
    });
  },
  operations: ({ shape, args: [left] }) =>
    times(fixed(2), times(countOf(shape), sizeOf((left as Expr).shape.at(-1) as Dim))),
};

/** Takes the parameters of `matmulFunction`; sums are those of 32-bit integers, modulo 2³². */
function integerProductFunction(builder: ModuleBuilder): number {
  const dot = integerDotFunction(builder);
  const body = builder.function("matmul_i32", Array(11).fill("i32"), []);
  const [m, n, k, a, lda, b, ldb, c, ldc, flags] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10];
  const { get, constant, and, mul, set, let: let_ } = integers(body);
  for (const stride of [lda, ldb, ldc]) set(stride, mul(get(stride), constant(4)));
  const whether =
    (flag: number, yes: Push, no: Push): Push =>
    () => {
      yes();
      no();
      and(get(flags), constant(flag))();
      body.select();
    };
  const { transposeA, transposeB, accumulate } = matmulFlags;
  // Bytes from one term to the next, and from one row of A or column of B to the next.
  const termA = let_(whether(transposeA, get(lda), constant(4)));
  const rowA = let_(whether(transposeA, constant(4), get(lda)));
  const termB = let_(whether(transposeB, constant(4), get(ldb)));
  const columnB = let_(whether(transposeB, get(ldb), constant(4)));
  const [i, j] = [body.local("i32"), body.local("i32")];
  const [atB, atC] = [body.local("i32"), body.local("i32")];
  forEach(body, { index: i, limit: m, step: constant(1) }, () => {
    set(atB, get(b));
    set(atC, get(c));
    forEach(body, { index: j, limit: n, step: constant(1) }, () => {
      body.get(atC);
      for (const local of [a, termA, atB, termB, k]) body.get(local);
      body.call(dot);
      body.get(atC);
      body.memory(i32.load);
      body.i32(0);
      and(get(flags), constant(accumulate))();
      body.select();
      body.op(i32.add);
      body.memory(i32.store);
      add(body, atB, get(columnB));
      add(body, atC, constant(4));
    });
    add(body, a, get(rowA));
    add(body, c, get(ldc));
  });
  return body.index;
}

/** `Σ a[i] b[i]` of integers. Parameters: a, bytes of a step, b, bytes of a step, count. */
function integerDotFunction(builder: ModuleBuilder): number {
  const body: Body = builder.function("dot_i32", Array(5).fill("i32"), ["i32"]);
  const [a, stepA, b, stepB, k] = [0, 1, 2, 3, 4];
  const [index, total] = [body.local("i32"), body.local("i32")];
  forEach(body, { index, limit: k, step: () => body.i32(1) }, () => {
    add(body, total, () => {
      for (const local of [a, b]) {
        body.get(local);
        body.memory(i32.load);
      }
      body.op(i32.mul);
    });
    add(body, a, () => body.get(stepA));
    add(body, b, () => body.get(stepB));
  });
  body.get(total);
  return body.index;
}
