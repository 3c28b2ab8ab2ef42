import { f32x4, i32, i32x4, v128 } from "../../wasm/index.ts";
import { add, forEach, integers, type Push } from "../integers.ts";
import { emitLargest, emitLargestAt } from "./poolingLargest.ts";
import { MOST_UNROLLED, type Pooled, parameter } from "./poolingWindow.ts";

/** Windows that are met at once. */
const FOUR = 4;

/** Whether four windows of floats along a row can be met at once. */
export function hasVectors({ channel, along: { window, stride } }: Pooled): boolean {
  return channel === "f32" && stride <= 2 && window <= MOST_UNROLLED;
}

/** Bytes of every other element of seven, of which two vectors hold the first and the last four. */
const EVERY_OTHER = [0, 1, 2, 3, 8, 9, 10, 11, 20, 21, 22, 23, 28, 29, 30, 31];

/**
 * The windows from `first` to `last`, all of whose elements lie in the row, four at a time: what
 * `emitLargest` makes of each. The last four may have been met before in part; of these as many are
 * passed over. Where something is NaN or infinite windows are looked at one by one.
 */
export function emitFours(
  pooled: Pooled,
  kind: "max" | "select" | "spread",
  {
    j,
    first,
    last,
    advance,
  }: {
    readonly j: number;
    readonly first: number;
    readonly last: number;
    /** Moves on by so many windows. */
    readonly advance: (windows: Push) => void;
  },
): void {
  const { body } = pooled;
  const { get, constant, sub, set } = integers(body);
  const [left, met, lane] = [body.local("i32"), body.local("i32"), body.local("i32")];
  const done = body.block();
  sub(get(last), get(first))();
  body.i32(FOUR);
  body.op(i32.lt_u);
  body.brIf(done);
  const again = body.loop();
  sub(get(last), get(j))();
  body.tee(left);
  body.op(i32.eqz);
  body.brIf(done);
  set(met, constant(0));
  body.get(left);
  body.i32(FOUR);
  body.op(i32.lt_u);
  body.if();
  set(met, sub(constant(FOUR), get(left)));
  add(body, j, sub(constant(0), get(met)));
  advance(sub(constant(0), get(met)));
  body.end();
  emitVectors(pooled, kind);
  body.if();
  set(lane, constant(0));
  body.countedLoop(lane, constant4(body), 1, () => {
    ifNew(pooled, lane, met, () => emitLargest(pooled, kind));
    advance(constant(1));
  });
  body.else();
  if (kind === "max") {
    body.get(parameter.pooled);
    body.get(pooled.vectors.largest);
    body.memory(v128.store, 0, 2);
    advance(constant(FOUR));
  } else {
    for (let index = 0; index < FOUR; index++) {
      body.get(pooled.vectors.best);
      body.lane(i32x4.extract_lane, index);
      body.set(pooled.best);
      set(lane, constant(index));
      ifNew(pooled, lane, met, () => emitLargestAt(pooled, kind));
      advance(constant(1));
    }
  }
  body.end();
  add(body, j, constant(FOUR));
  body.br(again);
  body.end();
  body.end();
  for (const local of [left, met, lane]) body.release(local);
}

/** A local that holds 4. */
function constant4(body: Pooled["body"]): number {
  const { constant, let: let_ } = integers(body);
  return let_(constant(FOUR));
}

/** Runs `emit` unless the window in a lane has been met before. */
function ifNew({ body }: Pooled, lane: number, met: number, emit: () => void): void {
  body.get(lane);
  body.get(met);
  body.op(i32.ge_u);
  body.if();
  emit();
  body.end();
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
        body.memory(v128.load, offset + 12, 2);
        body.shuffle(EVERY_OTHER);
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
