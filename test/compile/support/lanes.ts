import { type Body, f32, f64, type MathLane, v128 } from "@chainrule/compile";

/** Bytes that a lane takes at once, and of one element. */
export function stepOf(lane: MathLane): { readonly bytes: number; readonly size: number } {
  const size = lane === "f64" || lane === "f64x2" ? 8 : 4;
  return { size, bytes: lane === "f64" || lane === "f32" ? size : 16 };
}

const codes = {
  f64: [f64.load, f64.store],
  f32: [f32.load, f32.store],
  f64x2: [v128.load, v128.store],
  f32x4: [v128.load, v128.store],
} as const;

/** Loads what a lane takes from the address on the stack plus `offset`. */
export function readLane(body: Body, lane: MathLane, offset: number): void {
  body.memory(codes[lane][0], offset);
}

/** Stores it. */
export function storeLane(body: Body, lane: MathLane, offset: number): void {
  body.memory(codes[lane][1], offset);
}
