import type { DType } from "@chainrule/core";
import { elementBytes } from "../../plan/elementBytes.ts";
import { fixed, type Size, times } from "../../plan/size.ts";
import { type Body, f32, f64, i32 } from "../../wasm/index.ts";

/** Type of an element on the stack; truth values are 0 or 1. */
export function stackType(dtype: DType): "f64" | "f32" | "i32" {
  return dtype === "bool" ? "i32" : dtype;
}

/** Bytes of so many elements. */
export function bytesOfElements(dtype: DType, count: Size): Size {
  return times(fixed(elementBytes[dtype]), count);
}

const loads: Readonly<Record<DType, number>> = {
  f64: f64.load,
  f32: f32.load,
  i32: i32.load,
  bool: i32.load8_u,
};

const stores: Readonly<Record<DType, number>> = {
  f64: f64.store,
  f32: f32.store,
  i32: i32.store,
  bool: i32.store8,
};

const conversions: Readonly<Record<string, number>> = {
  "f32 f64": f64.promote_f32,
  "i32 f64": f64.convert_i32_s,
  "bool f64": f64.convert_i32_s,
  "i32 f32": f32.convert_i32_s,
  "bool f32": f32.convert_i32_s,
  "f64 f32": f32.demote_f64,
};

/** Loads the element at the address on the stack, as an element of a type that holds it. */
export function load(body: Body, dtype: DType, as: DType = dtype, offset = 0): void {
  body.memory(loads[dtype], offset);
  const conversion = conversions[`${dtype} ${as}`];
  if (conversion !== undefined) body.op(conversion);
}

/** Stores the element on the stack, of type `from`, at the address below it. */
export function store(body: Body, dtype: DType, from: DType = dtype, offset = 0): void {
  const conversion = conversions[`${from} ${dtype}`];
  if (conversion !== undefined) body.op(conversion);
  body.memory(stores[dtype], offset);
}

/** Pushes a number of a type. */
export function pushNumber(body: Body, dtype: DType, value: number): void {
  if (dtype === "f64") body.f64(value);
  else if (dtype === "f32") body.f32(value);
  else body.i32(value);
}

/** Pushes the sum of two numbers on the stack. */
export function pushSum(body: Body, dtype: DType): void {
  body.op(dtype === "f64" ? f64.add : dtype === "f32" ? f32.add : i32.add);
}

/** Pushes the product of two numbers on the stack. */
export function pushProduct(body: Body, dtype: DType): void {
  body.op(dtype === "f64" ? f64.mul : dtype === "f32" ? f32.mul : i32.mul);
}
