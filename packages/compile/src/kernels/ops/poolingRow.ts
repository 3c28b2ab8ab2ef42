import { elementBytes } from "../../plan/elementBytes.ts";
import type { KernelContext } from "../../tensor/kernel.ts";
import { f64, i32 } from "../../wasm/index.ts";
import { add, integers, type Push } from "../integers.ts";
import { emitLargest } from "./poolingLargest.ts";
import { emitFours, hasVectors } from "./poolingVectors.ts";
import {
  type Along,
  forEachElement,
  makeLocals,
  type Pooled,
  type PoolingTypes,
  parameter,
  poolingParameters,
} from "./poolingWindow.ts";
import { load, store } from "./storage.ts";
/**
 * What a pooling op makes of each window: the largest element of x; that of v at the place of x's
 * largest; y added there; the mean; y in equal shares.
 */
export type Pooling = "max" | "select" | "spread" | "mean" | "share";

/** One row of windows along the last axis, written for its geometry. */
export function poolingRowFunction(
  { builder }: KernelContext,
  kind: Pooling,
  { channel, other }: PoolingTypes,
  along: Along,
): number {
  const name = `pool_${kind}_${channel}_${other}`;
  const body = builder.function(name, Array(poolingParameters.length).fill("i32"), []);
  const { get, constant, sub, add: plus, mul, div, min, let: let_ } = integers(body);
  const { window, stride, dilation, before } = along;
  const j = body.local("i32");
  const place = let_(constant(-before));
  // Windows from `first` to `last` lie within the row.
  const first = let_(min(constant(Math.ceil(before / stride)), get(parameter.width)));
  const beyond = let_(sub(get(parameter.length), constant((window - 1) * dilation + 1 - before)));
  const last = let_(() => {
    min(plus(div(get(beyond), constant(stride)), constant(1)), get(parameter.width))();
    body.get(first);
    body.get(beyond);
    body.i32(0);
    body.op(i32.ge_s);
    body.select();
  });
  get(last)();
  get(first)();
  for (const local of [last, first]) body.get(local);
  body.op(i32.gt_s);
  body.select();
  body.set(last);
  body.i32(0);
  body.set(j);
  const locals = makeLocals(body, channel);
  for (const [limit, inside] of [
    [first, false],
    [last, true],
    [parameter.width, false],
  ] as const) {
    const pooled: Pooled = { body, channel, other, along, inside, place, ...locals };
    const advance = (windows: Push): void => {
      add(body, parameter.pooled, mul(windows, constant(elementBytes[other])));
      add(body, place, mul(windows, constant(stride)));
    };
    const largest = kind === "max" || kind === "select" || kind === "spread";
    if (inside && largest && hasVectors(pooled))
      emitFours(pooled, kind, { j, first, last, advance });
    body.countedLoop(j, limit, 1, () => {
      if (kind === "mean") emitMean(pooled);
      else if (kind === "share") emitShare(pooled);
      else emitLargest(pooled, kind);
      advance(constant(1));
    });
  }
  return body.index;
}

/** Pushes the given divisor, or the number of elements where there is none. */
function pushDivisor({ body, count }: Pooled): void {
  body.get(parameter.divisor);
  body.get(count);
  body.get(parameter.divisor);
  body.select();
  body.op(f64.convert_i32_u);
}

/** Sets the number of elements of the window. */
function emitCount(pooled: Pooled): void {
  const { body, count, along, inside } = pooled;
  const { get, constant, mul } = integers(body);
  (inside ? mul(get(parameter.rowCount), constant(along.window)) : constant(0))();
  body.set(count);
  if (!inside) forEachElement(pooled, () => add(body, count, constant(1)));
}

function emitMean(pooled: Pooled): void {
  const { body, total, channel, other } = pooled;
  emitCount(pooled);
  body.f64(0);
  body.set(total);
  forEachElement(pooled, ({ address, offset }) => {
    body.get(total);
    address();
    load(body, channel, "f64", offset);
    body.op(f64.add);
    body.set(total);
  });
  body.get(parameter.pooled);
  body.get(total);
  pushDivisor(pooled);
  body.op(f64.div);
  store(body, other, "f64");
}

function emitShare(pooled: Pooled): void {
  const { body, total, channel, other } = pooled;
  emitCount(pooled);
  body.get(parameter.pooled);
  load(body, other, "f64");
  pushDivisor(pooled);
  body.op(f64.div);
  body.set(total);
  forEachElement(pooled, ({ address, offset }) => {
    address();
    address();
    load(body, channel, "f64", offset);
    body.get(total);
    body.op(f64.add);
    store(body, channel, "f64", offset);
  });
}
