import type { KernelContext } from "../../tensor/kernel.ts";
import { type Body, f64, f64x2, v128 } from "../../wasm/index.ts";
import { add, whileAtLeast } from "../integers.ts";

type Sharing = Pick<KernelContext, "builder" | "shared">;

/** Bytes of a double. */
export const DOUBLE = 8;

/** Elements of a round of the innermost loop of decompositions. */
const UNROLLED = 8;

/** `target[i] −= factor source[i]` of doubles. Parameters: target, source, factor, count. */
export function subtractScaled({ builder, shared }: Sharing): number {
  return shared("subtract scaled", () => {
    const body = builder.function("subtract_scaled", ["i32", "i32", "f64", "i32"], []);
    const [target, source, factor, count] = [0, 1, 2, 3];
    const both = body.local("v128");
    const subtract = (pair: boolean, offset: number): void => {
      body.get(target);
      body.get(target);
      body.memory(pair ? v128.load : f64.load, offset, 3);
      body.get(pair ? both : factor);
      body.get(source);
      body.memory(pair ? v128.load : f64.load, offset, 3);
      body.op(pair ? f64x2.mul : f64.mul);
      body.op(pair ? f64x2.sub : f64.sub);
      body.memory(pair ? v128.store : f64.store, offset, 3);
    };
    body.get(factor);
    body.op(f64x2.splat);
    body.set(both);
    whileAtLeast(body, count, UNROLLED, () => {
      for (let i = 0; i < UNROLLED; i += 2) subtract(true, i * DOUBLE);
      for (const address of [target, source]) add(body, address, () => body.i32(UNROLLED * DOUBLE));
    });
    inPairs(body, count, [target, source], (pair) => subtract(pair, 0));
    return body.index;
  });
}

/** `target[i] /= divisor` of doubles. Parameters: target, divisor, count. */
export function divideRow({ builder, shared }: Sharing): number {
  return shared("divide row", () => {
    const body = builder.function("divide_row", ["i32", "f64", "i32"], []);
    const [target, divisor, count] = [0, 1, 2];
    const both = body.local("v128");
    body.get(divisor);
    body.op(f64x2.splat);
    body.set(both);
    inPairs(body, count, [target], (pair) => {
      body.get(target);
      body.get(target);
      body.memory(pair ? v128.load : f64.load, 0, 3);
      body.get(pair ? both : divisor);
      body.op(pair ? f64x2.div : f64.div);
      body.memory(pair ? v128.store : f64.store, 0, 3);
    });
    return body.index;
  });
}

/** Exchanges two rows of doubles. Parameters: both addresses, count. */
export function exchangeRows({ builder, shared }: Sharing): number {
  return shared("exchange rows", () => {
    const body = builder.function("exchange_rows", ["i32", "i32", "i32"], []);
    const [a, b, count] = [0, 1, 2];
    const kept = { true: body.local("v128"), false: body.local("f64") };
    inPairs(body, count, [a, b], (pair) => {
      const [load, store] = pair ? [v128.load, v128.store] : [f64.load, f64.store];
      const local = kept[`${pair}`];
      body.get(a);
      body.memory(load, 0, 3);
      body.set(local);
      body.get(a);
      body.get(b);
      body.memory(load, 0, 3);
      body.memory(store, 0, 3);
      body.get(b);
      body.get(local);
      body.memory(store, 0, 3);
    });
    return body.index;
  });
}

/** Runs `emit` for two elements while there are two, then for one; addresses move on. */
function inPairs(
  body: Body,
  count: number,
  addresses: readonly number[],
  emit: (pair: boolean) => void,
): void {
  for (const pair of [true, false]) {
    const elements = pair ? 2 : 1;
    whileAtLeast(body, count, elements, () => {
      emit(pair);
      for (const address of addresses) add(body, address, () => body.i32(elements * DOUBLE));
    });
  }
}
