import type { Body } from "../wasm/index.ts";
import { Arithmetic, type Real, real, type Vectors } from "./arithmetic.ts";

const scratch = new DataView(new ArrayBuffer(8));

/** Arithmetic on one float of single precision or on four at once. */
export class SingleLane extends Arithmetic {
  readonly #vectors: Vectors | undefined;

  /** `vectors` as for `Lane`. */
  constructor(body: Body, type: "f32" | "f32x4", vectors?: Vectors) {
    super(body, type);
    this.#vectors = vectors;
  }

  /** The nearest number of single precision. */
  constant(value: number): Real {
    if (!this.wide) return real(() => this.body.f32(value));
    const global = this.#vectors?.(bitsTwice(value));
    return real(() =>
      global === undefined ? this.body.f32x4(value) : this.body.globalGet(global),
    );
  }
}

/** The bits of two equal floats. */
function bitsTwice(value: number): bigint {
  scratch.setFloat32(0, value);
  scratch.setFloat32(4, value);
  return scratch.getBigUint64(0);
}
