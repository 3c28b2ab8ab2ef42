import { type Body, f32, f32x4, f64, f64x2, i32, v128 } from "../wasm/index.ts";

/** Code that pushes a float, or a vector of them. Values are pure: where one stands twice, it runs twice; `keep` stores it. */
export interface Real {
  readonly push: () => void;
  readonly kind: "real";
}

/** Code that pushes a truth value for each lane: an i32 for one float, all bits of a lane for a vector. */
export interface Mask {
  readonly push: () => void;
  readonly kind: "mask";
}

/** What code works on: one float, or a vector of them. */
export type MathLane = "f64" | "f64x2" | "f32" | "f32x4";

/** The global that holds a double or a 64-bit integer twice. */
export type Vectors = (value: number | bigint) => number;

const codes = { f64, f64x2, f32, f32x4 } as const;

/** An operation on floats that is one instruction for each lane. */
export type Operation =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "min"
  | "max"
  | "neg"
  | "abs"
  | "sqrt"
  | "nearest"
  | "floor"
  | "ceil"
  | "trunc";

/** The instruction of an operation. */
export function instructionOf(operation: Operation, lane: MathLane): number {
  return codes[lane][operation];
}

type Comparison = "lt" | "le" | "gt" | "ge" | "eq" | "ne";

/**
 * Arithmetic on one float or on a vector of them, by the operations of IEEE 754: what is written against
 * it gives the same bits for each width of vector.
 */
export abstract class Arithmetic {
  readonly body: Body;
  readonly type: MathLane;
  /** Whether values are vectors. */
  readonly wide: boolean;
  readonly #locals: number[] = [];

  protected constructor(body: Body, type: MathLane) {
    this.body = body;
    this.type = type;
    this.wide = type === "f64x2" || type === "f32x4";
  }

  abstract constant(value: number): Real;

  /** Type of values on the stack. */
  get valueType(): "f64" | "f32" | "v128" {
    return this.type === "f64" || this.type === "f32" ? this.type : "v128";
  }

  local(index: number): Real {
    return real(() => this.body.get(index));
  }

  /** Computes a value now and keeps it in a local. */
  keep(value: Real): Real {
    return real(this.store(value.push, this.valueType));
  }

  keepMask(value: Mask): Mask {
    return mask(this.store(value.push, this.wide ? "v128" : "i32"));
  }

  /** Gives back the locals of all values kept so far. */
  release(): void {
    for (const local of this.#locals.splice(0)) this.body.release(local);
  }

  /** An operation by its name. */
  operation(name: Operation, ...operands: readonly Real[]): Real {
    return real(this.apply(codes[this.type][name], ...operands));
  }

  add(a: Real, b: Real): Real {
    return this.operation("add", a, b);
  }

  sub(a: Real, b: Real): Real {
    return this.operation("sub", a, b);
  }

  mul(a: Real, b: Real): Real {
    return this.operation("mul", a, b);
  }

  div(a: Real, b: Real): Real {
    return this.operation("div", a, b);
  }

  /** The smaller, NaN if one is, −0 below 0; as `Math.min`. */
  min(a: Real, b: Real): Real {
    return this.operation("min", a, b);
  }

  /** The larger, NaN if one is, −0 below 0; as `Math.max`. */
  max(a: Real, b: Real): Real {
    return this.operation("max", a, b);
  }

  neg(a: Real): Real {
    return this.operation("neg", a);
  }

  abs(a: Real): Real {
    return this.operation("abs", a);
  }

  sqrt(a: Real): Real {
    return this.operation("sqrt", a);
  }

  /** The nearest integer, ties to even. */
  nearest(a: Real): Real {
    return this.operation("nearest", a);
  }

  floor(a: Real): Real {
    return this.operation("floor", a);
  }

  ceil(a: Real): Real {
    return this.operation("ceil", a);
  }

  /** The integer part. */
  trunc(a: Real): Real {
    return this.operation("trunc", a);
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

  ge(a: Real, b: Real): Mask {
    return this.#compare("ge", a, b);
  }

  eq(a: Real, b: Real): Mask {
    return this.#compare("eq", a, b);
  }

  ne(a: Real, b: Real): Mask {
    return this.#compare("ne", a, b);
  }

  both(a: Mask, b: Mask): Mask {
    return mask(this.apply(this.wide ? v128.and : i32.and, a, b));
  }

  either(a: Mask, b: Mask): Mask {
    return mask(this.apply(this.wide ? v128.or : i32.or, a, b));
  }

  /** Where one holds but not both. */
  differ(a: Mask, b: Mask): Mask {
    return mask(this.apply(this.wide ? v128.xor : i32.xor, a, b));
  }

  not(a: Mask): Mask {
    return mask(this.apply(this.wide ? v128.not : i32.eqz, a));
  }

  /** `a` where the mask holds, else `b`. */
  select(condition: Mask, a: Real, b: Real): Real {
    return real(() => {
      a.push();
      b.push();
      condition.push();
      if (this.wide) this.body.op(v128.bitselect);
      else this.body.select();
    });
  }

  /** `a` where the mask holds, else 0. */
  only(condition: Mask, a: Real): Real {
    if (this.wide) return real(this.apply(v128.and, a, condition));
    return this.select(condition, a, this.constant(0));
  }

  /** 1 where the mask holds, else 0. */
  number(condition: Mask): Real {
    if (this.wide) return this.only(condition, this.constant(1));
    const convert = this.type === "f64" ? f64.convert_i32_u : f32.convert_i32_u;
    return real(this.apply(convert, condition));
  }

  protected store(push: () => void, type: "f64" | "f32" | "i64" | "i32" | "v128"): () => void {
    const local = this.body.local(type);
    this.#locals.push(local);
    push();
    this.body.set(local);
    return () => this.body.get(local);
  }

  protected apply(code: number, ...operands: readonly { readonly push: () => void }[]): () => void {
    return () => {
      for (const { push } of operands) push();
      this.body.op(code);
    };
  }

  #compare(name: Comparison, a: Real, b: Real): Mask {
    return mask(this.apply(codes[this.type][name], a, b));
  }
}

/** A value from the code that pushes it. */
export function real(push: () => void): Real {
  return { push, kind: "real" };
}

/** A truth value from the code that pushes it. */
export function mask(push: () => void): Mask {
  return { push, kind: "mask" };
}
