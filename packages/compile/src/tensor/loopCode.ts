import { elementBytes } from "../plan/elementBytes.ts";
import { fixedValue } from "../plan/size.ts";
import { type Body, f32, f32x4, f64, f64x2, i16x8, i32, i32x4, i64, v128 } from "../wasm/index.ts";
import type { Access, Accesses } from "./access.ts";
import type { Combine } from "./step.ts";

/** What elements are computed as: one or two doubles, one or four floats. */
export type Lane = "f64" | "f64x2" | "f32" | "f32x4";

/** Elements in a lane. */
export const lanesOf: Readonly<Record<Lane, 1 | 2 | 4>> = { f64: 1, f64x2: 2, f32: 1, f32x4: 4 };

/** Type of a local that holds a lane. */
export function localType(lane: Lane): "f64" | "f32" | "v128" {
  return lane === "f64" || lane === "f32" ? lane : "v128";
}

/** The lane of one element beside a vector. */
export function singleOf(lane: Lane): "f64" | "f32" {
  return lane === "f32" || lane === "f32x4" ? "f32" : "f64";
}

/** A constant in all elements. */
export function pushConstant(body: Body, lane: Lane, value: number): void {
  if (lane === "f64") body.f64(value);
  else if (lane === "f32") body.f32(value);
  else if (lane === "f64x2") body.f64x2(value);
  else body.f32x4(value);
}

/** One element in all of a vector. */
export function splat(body: Body, lane: Lane): void {
  if (lane === "f64x2") body.op(f64x2.splat);
  else if (lane === "f32x4") body.op(f32x4.splat);
}

/** Loads one element, as a double or a float, from the address on the stack. */
function loadOne(body: Body, dtype: Access["dtype"], single: "f64" | "f32", offset: number): void {
  if (dtype === "f64") {
    body.memory(f64.load, offset);
    if (single === "f32") body.op(f32.demote_f64);
  } else if (dtype === "f32") {
    body.memory(f32.load, offset);
    if (single === "f64") body.op(f64.promote_f32);
  } else {
    if (dtype === "i32") body.memory(i32.load, offset);
    else body.memory(i32.load8_u, offset);
    body.op(single === "f64" ? f64.convert_i32_s : f32.convert_i32_s);
  }
}

/** Stores the element on the stack, with its address below. */
function storeOne(body: Body, dtype: Access["dtype"], single: "f64" | "f32", offset: number): void {
  if (dtype === "f64") {
    if (single === "f32") body.op(f64.promote_f32);
    body.memory(f64.store, offset);
  } else if (dtype === "f32") {
    if (single === "f64") body.op(f32.demote_f64);
    body.memory(f32.store, offset);
  } else if (dtype === "i32") {
    // Sums of integers pass 32 bits; they wrap around as the interpreter's do.
    if (single === "f32") body.op(f64.promote_f32);
    body.op(i64.trunc_sat_f64_s);
    body.op(i32.wrap_i64);
    body.memory(i32.store, offset);
  } else {
    body.op(single === "f64" ? i32.trunc_sat_f64_s : i32.trunc_sat_f32_s);
    body.memory(i32.store8, offset);
  }
}

/** Pushes the elements of an access at its place. */
export function load(body: Body, accesses: Accesses, access: Access, lane: Lane): void {
  const { dtype, immediate, inner } = access;
  const single = singleOf(lane);
  const count = lanesOf[lane];
  const step = fixedValue(inner);
  const size = elementBytes[dtype];
  const push = (): void => accesses.push(access);
  if (count === 1 || step === 0) {
    push();
    loadOne(body, dtype, single, immediate);
    if (count > 1) splat(body, lane);
    return;
  }
  if (step === size && dtype === single) {
    push();
    body.memory(v128.load, immediate, Math.log2(size));
    return;
  }
  if (step === size && dtype === "bool" && lane === "f32x4") {
    push();
    body.memory(v128.load32_zero, immediate, 0);
    widen(body);
    return;
  }
  // Elements from places of their own, one by one.
  for (let k = 0; k < count; k++) {
    push();
    const known = step !== undefined && immediate + k * step >= 0;
    if (!known && k > 0) {
      accesses.pushSize(inner)();
      body.i32(k);
      body.op(i32.mul);
      body.op(i32.add);
    }
    loadOne(body, dtype, single, known ? immediate + k * (step as number) : immediate);
    if (k === 0) splat(body, lane);
    else body.lane(lane === "f64x2" ? f64x2.replace_lane : f32x4.replace_lane, k);
  }
}

/** Four bytes in the low word become four floats. */
function widen(body: Body): void {
  body.op(i16x8.extend_low_i8x16_u);
  body.op(i32x4.extend_low_i16x8_u);
  body.op(f32x4.convert_i32x4_u);
}

/** Stores a local's elements at the access's place. */
export function store(
  body: Body,
  accesses: Accesses,
  { access, lane, local }: { access: Access; lane: Lane; local: number },
): void {
  const { dtype, immediate, inner } = access;
  const single = singleOf(lane);
  const count = lanesOf[lane];
  const step = fixedValue(inner);
  const size = elementBytes[dtype];
  if (count === 1) {
    accesses.push(access);
    body.get(local);
    storeOne(body, dtype, single, immediate);
    return;
  }
  if (step === size && dtype === single) {
    accesses.push(access);
    body.get(local);
    body.memory(v128.store, immediate, Math.log2(size));
    return;
  }
  for (let k = 0; k < count; k++) {
    accesses.push(access);
    const known = step !== undefined && immediate + k * step >= 0;
    if (!known && k > 0) {
      accesses.pushSize(inner)();
      body.i32(k);
      body.op(i32.mul);
      body.op(i32.add);
    }
    body.get(local);
    body.lane(lane === "f64x2" ? f64x2.extract_lane : f32x4.extract_lane, k);
    storeOne(body, dtype, single, known ? immediate + k * (step as number) : immediate);
  }
}

const arithmetic = {
  f64: { add: f64.add, mul: f64.mul, max: f64.max, min: f64.min },
  f32: { add: f32.add, mul: f32.mul, max: f32.max, min: f32.min },
  f64x2: { add: f64x2.add, mul: f64x2.mul, max: f64x2.max, min: f64x2.min },
  f32x4: { add: f32x4.add, mul: f32x4.mul, max: f32x4.max, min: f32x4.min },
} as const;

/** What combining begins with: it changes nothing. */
export function identityOf(combine: Combine): number {
  if (combine === "sum" || combine === "any") return 0;
  if (combine === "product" || combine === "all") return 1;
  return combine === "max" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Brings the two lanes on the stack to one. Truth values are 0 and 1. */
export function combine(body: Body, how: Combine, lane: Lane): void {
  const codes = arithmetic[lane];
  if (how === "sum") body.op(codes.add);
  else if (how === "product") body.op(codes.mul);
  else body.op(how === "max" || how === "any" ? codes.max : codes.min);
}

/** Makes the numbers on the stack truth values, 0 or 1, where such are combined. */
export function prepare(body: Body, how: Combine, lane: Lane): void {
  if (how !== "any" && how !== "all") return;
  pushConstant(body, lane, 0);
  if (lane === "f64" || lane === "f32") {
    body.op(lane === "f64" ? f64.ne : f32.ne);
    body.op(lane === "f64" ? f64.convert_i32_u : f32.convert_i32_u);
  } else {
    body.op(lane === "f64x2" ? f64x2.ne : f32x4.ne);
    pushConstant(body, lane, 1);
    body.op(v128.and);
  }
}

/** Pushes the elements of a vector brought to one: neighbours first. */
export function across(body: Body, how: Combine, lane: Lane, local: number): void {
  if (lane === "f64x2") {
    body.get(local);
    body.lane(f64x2.extract_lane, 0);
    body.get(local);
    body.lane(f64x2.extract_lane, 1);
    combine(body, how, "f64");
    return;
  }
  for (const pair of [0, 2]) {
    for (const k of [pair, pair + 1]) {
      body.get(local);
      body.lane(f32x4.extract_lane, k);
    }
    combine(body, how, "f32");
  }
  combine(body, how, "f32");
}

/** Numbers 0, 1, … added to the integer on the stack, as elements of a lane whose neighbours differ by `step`. */
export function positions(body: Body, lane: Lane, pushStep: () => void): void {
  const single = singleOf(lane);
  if (lanesOf[lane] === 1) {
    body.op(single === "f64" ? f64.convert_i32_s : f32.convert_i32_s);
    return;
  }
  const first = body.local("i32");
  body.set(first);
  for (let k = 0; k < lanesOf[lane]; k++) {
    body.get(first);
    pushStep();
    body.i32(k);
    body.op(i32.mul);
    body.op(i32.add);
    body.op(single === "f64" ? f64.convert_i32_s : f32.convert_i32_s);
    if (k === 0) splat(body, lane);
    else body.lane(lane === "f64x2" ? f64x2.replace_lane : f32x4.replace_lane, k);
  }
  body.release(first);
}
