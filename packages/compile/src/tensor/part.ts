import { type Size, times } from "../plan/size.ts";
import { type Body, i32, type ModuleBuilder } from "../wasm/index.ts";
import { type Addresses, pushSize } from "./access.ts";
import type { Split } from "./split.ts";

/** Names of globals that tell a step its part: where it begins, how long it is, and which it is. */
export const partNames = ["%from", "%count", "%index"] as const;

/** Where a part begins. */
export const partFrom: Size = { factor: 1, names: ["%from"] };
/** How long it is. */
export const partCount: Size = { factor: 1, names: ["%count"] };
/** Its number. */
export const partIndex: Size = { factor: 1, names: ["%index"] };

/** Pushes `bytes` for each index before the part. */
export function addStart(body: Body, bytes: Size, addresses: Addresses): void {
  pushSize(body, times(partFrom, bytes), addresses);
  body.op(i32.add);
}

/**
 * Sets the globals of a part, for a function with the parameters part and parts; returns from it if there is nothing to do.
 *
 * Parts begin at multiples of the unit: `⌊units · part / parts⌋ unit`.
 */
export function emitPartBounds(body: Body, { size, unit }: Split, addresses: Addresses): void {
  const total = body.local("i32");
  const from = body.local("i32");
  const to = body.local("i32");
  pushSize(body, size, addresses);
  body.set(total);
  const bound = (next: number, local: number): void => {
    // Units, times part, by parts, back to elements.
    body.get(total);
    body.i32(unit - 1);
    body.op(i32.add);
    body.i32(unit);
    body.op(i32.div_u);
    body.get(0);
    body.i32(next);
    body.op(i32.add);
    body.op(i32.mul);
    body.get(1);
    body.op(i32.div_u);
    body.i32(unit);
    body.op(i32.mul);
    body.set(local);
    body.get(local);
    body.get(total);
    body.get(local);
    body.get(total);
    body.op(i32.lt_u);
    body.select();
    body.set(local);
  };
  bound(0, from);
  bound(1, to);
  body.get(from);
  body.get(to);
  body.op(i32.ge_u);
  body.if();
  body.return();
  body.end();
  const [fromGlobal, countGlobal, indexGlobal] = partNames.map((name) =>
    addresses.sizeGlobal(name),
  ) as [number, number, number];
  body.get(from);
  body.globalSet(fromGlobal);
  body.get(to);
  body.get(from);
  body.op(i32.sub);
  body.globalSet(countGlobal);
  body.get(0);
  body.globalSet(indexGlobal);
}

/** A thread's share of a length that is a multiple of their number. A product with 1 / threads may be no whole number. */
export function share({ factor, names }: Size, threads: number): Size {
  return { factor: factor / threads, names };
}

/** Adds `work(step, part, parts)`, which does a part of a divided step. */
export function emitWork(builder: ModuleBuilder, parts: readonly number[]): void {
  const body = builder.function("work", ["i32", "i32", "i32"], []);
  parts.forEach((part, number) => {
    body.get(0);
    body.i32(number);
    body.op(i32.eq);
    body.if();
    body.get(1);
    body.get(2);
    body.call(part);
    body.return();
    body.end();
  });
  builder.export("work", "function", body.index);
}
