import type { DType } from "@chainrule/core";
import { elementBytes } from "../../plan/elementBytes.ts";
import { f32x4, f64x2, i32, i32x4, type ModuleBuilder, v128 } from "../../wasm/index.ts";
import { add, whileAtLeast } from "../integers.ts";
import { load, pushSum, store } from "./storage.ts";

/** Bytes of a vector. */
const VECTOR = 16;

/** From so many bytes on a call of the host's copy is worth its price. */
const LONG = 256;

/** Copies bytes that do not overlap. Parameters: target, source, count of bytes. */
export function copyRowFunction(builder: ModuleBuilder): number {
  const body = builder.function("copy_row", ["i32", "i32", "i32"], []);
  const [target, source, count] = [0, 1, 2];
  body.get(count);
  body.i32(LONG);
  body.op(i32.ge_u);
  body.if();
  for (const local of [target, source, count]) body.get(local);
  body.memoryCopy();
  body.return();
  body.end();
  for (const { bytes, from, to } of [
    { bytes: VECTOR, from: v128.load, to: v128.store },
    { bytes: 4, from: i32.load, to: i32.store },
    { bytes: 1, from: i32.load8_u, to: i32.store8 },
  ]) {
    whileAtLeast(body, count, bytes, () => {
      body.get(target);
      body.get(source);
      body.memory(from, 0, 0);
      body.memory(to, 0, 0);
      for (const local of [target, source]) add(body, local, () => body.i32(bytes));
    });
  }
  return body.index;
}

const vectorSums: Readonly<Record<DType, number | undefined>> = {
  f64: f64x2.add,
  f32: f32x4.add,
  i32: i32x4.add,
  bool: undefined,
};

/** `target[r] += source[r]`. Parameters: target, source, count of elements. */
export function addRowFunction(builder: ModuleBuilder, from: DType, to: DType): number {
  const body = builder.function(`add_row_${from}_${to}`, ["i32", "i32", "i32"], []);
  const [target, source, count] = [0, 1, 2];
  const sum = from === to ? vectorSums[to] : undefined;
  const round = (elements: number, emit: () => void): void =>
    whileAtLeast(body, count, elements, () => {
      body.get(target);
      body.get(target);
      emit();
      add(body, target, () => body.i32(elements * elementBytes[to]));
      add(body, source, () => body.i32(elements * elementBytes[from]));
    });
  if (sum !== undefined) {
    round(VECTOR / elementBytes[to], () => {
      body.memory(v128.load);
      body.get(source);
      body.memory(v128.load);
      body.op(sum);
      body.memory(v128.store);
    });
  }
  round(1, () => {
    load(body, to);
    body.get(source);
    load(body, from, to);
    pushSum(body, to);
    store(body, to);
  });
  return body.index;
}
