import { type Body, f32, f32x4, f64, f64x2, v128 } from "../wasm/index.ts";

/** How vectors of one float type are loaded, multiplied and added. */
export interface Precision {
  readonly name: "f32" | "f64";
  /** Bytes of an element. */
  readonly size: number;
  /** Elements of a vector. */
  readonly lanes: number;
  /** Loads one element into every lane. */
  readonly loadSplat: number;
  readonly load: number;
  readonly store: number;
  readonly add: number;
  readonly mul: number;
  /** The same for one element. */
  readonly scalar: {
    readonly load: number;
    readonly store: number;
    readonly add: number;
    readonly zero: (body: Body) => void;
  };
}

export const single: Precision = {
  name: "f32",
  size: 4,
  lanes: 4,
  loadSplat: v128.load32_splat,
  load: v128.load,
  store: v128.store,
  add: f32x4.add,
  mul: f32x4.mul,
  scalar: { load: f32.load, store: f32.store, add: f32.add, zero: (body) => body.f32(0) },
};

export const double: Precision = {
  name: "f64",
  size: 8,
  lanes: 2,
  loadSplat: v128.load64_splat,
  load: v128.load,
  store: v128.store,
  add: f64x2.add,
  mul: f64x2.mul,
  scalar: { load: f64.load, store: f64.store, add: f64.add, zero: (body) => body.f64(0) },
};
