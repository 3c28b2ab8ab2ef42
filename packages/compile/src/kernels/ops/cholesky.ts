import type { Expr } from "@chainrule/core";
import type { Kernel, KernelContext } from "../../tensor/kernel.ts";
import { f64, i32 } from "../../wasm/index.ts";
import { add, forEach, integers, type Push } from "../integers.ts";
import { DOUBLE, divideRow, subtractScaled } from "./doubleRows.ts";
import { cubic, doubles, emitSystems, matricesOf, orderOf, systemScratch } from "./systems.ts";

/**
 * The lower triangular L with `L Lᵀ = A`, of the symmetric part of A; NaN where that is not
 * positive definite.
 */
export const choleskyKernel: Kernel = {
  scratch: (node) => systemScratch(node, [doubles(matricesOf(node.shape).items)]),
  emit: (node, context) => {
    const { stacks, items } = matricesOf(node.shape);
    const factor = context.shared("cholesky", () => choleskyFunction(context));
    emitSystems(node, context, { stacks, items: [items, items] }, ([a, l], scratch) => {
      for (const push of [a as Push, l as Push, scratch(0), context.size(orderOf(node.shape))]) {
        push();
      }
      context.body.call(factor);
    });
  },
  operations: ({ shape }: Expr) => cubic(shape, 1),
};

/**
 * Parameters: A, L, memory for the upper triangle U = Lᵀ, n. Row k of U is finished, then taken
 * times its own elements from the rows below: each element meets the same subtractions in the same
 * order as in the interpreter.
 */
function choleskyFunction(context: KernelContext): number {
  const [subtract, divide] = [subtractScaled(context), divideRow(context)];
  const body = context.builder.function("cholesky", Array(4).fill("i32"), []);
  const [a, l, u, n] = [0, 1, 2, 3];
  const { get, constant, add: plus, sub, mul } = integers(body);
  const [i, j, row, rest] = [0, 0, 0, 0].map(() => body.local("i32")) as [
    number,
    number,
    number,
    number,
  ];
  const pivot = body.local("f64");
  const at = (base: number, r: number, c: number): Push =>
    plus(get(base), mul(plus(mul(get(r), get(n)), get(c)), constant(DOUBLE)));
  const everywhere = (emit: () => void): void =>
    forEach(body, { index: i, limit: n, step: constant(1) }, () =>
      forEach(body, { index: j, limit: n, step: constant(1) }, emit),
    );
  // The symmetric part.
  everywhere(() => {
    at(u, i, j)();
    for (const push of [at(a, i, j), at(a, j, i)]) {
      push();
      body.memory(f64.load);
    }
    body.op(f64.add);
    body.f64(0.5);
    body.op(f64.mul);
    body.memory(f64.store);
  });
  forEach(body, { index: i, limit: n, step: constant(1) }, () => {
    at(u, i, i)();
    body.memory(f64.load);
    body.tee(pivot);
    body.f64(0);
    body.op(f64.gt);
    body.op(i32.eqz);
    body.if();
    everywhere(() => {
      at(l, i, j)();
      body.f64(Number.NaN);
      body.memory(f64.store);
    });
    body.return();
    body.end();
    at(u, i, i)();
    body.get(pivot);
    body.op(f64.sqrt);
    body.tee(pivot);
    body.memory(f64.store);
    body.get(i);
    body.i32(1);
    body.op(i32.add);
    body.set(row);
    at(u, i, row)();
    body.get(pivot);
    sub(get(n), get(row))();
    body.tee(rest);
    body.call(divide);
    // Rows below, from their diagonal on.
    const done = body.block();
    const again = body.loop();
    body.get(rest);
    body.op(i32.eqz);
    body.brIf(done);
    at(u, row, row)();
    at(u, i, row)();
    at(u, i, row)();
    body.memory(f64.load);
    body.get(rest);
    body.call(subtract);
    add(body, row, constant(1));
    add(body, rest, constant(-1));
    body.br(again);
    body.end();
    body.end();
  });
  everywhere(() => {
    at(l, i, j)();
    at(u, j, i)();
    body.memory(f64.load);
    body.f64(0);
    body.get(j);
    body.get(i);
    body.op(i32.le_u);
    body.select();
    body.memory(f64.store);
  });
  return body.index;
}
