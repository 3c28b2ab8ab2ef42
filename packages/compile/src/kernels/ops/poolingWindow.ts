import type { DType } from "@chainrule/core";
import { elementBytes } from "../../plan/elementBytes.ts";
import { type Body, i32 } from "../../wasm/index.ts";
import { add, forEach, integers, type Push, whileAtLeast } from "../integers.ts";
import { stackType } from "./storage.ts";
import type { WindowAxis } from "./windows.ts";

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
  // What sums are divided by; 0 for the number of elements.
  "divisor",
] as const;

/** A parameter of a row. */
export type Parameter = (typeof poolingParameters)[number];

/** The local of each parameter. */
export const parameter: Readonly<Record<Parameter, number>> = /* @__PURE__ */ Object.fromEntries(
  poolingParameters.map((name, index) => [name, index]),
) as Record<Parameter, number>;

/**
 * Windows of more elements along the last axis are met in a loop instead of one after the other.
 */
export const MOST_UNROLLED = 8;

/** Element types of the channel that is looked at, and of what is given or made besides. */
export interface PoolingTypes {
  readonly channel: DType;
  readonly other: DType;
}

/** How windows move along the last axis. */
export type Along = Pick<WindowAxis, "window" | "stride" | "dilation" | "before">;

/** Locals of the code of a window. */
interface Locals {
  readonly row: number;
  readonly r: number;
  readonly position: number;
  /** Number of the element in the channel. */
  readonly at: number;
  readonly best: number;
  readonly value: number;
  readonly largest: number;
  readonly address: number;
  readonly larger: number;
  /** 0 while all elements are finite, else NaN. */
  readonly doubt: number;
  readonly count: number;
  readonly total: number;
  readonly vectors: VectorLocals;
}

/** Vectors of four windows. */
interface VectorLocals {
  readonly largest: number;
  /** Numbers of the largest elements. */
  readonly best: number;
  readonly value: number;
  readonly doubt: number;
  readonly mask: number;
  /** Numbers of the elements that are looked at. */
  readonly lanes: number;
}

/** What the code of a window is written with. */
export interface Pooled extends Locals, PoolingTypes {
  readonly body: Body;
  readonly along: Along;
  /** Whether the window is known to lie within the row. */
  readonly inside: boolean;
  /** The first element of the window along the last axis. */
  readonly place: number;
}

/** Locals for the code of a window. */
export function makeLocals(body: Body, channel: DType): Locals {
  const i = (): number => body.local("i32");
  const v = (): number => body.local("v128");
  return {
    row: i(),
    r: i(),
    position: i(),
    at: i(),
    best: i(),
    value: body.local(stackType(channel)),
    largest: body.local(stackType(channel)),
    address: i(),
    larger: i(),
    doubt: body.local(stackType(channel)),
    count: i(),
    total: body.local("f64"),
    vectors: { largest: v(), best: v(), value: v(), doubt: v(), mask: v(), lanes: v() },
  };
}

/** An element of a window: its address in the channel, with an offset, and its number there. */
export interface Element {
  readonly address: Push;
  readonly offset: number;
  readonly index: Push;
}

/** Runs `emit` for each element of the window that lies in the channel, in row-major order. */
export function forEachElement(pooled: Pooled, emit: (element: Element) => void): void {
  const { body, along, inside, row, r, position, place, at, address, channel } = pooled;
  const { window, dilation } = along;
  const { get, constant, add: plus, mul, set } = integers(body);
  const bytes = elementBytes[channel];
  const first: Push = () => {
    plus(get(parameter.rows), mul(get(row), constant(4)))();
    body.memory(i32.load);
  };
  const addressed = (number: Push): Push =>
    plus(get(parameter.channel), mul(number, constant(bytes)));
  const unrolled = window <= MOST_UNROLLED;
  forEach(body, { index: row, limit: parameter.rowCount, step: constant(1) }, () => {
    if (inside && unrolled) {
      set(at, plus(first, get(place)));
      set(address, addressed(get(at)));
      for (let i = 0; i < window; i++) {
        const offset = i * dilation;
        const index = offset === 0 ? get(at) : plus(get(at), constant(offset));
        emit({ address: get(address), offset: offset * bytes, index });
      }
      return;
    }
    set(position, get(place));
    set(r, constant(window));
    whileAtLeast(body, r, 1, () => {
      body.get(position);
      body.get(parameter.length);
      body.op(i32.lt_u);
      body.if();
      set(at, plus(first, get(position)));
      set(address, addressed(get(at)));
      emit({ address: get(address), offset: 0, index: get(at) });
      body.end();
      add(body, position, constant(dilation));
    });
  });
}
