import type { DType } from "@chainrule/core";
import type { KernelContext } from "../../tensor/kernel.ts";
import { type Body, f32, f64, i32 } from "../../wasm/index.ts";
import { add, forEach, integers } from "../integers.ts";
import { elementBytes, load, pushNumber, pushSum, stackType, store } from "./storage.ts";

/**
 * What a pooling op makes of each window: the largest element of x; that of v at the place of x's largest; y added
 * there; the mean; y in equal shares.
 */
export type Pooling = "max" | "select" | "spread" | "mean" | "share";

/** Parameters of a row, all i32, in this order. Offsets and lengths are in elements. */
export const poolingParameters = [
  // The channel whose windows are looked at: x, or for `share` the result.
  "channel",
  // Offsets of the rows of the channel that the windows meet, and their number.
  "rows",
  "rowCount",
  // The row of windows: the result, or y.
  "pooled",
  // For `select` the channel of v, for `spread` that of the result.
  "other",
  "width",
  "length",
  "window",
  "stride",
  "dilation",
  "before",
  // What sums are divided by; 0 for the number of elements.
  "divisor",
] as const;

type Parameter = (typeof poolingParameters)[number];

const parameter = Object.fromEntries(
  poolingParameters.map((name, index) => [name, index]),
) as Record<Parameter, number>;

/** Element types of the channel that is looked at, and of what is given or made besides. */
export interface PoolingTypes {
  readonly channel: DType;
  readonly other: DType;
}

/** One row of windows along the last axis. */
export function poolingRowFunction(
  { builder }: KernelContext,
  kind: Pooling,
  { channel, other }: PoolingTypes,
): number {
  const name = `pool_${kind}_${channel}_${other}`;
  const body = builder.function(name, Array(poolingParameters.length).fill("i32"), []);
  const { get, constant, sub } = integers(body);
  const locals = makeLocals(body, channel);
  const { j, place } = locals;
  sub(constant(0), get(parameter.before))();
  body.set(place);
  forEach(body, { index: j, limit: parameter.width, step: constant(1) }, () => {
    if (kind === "mean") emitMean(body, locals, channel, other);
    else if (kind === "share") emitShare(body, locals, channel, other);
    else emitLargest(body, locals, channel, kind, other);
    add(body, parameter.pooled, constant(elementBytes[other]));
    add(body, place, get(parameter.stride));
  });
  return body.index;
}

interface Locals {
  readonly j: number;
  /** The first element of the window along the last axis. */
  readonly place: number;
  readonly row: number;
  readonly r: number;
  readonly position: number;
  /** Number of the element in the channel. */
  readonly at: number;
  readonly best: number;
  readonly value: number;
  readonly largest: number;
  readonly count: number;
  readonly total: number;
}

function makeLocals(body: Body, channel: DType): Locals {
  const i = (): number => body.local("i32");
  return {
    j: i(),
    place: i(),
    row: i(),
    r: i(),
    position: i(),
    at: i(),
    best: i(),
    value: body.local(stackType(channel)),
    largest: body.local(stackType(channel)),
    count: i(),
    total: body.local("f64"),
  };
}

/** Runs `emit` for each element of the window that lies in the channel, in row-major order; `at` is its number. */
function forEachElement(
  body: Body,
  { row, r, position, place, at }: Locals,
  emit: () => void,
): void {
  const { get, constant, add: plus, mul } = integers(body);
  forEach(body, { index: row, limit: parameter.rowCount, step: constant(1) }, () => {
    body.get(place);
    body.set(position);
    forEach(body, { index: r, limit: parameter.window, step: constant(1) }, () => {
      body.get(position);
      body.get(parameter.length);
      body.op(i32.lt_u);
      body.if();
      plus(get(parameter.rows), mul(get(row), constant(4)))();
      body.memory(i32.load);
      body.get(position);
      body.op(i32.add);
      body.set(at);
      emit();
      body.end();
      add(body, position, get(parameter.dilation));
    });
  });
}

/** Pushes the address of the element with the number `at` of a tensor's channel. */
function pushElement(body: Body, base: Parameter, at: number, dtype: DType): void {
  const { get, constant, add: plus, mul } = integers(body);
  plus(get(parameter[base]), mul(get(at), constant(elementBytes[dtype])))();
}

function emitLargest(
  body: Body,
  locals: Locals,
  channel: DType,
  kind: "max" | "select" | "spread",
  other: DType,
): void {
  const { best, value, largest, at } = locals;
  body.i32(-1);
  body.set(best);
  forEachElement(body, locals, () => {
    pushElement(body, "channel", at, channel);
    load(body, channel);
    body.set(value);
    emitIsLarger(body, locals, channel);
    body.if();
    body.get(value);
    body.set(largest);
    body.get(at);
    body.set(best);
    body.end();
  });
  if (kind === "spread") {
    body.get(best);
    body.i32(0);
    body.op(i32.ge_s);
    body.if();
    pushElement(body, "other", best, other);
    pushElement(body, "other", best, other);
    load(body, other);
    body.get(parameter.pooled);
    load(body, other);
    pushSum(body, other);
    store(body, other);
    body.end();
    return;
  }
  body.get(parameter.pooled);
  body.get(best);
  body.i32(0);
  body.op(i32.lt_s);
  body.if(stackType(other));
  // −∞ is 0 as an integer.
  const isFloat = other === "f64" || other === "f32";
  pushNumber(body, other, kind === "max" && isFloat ? Number.NEGATIVE_INFINITY : 0);
  body.else();
  if (kind === "max") body.get(largest);
  else {
    pushElement(body, "other", best, other);
    load(body, other);
  }
  body.end();
  store(body, other);
}

/** Pushes whether `value` is the first of the window, or larger than the largest, or the first NaN. */
function emitIsLarger(body: Body, { best, value, largest }: Locals, dtype: DType): void {
  body.get(best);
  body.i32(0);
  body.op(i32.lt_s);
  if (stackType(dtype) === "i32") {
    body.get(value);
    body.get(largest);
    body.op(i32.gt_s);
  } else {
    const { le, eq } = dtype === "f64" ? f64 : f32;
    body.get(value);
    body.get(largest);
    body.op(le);
    body.op(i32.eqz);
    body.get(largest);
    body.get(largest);
    body.op(eq);
    body.op(i32.and);
  }
  body.op(i32.or);
}

/** Pushes the given divisor, or the number of elements where there is none. */
function pushDivisor(body: Body, { count }: Locals): void {
  body.get(parameter.divisor);
  body.get(count);
  body.get(parameter.divisor);
  body.select();
  body.op(f64.convert_i32_u);
}

function countUp(body: Body, { count }: Locals): void {
  add(body, count, () => body.i32(1));
}

function emitMean(body: Body, locals: Locals, channel: DType, other: DType): void {
  const { total, count, at } = locals;
  body.f64(0);
  body.set(total);
  body.i32(0);
  body.set(count);
  forEachElement(body, locals, () => {
    body.get(total);
    pushElement(body, "channel", at, channel);
    load(body, channel, "f64");
    body.op(f64.add);
    body.set(total);
    countUp(body, locals);
  });
  body.get(parameter.pooled);
  body.get(total);
  pushDivisor(body, locals);
  body.op(f64.div);
  store(body, other, "f64");
}

function emitShare(body: Body, locals: Locals, channel: DType, other: DType): void {
  const { total, count, at } = locals;
  body.i32(0);
  body.set(count);
  forEachElement(body, locals, () => countUp(body, locals));
  body.get(parameter.pooled);
  load(body, other, "f64");
  pushDivisor(body, locals);
  body.op(f64.div);
  body.set(total);
  forEachElement(body, locals, () => {
    pushElement(body, "channel", at, channel);
    pushElement(body, "channel", at, channel);
    load(body, channel, "f64");
    body.get(total);
    body.op(f64.add);
    store(body, channel, "f64");
  });
}
