import type { KernelContext } from "../../tensor/kernel.ts";
import { f64, i32 } from "../../wasm/index.ts";
import { forEach, integers, type Push } from "../integers.ts";
import { DOUBLE, divideRow, exchangeRows, subtractScaled } from "./doubleRows.ts";

/**
 * LU decomposition in place with partial pivoting, `P A = L U`. Parameters: the matrix, memory for
 * the numbers of its rows in their new order, n. Gives 1 or −1, the sign of the exchange of rows.
 *
 * Source: Golub & Van Loan, Matrix Computations (4th ed.), algorithm 3.4.1.
 */
export function decompose(context: KernelContext): number {
  return context.shared("lu", () => {
    const [subtract, exchange] = [subtractScaled(context), exchangeRows(context)];
    const body = context.builder.function("lu", ["i32", "i32", "i32"], ["f64"]);
    const [matrix, rows, n] = [0, 1, 2];
    const { get, constant, add: plus, sub, mul } = integers(body);
    const local = (): number => body.local("i32");
    const [k, i, pivot, number] = [local(), local(), local(), local()];
    const [sign, largest, factor] = [0, 0, 0].map(() => body.local("f64")) as [
      number,
      number,
      number,
    ];
    const at = (row: number, column: number): Push =>
      plus(get(matrix), mul(plus(mul(get(row), get(n)), get(column)), constant(DOUBLE)));
    const rowNumber = (index: number): Push => plus(get(rows), mul(get(index), constant(4)));
    const magnitude = (row: number): void => {
      at(row, k)();
      body.memory(f64.load);
      body.op(f64.abs);
    };
    body.f64(1);
    body.set(sign);
    forEach(body, { index: i, limit: n, step: constant(1) }, () => {
      rowNumber(i)();
      body.get(i);
      body.memory(i32.store);
    });
    /** Runs `emit` for the rows below k. */
    const below = (emit: () => void): void => {
      plus(get(k), constant(1))();
      body.set(i);
      body.countedLoop(i, n, 1, emit);
    };
    forEach(body, { index: k, limit: n, step: constant(1) }, () => {
      body.get(k);
      body.set(pivot);
      magnitude(k);
      body.set(largest);
      below(() => {
        magnitude(i);
        body.get(largest);
        body.op(f64.gt);
        body.if();
        magnitude(i);
        body.set(largest);
        body.get(i);
        body.set(pivot);
        body.end();
      });
      body.get(pivot);
      body.get(k);
      body.op(i32.ne);
      body.if();
      body.get(sign);
      body.op(f64.neg);
      body.set(sign);
      rowNumber(k)();
      body.memory(i32.load);
      body.set(number);
      rowNumber(k)();
      rowNumber(pivot)();
      body.memory(i32.load);
      body.memory(i32.store);
      rowNumber(pivot)();
      body.get(number);
      body.memory(i32.store);
      for (const row of [k, pivot]) {
        plus(get(matrix), mul(mul(get(row), get(n)), constant(DOUBLE)))();
      }
      body.get(n);
      body.call(exchange);
      body.end();
      // Where the whole column is 0 there is nothing to eliminate.
      at(k, k)();
      body.memory(f64.load);
      body.f64(0);
      body.op(f64.ne);
      body.if();
      below(() => {
        at(i, k)();
        at(i, k)();
        body.memory(f64.load);
        at(k, k)();
        body.memory(f64.load);
        body.op(f64.div);
        body.tee(factor);
        body.memory(f64.store);
        for (const row of [i, k]) plus(at(row, k), constant(DOUBLE))();
        body.get(factor);
        sub(sub(get(n), get(k)), constant(1))();
        body.call(subtract);
      });
      body.end();
    });
    body.get(sign);
    return body.index;
  });
}

/**
 * The x with `A x = b` from the decomposition of A. Parameters: factors, numbers of the rows, b, x,
 * n, columns of b.
 */
export function substitute(context: KernelContext): number {
  return context.shared("lu solve", () => {
    const [subtract, divide] = [subtractScaled(context), divideRow(context)];
    const body = context.builder.function("lu_solve", Array(6).fill("i32"), []);
    const [factors, rows, b, x, n, columns] = [0, 1, 2, 3, 4, 5];
    const { get, constant, add: plus, sub, mul, let: let_ } = integers(body);
    const [i, j, step] = [body.local("i32"), body.local("i32"), body.local("i32")];
    const bytesOfRow = let_(mul(get(columns), constant(DOUBLE)));
    const element = (column: number): Push =>
      plus(get(factors), mul(plus(mul(get(i), get(n)), get(column)), constant(DOUBLE)));
    const rowOfX = (index: number): Push => plus(get(x), mul(get(index), get(bytesOfRow)));
    const eliminate = (): void => {
      rowOfX(i)();
      rowOfX(j)();
      element(j)();
      body.memory(f64.load);
      body.get(columns);
      body.call(subtract);
    };
    forEach(body, { index: i, limit: n, step: constant(1) }, () => {
      rowOfX(i)();
      const number: Push = () => {
        plus(get(rows), mul(get(i), constant(4)))();
        body.memory(i32.load);
      };
      plus(get(b), mul(number, get(bytesOfRow)))();
      body.get(bytesOfRow);
      body.memoryCopy();
      forEach(body, { index: j, limit: i, step: constant(1) }, eliminate);
    });
    forEach(body, { index: step, limit: n, step: constant(1) }, () => {
      sub(sub(get(n), constant(1)), get(step))();
      body.set(i);
      plus(get(i), constant(1))();
      body.set(j);
      body.countedLoop(j, n, 1, eliminate);
      rowOfX(i)();
      element(i)();
      body.memory(f64.load);
      body.get(columns);
      body.call(divide);
    });
    return body.index;
  });
}
