import { type Body, i32 } from "../wasm/index.ts";

/** Code that pushes an i32; without effects, so that it may stand where it is needed, also twice. */
export type Push = () => void;

/** Arithmetic on addresses and counts, written as formulas. */
export interface Integers {
  readonly get: (local: number) => Push;
  readonly constant: (value: number) => Push;
  readonly add: (...terms: readonly Push[]) => Push;
  readonly sub: (a: Push, b: Push) => Push;
  readonly mul: (a: Push, b: Push) => Push;
  /** Quotient, rounded down, of unsigned numbers. */
  readonly div: (a: Push, b: Push) => Push;
  readonly and: (a: Push, b: Push) => Push;
  readonly or: (a: Push, b: Push) => Push;
  /** The smaller of two unsigned numbers. */
  readonly min: (a: Push, b: Push) => Push;
  readonly set: (local: number, value: Push) => void;
  /** A new local with a value. */
  readonly let: (value: Push) => number;
}

export function integers(body: Body): Integers {
  const binary =
    (code: number) =>
    (a: Push, b: Push): Push =>
    () => {
      a();
      b();
      body.op(code);
    };
  const set = (local: number, value: Push): void => {
    value();
    body.set(local);
  };
  const plus = binary(i32.add);
  return {
    get: (local) => () => body.get(local),
    constant: (value) => () => body.i32(value),
    add: (...terms) => terms.reduce(plus),
    sub: binary(i32.sub),
    mul: binary(i32.mul),
    div: binary(i32.div_u),
    and: binary(i32.and),
    or: binary(i32.or),
    min: (a, b) => () => {
      a();
      b();
      a();
      b();
      body.op(i32.lt_u);
      body.select();
    },
    set,
    let: (value) => {
      const local = body.local("i32");
      set(local, value);
      return local;
    },
  };
}

/** `local += amount`. */
export function add(body: Body, local: number, amount: Push): void {
  body.get(local);
  amount();
  body.op(i32.add);
  body.set(local);
}

/** Runs `emit` for `index` = 0, step, 2 step … below `limit`. */
export function forEach(
  body: Body,
  { index, limit, step }: { index: number; limit: number; step: Push },
  emit: () => void,
): void {
  body.i32(0);
  body.set(index);
  const done = body.block();
  const again = body.loop();
  body.get(index);
  body.get(limit);
  body.op(i32.ge_u);
  body.brIf(done);
  emit();
  add(body, index, step);
  body.br(again);
  body.end();
  body.end();
}

/** Runs `emit` while `local` is at least `amount`, which is then taken from it. */
export function whileAtLeast(body: Body, local: number, amount: number, emit: () => void): void {
  const done = body.block();
  const again = body.loop();
  body.get(local);
  body.i32(amount);
  body.op(i32.lt_u);
  body.brIf(done);
  emit();
  add(body, local, () => body.i32(-amount));
  body.br(again);
  body.end();
  body.end();
}
