import { type Body, f64, f64x2, i32, i64, i64x2, v128 } from "../wasm/index.ts";

/** Code that pushes a double, or two. Values are pure: where one stands twice, it runs twice; `keep` stores it. */
export interface Real {
  readonly push: () => void;
  readonly kind: "real";
}

/** Code that pushes the bits of doubles, as integers of 64 bits. */
export interface Bits {
  readonly push: () => void;
  readonly kind: "bits";
}

/** Code that pushes a truth value for each lane. */
export interface Mask {
  readonly push: () => void;
  readonly kind: "mask";
}

/** The global that holds a double or a 64-bit integer twice. */
export type Vectors = (value: number | bigint) => number;

/** How many doubles a value holds. */
export type LaneType = "f64" | "f64x2";

const scratch = new DataView(new ArrayBuffer(8));

/** The bits of a double as an unsigned integer. */
export function bitsOf(x: number): bigint {
  scratch.setFloat64(0, x);
  return scratch.getBigUint64(0);
}

const codes = {
  f64: {
    real: f64,
    bits: { ...i64, and: i64.and, or: i64.or, xor: i64.xor },
  },
  f64x2: {
    real: f64x2,
    bits: { ...i64x2, and: v128.and, or: v128.or, xor: v128.xor },
  },
} as const;

/**
 * Arithmetic on one double or on two at once.
 *
 * A function written against it is compiled for both; both give the same bits, since every operation is
 * that of IEEE 754. A mask is an i32 for one double, all bits of a lane for two.
 */
export class Lane {
  readonly body: Body;
  readonly type: LaneType;
  readonly #wide: boolean;
  readonly #locals: number[] = [];
  readonly #vectors: Vectors | undefined;

  /** `vectors` gives constant vectors a place; without it they stand in the code, which V8 builds by 3 instructions each. */
  constructor(body: Body, type: LaneType, vectors?: Vectors) {
    this.body = body;
    this.type = type;
    this.#wide = type === "f64x2";
    this.#vectors = vectors;
  }

  /** Type of values on the stack. */
  get valueType(): "f64" | "v128" {
    return this.#wide ? "v128" : "f64";
  }

  local(index: number): Real {
    return real(() => this.body.get(index));
  }

  constant(value: number): Real {
    if (!this.#wide) return real(() => this.body.f64(value));
    const global = this.#vectors?.(value);
    return real(() =>
      global === undefined ? this.body.f64x2(value) : this.body.globalGet(global),
    );
  }

  integer(value: bigint): Bits {
    if (!this.#wide) return bits(() => this.body.i64(BigInt.asIntN(64, value)));
    const global = this.#vectors?.(value);
    return bits(() =>
      global === undefined ? this.body.i64x2(value) : this.body.globalGet(global),
    );
  }

  /** Computes a value now and keeps it in a local. */
  keep(value: Real): Real {
    return real(this.#keep(value.push, this.valueType));
  }

  keepBits(value: Bits): Bits {
    return bits(this.#keep(value.push, this.#wide ? "v128" : "i64"));
  }

  keepMask(value: Mask): Mask {
    return mask(this.#keep(value.push, this.#wide ? "v128" : "i32"));
  }

  /** Gives back the locals of all values kept so far. */
  release(): void {
    for (const local of this.#locals.splice(0)) this.body.release(local);
  }

  add(a: Real, b: Real): Real {
    return this.#real("add", a, b);
  }

  sub(a: Real, b: Real): Real {
    return this.#real("sub", a, b);
  }

  mul(a: Real, b: Real): Real {
    return this.#real("mul", a, b);
  }

  div(a: Real, b: Real): Real {
    return this.#real("div", a, b);
  }

  neg(a: Real): Real {
    return this.#real("neg", a);
  }

  abs(a: Real): Real {
    return this.#real("abs", a);
  }

  sqrt(a: Real): Real {
    return this.#real("sqrt", a);
  }

  /** The nearest integer, ties to even. */
  nearest(a: Real): Real {
    return this.#real("nearest", a);
  }

  lt(a: Real, b: Real): Mask {
    return this.#compare("lt", a, b);
  }

  le(a: Real, b: Real): Mask {
    return this.#compare("le", a, b);
  }

  gt(a: Real, b: Real): Mask {
    return this.#compare("gt", a, b);
  }

  eq(a: Real, b: Real): Mask {
    return this.#compare("eq", a, b);
  }

  both(a: Mask, b: Mask): Mask {
    return mask(this.#apply(this.#wide ? v128.and : i32.and, a, b));
  }

  not(a: Mask): Mask {
    return mask(this.#apply(this.#wide ? v128.not : i32.eqz, a));
  }

  /** `a` where the mask holds, else `b`. */
  select(condition: Mask, a: Real, b: Real): Real {
    return real(() => {
      a.push();
      b.push();
      condition.push();
      if (this.#wide) this.body.op(v128.bitselect);
      else this.body.select();
    });
  }

  bits(a: Real): Bits {
    return bits(this.#wide ? a.push : this.#apply(i64.reinterpret_f64, a));
  }

  real(a: Bits): Real {
    return real(this.#wide ? a.push : this.#apply(f64.reinterpret_i64, a));
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
    if (this.#wide) return mask(this.#apply(i64x2.neg, this.and(a, this.integer(1n))));
    return mask(() => {
      this.and(a, this.integer(1n)).push();
      this.body.op(i32.wrap_i64);
    });
  }

  /** The sign of `b` on the magnitude of `a`, which must not be negative. */
  withSign(a: Real, b: Real): Real {
    if (!this.#wide) {
      return real(() => {
        a.push();
        b.push();
        this.body.op(f64.copysign);
      });
    }
    return this.real(this.or(this.bits(a), this.and(this.bits(b), this.integer(1n << 63n))));
  }

  #keep(push: () => void, type: "f64" | "i64" | "i32" | "v128"): () => void {
    const local = this.body.local(type);
    this.#locals.push(local);
    push();
    this.body.set(local);
    return () => this.body.get(local);
  }

  #apply(code: number, ...operands: readonly { readonly push: () => void }[]): () => void {
    return () => {
      for (const { push } of operands) push();
      this.body.op(code);
    };
  }

  #real(
    name: "add" | "sub" | "mul" | "div" | "neg" | "abs" | "sqrt" | "nearest",
    ...operands: readonly Real[]
  ): Real {
    return real(this.#apply(codes[this.type].real[name], ...operands));
  }

  #compare(name: "lt" | "le" | "gt" | "eq", a: Real, b: Real): Mask {
    return mask(this.#apply(codes[this.type].real[name], a, b));
  }

  #bits(name: "and" | "or" | "xor" | "add" | "sub", a: Bits, b: Bits): Bits {
    return bits(this.#apply(codes[this.type].bits[name], a, b));
  }

  #shift(name: "shl" | "shr_u", a: Bits, count: number): Bits {
    return bits(() => {
      a.push();
      if (this.#wide) this.body.i32(count);
      else this.body.i64(BigInt(count));
      this.body.op(codes[this.type].bits[name]);
    });
  }
}

function real(push: () => void): Real {
  return { push, kind: "real" };
}

function bits(push: () => void): Bits {
  return { push, kind: "bits" };
}

function mask(push: () => void): Mask {
  return { push, kind: "mask" };
}
