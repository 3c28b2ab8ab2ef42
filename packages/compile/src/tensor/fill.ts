import type { DType } from "@chainrule/core";
import { elementBytes } from "../plan/elementBytes.ts";
import { fixed, type Size, times } from "../plan/size.ts";
import { type Body, f32, f64, i32 } from "../wasm/index.ts";
import { type Addresses, pushAddress, pushSize } from "./access.ts";

/** Elements to be filled with one number. */
export interface Filled {
  readonly buffer: number;
  readonly count: Size;
  readonly dtype: DType;
  readonly value: number;
}

/** Writes code that fills a buffer with a number of its element type; infinities become the ends of integers. */
export function emitFill(
  body: Body,
  { buffer, count, dtype, value }: Filled,
  addresses: Addresses,
): void {
  const start = (): void => pushAddress(body, buffer, addresses);
  const bytes = times(fixed(elementBytes[dtype]), count);
  if (value === 0 || dtype === "bool") {
    start();
    body.i32(value);
    pushSize(body, bytes, addresses);
    body.memoryFill();
    return;
  }
  const at = body.local("i32");
  const end = body.local("i32");
  start();
  body.tee(at);
  pushSize(body, bytes, addresses);
  body.op(i32.add);
  body.set(end);
  body.countedLoop(at, end, elementBytes[dtype], () => {
    body.get(at);
    if (dtype === "f64") {
      body.f64(value);
      body.memory(f64.store);
    } else if (dtype === "f32") {
      body.f32(value);
      body.memory(f32.store);
    } else {
      body.i32(Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value)));
      body.memory(i32.store);
    }
  });
  body.release(at);
  body.release(end);
}
