import type { DType } from "@chainrule/core";
import { elementBytes } from "../../plan/elementBytes.ts";
import { type Body, f32, f64, i32 } from "../../wasm/index.ts";
import { integers } from "../integers.ts";
import { forEachElement, type Parameter, type Pooled, parameter } from "./poolingWindow.ts";
import { load, pushNumber, pushSum, stackType, store } from "./storage.ts";

/** Pushes the address of the element with the number `at` of a tensor's channel. */
function pushElement(body: Body, base: Parameter, at: number, dtype: DType): void {
  const { get, constant, add: plus, mul } = integers(body);
  plus(get(parameter[base]), mul(get(at), constant(elementBytes[dtype])))();
}

/** The largest element of a window, and what is made of it. */
export function emitLargest(pooled: Pooled, kind: "max" | "select" | "spread"): void {
  const { body, best, largest, channel, other } = pooled;
  if (pooled.inside && (channel === "f64" || channel === "f32")) emitQuickly(pooled, channel);
  else emitOneByOne(pooled);
  if (kind !== "max") {
    emitLargestAt(pooled, kind);
    return;
  }
  body.get(parameter.pooled);
  body.get(largest);
  // −∞ is 0 as an integer.
  const isFloat = other === "f64" || other === "f32";
  pushNumber(body, other, isFloat ? Number.NEGATIVE_INFINITY : 0);
  body.get(best);
  body.i32(0);
  body.op(i32.ge_s);
  body.select();
  store(body, other);
}

/** Stores the element of v at the place of the largest, 0 for none, or adds that of y there. */
export function emitLargestAt({ body, best, other }: Pooled, kind: "select" | "spread"): void {
  if (kind === "select") body.get(parameter.pooled);
  body.get(best);
  body.i32(0);
  body.op(i32.ge_s);
  if (kind === "select") {
    body.if(stackType(other));
    pushElement(body, "other", best, other);
    load(body, other);
    body.else();
    pushNumber(body, other, 0);
    body.end();
    store(body, other);
    return;
  }
  body.if();
  pushElement(body, "other", best, other);
  pushElement(body, "other", best, other);
  load(body, other);
  body.get(parameter.pooled);
  load(body, other);
  pushSum(body, other);
  store(body, other);
  body.end();
}

/**
 * The largest without branches, which elements without pattern would send the wrong way half of the
 * time; where that finds none, or something is NaN or infinite, it is looked for one by one.
 */
function emitQuickly(pooled: Pooled, channel: "f64" | "f32"): void {
  const { body, best, value, largest, larger, doubt } = pooled;
  const { gt, sub, add: plus, ne } = channel === "f64" ? f64 : f32;
  body.i32(-1);
  body.set(best);
  pushNumber(body, channel, Number.NEGATIVE_INFINITY);
  body.set(largest);
  pushNumber(body, channel, 0);
  body.set(doubt);
  forEachElement(pooled, ({ address, offset, index }) => {
    address();
    load(body, channel, channel, offset);
    body.tee(value);
    body.get(largest);
    body.op(gt);
    body.set(larger);
    body.get(value);
    body.get(largest);
    body.get(larger);
    body.select();
    body.set(largest);
    index();
    body.get(best);
    body.get(larger);
    body.select();
    body.set(best);
    // 0, or NaN from now on.
    body.get(doubt);
    body.get(value);
    body.get(value);
    body.op(sub);
    body.op(plus);
    body.set(doubt);
  });
  body.get(doubt);
  body.get(doubt);
  body.op(ne);
  body.get(best);
  body.i32(0);
  body.op(i32.lt_s);
  body.op(i32.or);
  body.if();
  emitOneByOne(pooled);
  body.end();
}

function emitOneByOne(pooled: Pooled): void {
  const { body, best, value, largest, channel } = pooled;
  body.i32(-1);
  body.set(best);
  forEachElement(pooled, ({ address, offset, index }) => {
    address();
    load(body, channel, channel, offset);
    body.set(value);
    emitIsLarger(pooled);
    body.if();
    body.get(value);
    body.set(largest);
    index();
    body.set(best);
    body.end();
  });
}

/**
 * Pushes whether `value` is the first of the window, or larger than the largest, or the first NaN.
 */
function emitIsLarger({ body, best, value, largest, channel }: Pooled): void {
  body.get(best);
  body.i32(0);
  body.op(i32.lt_s);
  if (stackType(channel) === "i32") {
    body.get(value);
    body.get(largest);
    body.op(i32.gt_s);
  } else {
    const { le, eq } = channel === "f64" ? f64 : f32;
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
