import { type Body, f64, i32, i64, i64x2, v128 } from "../wasm/index.ts";
import { Arithmetic, type Mask, mask, type Real, real, type Vectors } from "./arithmetic.ts";

/** Code that pushes the bits of doubles, as integers of 64 bits. */
export interface Bits {
  readonly push: () => void;
  readonly kind: "bits";
}

/** How many doubles a value holds. */
export type LaneType = "f64" | "f64x2";

const scratch = new DataView(new ArrayBuffer(8));

/** The bits of a double as an unsigned integer. */
export function bitsOf(x: number): bigint {
  scratch.setFloat64(0, x);
  return scratch.getBigUint64(0);
}

const codes = {
  f64: { ...i64, and: i64.and, or: i64.or, xor: i64.xor },
  f64x2: { ...i64x2, and: v128.and, or: v128.or, xor: v128.xor },
} as const;

/**
 * Arithmetic on one double or on two at once, and on their bits.
 *
 * A function written against it is compiled for both; both give the same bits.
 */
export class Lane extends Arithmetic {
  declare readonly type: LaneType;
  readonly #vectors: Vectors | undefined;

  /** `vectors` gives constant vectors a place; without it they stand in the code, which V8 builds by 3 instructions each. */
  constructor(body: Body, type: LaneType, vectors?: Vectors) {
    super(body, type);
    this.#vectors = vectors;
  }

  constant(value: number): Real {
    if (!this.wide) return real(() => this.body.f64(value));
    const global = this.#vectors?.(value);
    return real(() =>
      global === undefined ? this.body.f64x2(value) : this.body.globalGet(global),
    );
  }

  integer(value: bigint): Bits {
    if (!this.wide) return bits(() => this.body.i64(BigInt.asIntN(64, value)));
    const global = this.#vectors?.(value);
    return bits(() =>
      global === undefined ? this.body.i64x2(value) : this.body.globalGet(global),
    );
  }

  keepBits(value: Bits): Bits {
    return bits(this.store(value.push, this.wide ? "v128" : "i64"));
  }

  bits(a: Real): Bits {
    return bits(this.wide ? a.push : this.apply(i64.reinterpret_f64, a));
  }

  real(a: Bits): Real {
    return real(this.wide ? a.push : this.apply(f64.reinterpret_i64, a));
  }

  and(a: Bits, b: Bits): Bits {
    return this.#bits("and", a, b);
  }

  or(a: Bits, b: Bits): Bits {
    return this.#bits("or", a, b);
  }

  xor(a: Bits, b: Bits): Bits {
    return this.#bits("xor", a, b);
  }

  addBits(a: Bits, b: Bits): Bits {
    return this.#bits("add", a, b);
  }

  subBits(a: Bits, b: Bits): Bits {
    return this.#bits("sub", a, b);
  }

  shiftLeft(a: Bits, count: number): Bits {
    return this.#shift("shl", a, count);
  }

  /** Zeros come in from the left. */
  shiftRight(a: Bits, count: number): Bits {
    return this.#shift("shr_u", a, count);
  }

  /** Where the lowest bit is set. */
  odd(a: Bits): Mask {
    if (this.wide) return mask(this.apply(i64x2.neg, this.and(a, this.integer(1n))));
    return mask(() => {
      this.and(a, this.integer(1n)).push();
      this.body.op(i32.wrap_i64);
    });
  }

  /** The sign of `b` on the magnitude of `a`, which must not be negative. */
  withSign(a: Real, b: Real): Real {
    if (!this.wide) return real(this.apply(f64.copysign, a, b));
    return this.real(this.or(this.bits(a), this.and(this.bits(b), this.integer(1n << 63n))));
  }

  #bits(name: "and" | "or" | "xor" | "add" | "sub", a: Bits, b: Bits): Bits {
    return bits(this.apply(codes[this.type][name], a, b));
  }

  #shift(name: "shl" | "shr_u", a: Bits, count: number): Bits {
    return bits(() => {
      a.push();
      if (this.wide) this.body.i32(count);
      else this.body.i64(BigInt(count));
      this.body.op(codes[this.type][name]);
    });
  }
}

function bits(push: () => void): Bits {
  return { push, kind: "bits" };
}
