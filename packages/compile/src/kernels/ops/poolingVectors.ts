import { f32x4, i32, i32x4, v128 } from "../../wasm/index.ts";
import { add, forEach, integers, type Push } from "../integers.ts";
import { emitLargest, emitLargestAt } from "./poolingLargest.ts";
import { type Along, MOST_UNROLLED, type Pooled, parameter } from "./poolingWindow.ts";

/** Windows that are met at once. */
const FOUR = 4;

/** Whether four windows of floats along a row can be met at once. */
export function hasVectors({ channel, along: { window, stride } }: Pooled): boolean {
  return channel === "f32" && stride <= 2 && window <= MOST_UNROLLED;
}

/** Bytes of the lanes 0, 2, 4, 6 of two vectors. */
const EVEN = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];

/**
 * Four windows after another from window `j` on while all of their elements lie in the row: what
 * `emitLargest` makes of each, vector by vector. Where something is NaN or infinite they are looked
 * at one by one.
 */
export function emitFours(
  pooled: Pooled,
  kind: "max" | "select" | "spread",
  { j, last, advance }: { readonly j: number; readonly last: number; readonly advance: () => void },
): void {
  const { body, along, place } = pooled;
  const { get, constant, add: plus, let: let_ } = integers(body);
  const done = body.block();
  const again = body.loop();
  plus(get(j), constant(FOUR))();
  body.get(last);
  body.op(i32.gt_u);
  body.brIf(done);
  // The last vector that is read reaches as far as the windows, and with stride 2 one element
  // further.
  plus(get(place), constant(reach(along)))();
  body.get(parameter.length);
  body.op(i32.gt_s);
  body.brIf(done);
  emitVectors(pooled, kind);
  body.if();
  const end = let_(plus(get(j), constant(FOUR)));
  body.countedLoop(j, end, 1, () => {
    emitLargest(pooled, kind);
    advance();
  });
  body.release(end);
  body.br(again);
  body.end();
  if (kind === "max") {
    body.get(parameter.pooled);
    body.get(pooled.vectors.largest);
    body.memory(v128.store, 0, 2);
    for (let lane = 0; lane < FOUR; lane++) advance();
  } else {
    for (let lane = 0; lane < FOUR; lane++) {
      body.get(pooled.vectors.best);
      body.lane(i32x4.extract_lane, lane);
      body.set(pooled.best);
      emitLargestAt(pooled, kind);
      advance();
    }
  }
  add(body, j, constant(FOUR));
  body.br(again);
  body.end();
  body.end();
}

/** Elements of a row from the first window's start to the end of what is read. */
function reach({ window, stride, dilation }: Along): number {
  return (window - 1) * dilation + FOUR * stride;
}

/** Sets `largest` and `best` of four windows; pushes whether that is in doubt. */
function emitVectors(pooled: Pooled, kind: "max" | "select" | "spread"): void {
  const { body, along, row, place, at, address, vectors } = pooled;
  const { largest, best, value, doubt, mask, lanes } = vectors;
  const { window, stride, dilation } = along;
  const { get, constant, add: plus, mul, set } = integers(body);
  const indexed = kind !== "max";
  body.f32(Number.NEGATIVE_INFINITY);
  body.op(f32x4.splat);
  body.set(largest);
  body.i32(-1);
  body.op(i32x4.splat);
  body.set(best);
  body.i64x2(0n);
  body.set(doubt);
  forEach(body, { index: row, limit: parameter.rowCount, step: constant(1) }, () => {
    const first: Push = () => {
      plus(get(parameter.rows), mul(get(row), constant(4)))();
      body.memory(i32.load);
    };
    set(at, plus(first, get(place)));
    set(address, plus(get(parameter.channel), mul(get(at), constant(4))));
    if (indexed) {
      body.get(at);
      body.op(i32x4.splat);
      for (let lane = 1; lane < FOUR; lane++) {
        plus(get(at), constant(lane * stride))();
        body.lane(i32x4.replace_lane, lane);
      }
      body.set(lanes);
    }
    for (let i = 0; i < window; i++) {
      const offset = 4 * i * dilation;
      body.get(address);
      body.memory(v128.load, offset, 2);
      if (stride === 2) {
        body.get(address);
        body.memory(v128.load, offset + 16, 2);
        body.shuffle(EVEN);
      }
      body.set(value);
      for (const local of [value, largest]) body.get(local);
      body.op(f32x4.gt);
      body.set(mask);
      choose(pooled, value, largest);
      if (indexed) {
        choose(pooled, lanes, best);
        if (i < window - 1) {
          body.get(lanes);
          body.i32(dilation);
          body.op(i32x4.splat);
          body.op(i32x4.add);
          body.set(lanes);
        }
      }
      for (const local of [doubt, value, value]) body.get(local);
      body.op(f32x4.sub);
      body.op(f32x4.add);
      body.set(doubt);
    }
  });
  // Differences of finite elements are 0; infinities and NaN leave NaN, which differs from itself.
  for (const local of [doubt, doubt]) body.get(local);
  body.op(f32x4.ne);
  body.op(v128.any_true);
  body.get(parameter.rowCount);
  body.op(i32.eqz);
  body.op(i32.or);
}

/** `to = mask ? from : to` in each lane. */
function choose({ body, vectors }: Pooled, from: number, to: number): void {
  for (const local of [from, to, vectors.mask]) body.get(local);
  body.op(v128.bitselect);
  body.set(to);
}
