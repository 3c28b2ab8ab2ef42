import type { Dim, Expr } from "@chainrule/core";
import { countOf, fixed, sizeOf, times } from "../../plan/size.ts";
import type { Kernel, KernelContext } from "../../tensor/kernel.ts";
import { f64 } from "../../wasm/index.ts";
import { forEach, integers, type Push } from "../integers.ts";
import { DOUBLE, divideRow, subtractScaled } from "./doubleRows.ts";
import { emitSystems, matricesOf, orderOf, systemScratch } from "./systems.ts";

/** The x with `A x = b` for a triangular A, or `Aᵀ x = b`. */
export const triangularSolveKernel: Kernel = {
  scratch: (node) => systemScratch(node, []),
  emit: (node, context) => {
    const [a, b] = node.args as readonly [Expr, Expr];
    const { stacks, items } = matricesOf(b.shape);
    const solve = context.shared("triangular solve", () => triangularFunction(context));
    const { upper, transposed } = node.attributes;
    const flags =
      (transposed === true ? TRANSPOSED : 0) |
      ((upper === true) === (transposed === true) ? DOWN : 0);
    const { size } = context;
    const parts = [matricesOf(a.shape).items, items, items];
    emitSystems(node, context, { stacks, items: parts }, (addresses) => {
      for (const push of addresses) push();
      size(orderOf(a.shape))();
      size(sizeOf(b.shape.at(-1) as Dim))();
      context.body.i32(flags);
      context.body.call(solve);
    });
  },
  operations: ({ args: [a, b] }) =>
    times(countOf((b as Expr).shape), times(fixed(1), orderOf((a as Expr).shape))),
};

/** Bits of the last parameter of a triangular solution. */
const TRANSPOSED = 1;
/** Whether rows are solved from the first to the last. */
const DOWN = 2;

/**
 * Parameters: A, b, x, n, columns of b, flags. Each row of x is freed of the rows solved before it,
 * in the order in which they were solved, and divided by the diagonal.
 */
function triangularFunction(context: KernelContext): number {
  const [subtract, divide] = [subtractScaled(context), divideRow(context)];
  const body = context.builder.function("triangular_solve", Array(6).fill("i32"), []);
  const [a, b, x, n, columns, flags] = [0, 1, 2, 3, 4, 5];
  const { get, constant, add: plus, sub, mul, and, let: let_ } = integers(body);
  const [i, j, row, before] = [0, 0, 0, 0].map(() => body.local("i32")) as [
    number,
    number,
    number,
    number,
  ];
  const bytesOfRow = let_(mul(get(columns), constant(DOUBLE)));
  get(x)();
  get(b)();
  mul(get(n), get(bytesOfRow))();
  body.memoryCopy();
  const whether =
    (flag: number, yes: Push, no: Push): Push =>
    () => {
      yes();
      no();
      and(get(flags), constant(flag))();
      body.select();
    };
  /** The number of the row that is solved in a step. */
  const ordered = (step: number): Push =>
    whether(DOWN, get(step), sub(sub(get(n), constant(1)), get(step)));
  const element = (c: number): Push => {
    const straight = plus(mul(get(row), get(n)), get(c));
    const turned = plus(mul(get(c), get(n)), get(row));
    return plus(get(a), mul(whether(TRANSPOSED, turned, straight), constant(DOUBLE)));
  };
  const rowOfX = (index: number): Push => plus(get(x), mul(get(index), get(bytesOfRow)));
  forEach(body, { index: i, limit: n, step: constant(1) }, () => {
    ordered(i)();
    body.set(row);
    forEach(body, { index: j, limit: i, step: constant(1) }, () => {
      ordered(j)();
      body.set(before);
      rowOfX(row)();
      rowOfX(before)();
      element(before)();
      body.memory(f64.load);
      body.get(columns);
      body.call(subtract);
    });
    rowOfX(row)();
    element(row)();
    body.memory(f64.load);
    body.get(columns);
    body.call(divide);
  });
  return body.index;
}
