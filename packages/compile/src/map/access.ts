import type { DType } from "@chainrule/core";
import type { MathLane } from "../math/index.ts";
import { type Body, f32, f32x4, f64, f64x2, i32, i32x4, v128 } from "../wasm/index.ts";

/** An element of a row in memory, and of the rows after it. */
export interface RowElement {
  readonly dtype: DType;
  /** Local that holds the address of the row. */
  readonly pointer: number;
  /** Bytes from the row's address. */
  readonly offset: number;
  /** Bytes from one row to the next; 0 for what is the same in all. */
  readonly stride: number;
}

const lanes: Readonly<Record<MathLane, number>> = { f64: 1, f64x2: 2, f32: 1, f32x4: 4 };

/** Rows that a lane takes at once. */
export function rowsOf(lane: MathLane): number {
  return lanes[lane];
}

/** Whether rows lie side by side as the lane holds them. */
function isVector(lane: MathLane, { dtype, stride }: RowElement): boolean {
  return (
    (lane === "f64x2" && dtype === "f64" && stride === 8) ||
    (lane === "f32x4" && dtype === "f32" && stride === 4)
  );
}

/** Pushes the element of one row, or of as many as the lane takes. */
export function loadElement(body: Body, lane: MathLane, element: RowElement): void {
  if (lane === "f64" || lane === "f32") loadOne(body, lane, element, 0);
  else if (isVector(lane, element)) {
    body.get(element.pointer);
    body.memory(v128.load, element.offset);
  } else if (element.dtype === "bool") loadTruths(body, lane, element);
  else loadVector(body, lane, element);
}

/** Pushes one element as a float. */
function loadOne(body: Body, lane: "f64" | "f32", element: RowElement, row: number): void {
  const { dtype, pointer, offset, stride } = element;
  const at = offset + row * stride;
  body.get(pointer);
  if (dtype === "f64") body.memory(f64.load, at);
  else if (dtype === "f32") {
    body.memory(f32.load, at);
    if (lane === "f64") body.op(f64.promote_f32);
  } else {
    body.memory(dtype === "i32" ? i32.load : i32.load8_u, at);
    body.op(lane === "f64" ? f64.convert_i32_s : f32.convert_i32_s);
  }
}

function loadTruths(body: Body, lane: "f64x2" | "f32x4", element: RowElement): void {
  const one = lane === "f64x2" ? "f64" : "f32";
  const { splat, replace_lane } = lane === "f64x2" ? f64x2 : f32x4;
  loadOne(body, one, element, 0);
  body.op(splat);
  for (let row = 1; row < lanes[lane] && element.stride > 0; row++) {
    loadOne(body, one, element, row);
    body.lane(replace_lane, row);
  }
}

/** Words of 4 or 8 bytes, gathered row by row. */
function loadVector(body: Body, lane: "f64x2" | "f32x4", element: RowElement): void {
  const { dtype, pointer, offset, stride } = element;
  const wide = dtype === "f64";
  const count = lanes[lane];
  if (stride === 0) {
    body.get(pointer);
    body.memory(wide ? v128.load64_splat : v128.load32_splat, offset);
  } else {
    for (let row = 0; row < count; row++) body.get(pointer);
    body.memory(wide ? v128.load64_zero : v128.load32_zero, offset);
    for (let row = 1; row < count; row++) {
      body.memoryLane(wide ? v128.load64_lane : v128.load32_lane, row, offset + row * stride);
    }
  }
  if (lane === "f64x2" && dtype === "f32") body.op(f64x2.promote_low_f32x4);
  if (lane === "f64x2" && dtype === "i32") body.op(f64x2.convert_low_i32x4_s);
}

/** Pushes what `storeElement` needs below the value. */
export function beginStore(body: Body, lane: MathLane, element: RowElement): void {
  if (lanes[lane] === 1 || isVector(lane, element)) body.get(element.pointer);
}

/** Writes the value on the stack, to each row its own. */
export function storeElement(body: Body, lane: MathLane, element: RowElement): void {
  const { dtype, pointer, offset, stride } = element;
  convert(body, lane, dtype);
  if (lanes[lane] === 1) {
    const codes = { f64: f64.store, f32: f32.store, i32: i32.store, bool: i32.store8 };
    body.memory(codes[dtype], offset);
    return;
  }
  if (isVector(lane, element)) {
    body.memory(v128.store, offset);
    return;
  }
  const value = body.local("v128");
  body.set(value);
  for (let row = 0; row < lanes[lane]; row++) {
    body.get(pointer);
    body.get(value);
    const at = offset + row * stride;
    if (dtype === "f64") body.memoryLane(v128.store64_lane, row, at);
    else if (dtype === "bool") body.memoryLane(v128.store8_lane, 4 * row, at);
    else body.memoryLane(v128.store32_lane, row, at);
  }
  body.release(value);
}

/** From the lane's floats to the element type. */
function convert(body: Body, lane: MathLane, dtype: DType): void {
  if (dtype === "f64") return;
  if (dtype === "f32") {
    if (lane === "f64") body.op(f32.demote_f64);
    if (lane === "f64x2") body.op(f32x4.demote_f64x2_zero);
    return;
  }
  const whole: Readonly<Record<MathLane, number>> = {
    f64: i32.trunc_sat_f64_s,
    f32: i32.trunc_sat_f32_s,
    f64x2: i32x4.trunc_sat_f64x2_s_zero,
    f32x4: i32x4.trunc_sat_f32x4_s,
  };
  body.op(whole[lane]);
}
