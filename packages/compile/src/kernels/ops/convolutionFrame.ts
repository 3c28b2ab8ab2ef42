import type { Dim, Expr, Shape } from "@chainrule/core";
import { countOf, fixed, fixedValue, type Size, sizeOf, times } from "../../plan/size.ts";
import type { KernelContext } from "../../tensor/kernel.ts";
import { type Body, i32 } from "../../wasm/index.ts";
import { add, forEach, integers, type Push } from "../integers.ts";
import type { Precision } from "../precision.ts";
import { precisionOf } from "./convolutionRow.ts";
import { forEachIndex, linear, product } from "./indices.ts";
import { copyRowFunction } from "./rows.ts";
import {
  type PaddedChannel,
  paddedChannel,
  paddedCount,
  type WindowAxis,
  windowAxes,
  windowCount,
  windowSize,
} from "./windows.ts";

/** Shapes of the input, the kernel and the result of a convolution. */
export interface Parts {
  readonly x: Shape;
  readonly k: Shape;
  readonly y: Shape;
}

/** Lengths of a convolution. */
export interface ConvolutionSizes {
  readonly axes: readonly WindowAxis[];
  readonly groups: number;
  readonly batch: Size;
  /** Channels of the input that a group sees. */
  readonly channels: Size;
  /** Channels of the result that a group makes. */
  readonly outputs: Size;
  /** Terms of each sum: elements of a window in the channels of a group. */
  readonly terms: Size;
  /** Windows along all axes, and along the last. */
  readonly windows: Size;
  readonly width: Size;
}

/** The lengths of a node. */
export function convolutionSizes({ attributes }: Expr, { x, k, y }: Parts): ConvolutionSizes {
  const axes = windowAxes(attributes, y.slice(2));
  const groups = attributes["groups"] as number;
  const [made, channels] = [k[0], k[1]].map((dim) => sizeOf(dim as Dim)) as [Size, Size];
  return {
    axes,
    groups,
    batch: sizeOf(x[0] as Dim),
    channels,
    outputs: { factor: made.factor / groups, names: made.names },
    terms: times(channels, fixed(windowSize(axes))),
    windows: windowCount(axes),
    width: (axes.at(-1) as WindowAxis).output,
  };
}

/** Products of a convolution, each a multiplication and an addition. */
export function convolutionOperations(node: Expr, parts: Parts): Size {
  const { terms } = convolutionSizes(node, parts);
  return times(fixed(2), times(countOf(parts.y), terms));
}

/** Elements of a block of windows, a quarter of a second level of cache in single precision. */
const BLOCK = 65536;

/** Windows of a block at least, so that products with it are worth their packing. */
const LEAST = 64;

/** How windows are taken together where they are copied out. */
export interface Blocks {
  /** Windows of a block. */
  readonly block: Size;
  /** Windows of a row that are met at once; undefined for all. */
  readonly piece: number | undefined;
}

/** Blocks of whole rows, or parts of rows that are too long for that. */
export function blocksOf({ terms, width, windows }: ConvolutionSizes): Blocks {
  const depth = Math.max(1, fixedValue(terms) ?? BLOCK);
  const most = Math.max(LEAST, Math.floor(BLOCK / depth / LEAST) * LEAST);
  const one = fixedValue(width);
  if (one === undefined || one > most) return { block: fixed(most), piece: most };
  const rows = one === 0 ? 1 : (fixedValue(windows) ?? Number.MAX_SAFE_INTEGER) / one;
  const together = Math.max(1, Math.min(rows, Math.floor(most / Math.max(1, one))));
  return { block: fixed(together * one), piece: undefined };
}

/** Bytes of the padded channels of a group, and of the offsets of its terms. */
export function frameScratch(
  { axes, channels, terms }: ConvolutionSizes,
  type: "f64" | "f32",
): Size[] {
  const { size, lanes } = precisionOf(type);
  return [times(fixed(size), times(channels, paddedCount(axes, lanes))), times(fixed(4), terms)];
}

/** The code that all convolutions share, written into a step's body. */
export class ConvolutionFrame {
  readonly context: KernelContext;
  readonly body: Body;
  readonly precision: Precision;
  readonly sizes: ConvolutionSizes;
  readonly padded: PaddedChannel;
  /** Addresses of the padded channels and of the offsets. */
  readonly channels: Push;
  readonly offsets: Push;
  /** Bytes of one channel of the input. */
  readonly plane: Push;

  constructor(
    context: KernelContext,
    sizes: ConvolutionSizes,
    type: "f64" | "f32",
    [channels, offsets]: readonly [Push, Push],
  ) {
    const { body, size } = context;
    const { mul, constant, get, let: let_ } = integers(body);
    this.context = context;
    this.body = body;
    this.sizes = sizes;
    this.precision = precisionOf(type);
    this.padded = paddedChannel(context, sizes.axes, this.precision.size);
    this.channels = channels;
    this.offsets = offsets;
    const lengths = sizes.axes.map(({ input }) => size(input));
    this.plane = get(let_(mul(constant(this.precision.size), product(body, lengths))));
  }

  /** Bytes of so many elements. */
  bytes(count: Push): Push {
    const { mul, constant } = integers(this.body);
    return mul(constant(this.precision.size), count);
  }

  /** Writes where each term's elements lie, in bytes from where the window begins. */
  writeOffsets(): void {
    const { body, padded, sizes } = this;
    const { constant, mul, let: let_ } = integers(body);
    const at = let_(this.offsets);
    const windows = sizes.axes.map(({ window }) => constant(window));
    const steps = sizes.axes.map(({ dilation }, axis) =>
      mul(constant(dilation), padded.strides[axis] as Push),
    );
    forEachIndex(body, [this.context.size(sizes.channels), ...windows], (indices) => {
      body.get(at);
      linear(body, constant(0), indices, [padded.bytes, ...steps])();
      body.memory(i32.store);
      add(body, at, constant(4));
    });
    body.release(at);
  }

  /** Zeros for the padded channels of a group; without windows there may be no memory for them. */
  clearChannels(): void {
    const { body, padded, sizes, context } = this;
    const { mul } = integers(body);
    context.size(sizes.windows)();
    body.if();
    this.channels();
    body.i32(0);
    mul(context.size(sizes.channels), padded.bytes)();
    body.memoryFill();
    body.end();
  }

  /**
   * Copies the channels of a group between their padded form and `plain`, where they lie row-major.
   */
  copyChannels(plain: Push, direction: "in" | "out"): void {
    const { body, padded, sizes, context } = this;
    const { get, add: plus, let: let_ } = integers(body);
    const at = let_(plain);
    const outer = sizes.axes.slice(0, -1);
    const lengths = [sizes.channels, ...outer.map(({ input }) => input)].map(context.size);
    const bytes = this.bytes(context.size((sizes.axes.at(-1) as WindowAxis).input));
    const copy = context.shared("copy row", () => copyRowFunction(context.builder));
    forEachIndex(body, lengths, (indices) => {
      const start = plus(this.channels, padded.first);
      const inside = linear(body, start, indices, [padded.bytes, ...padded.strides.slice(0, -1)]);
      for (const push of direction === "in" ? [inside, get(at)] : [get(at), inside]) push();
      bytes();
      body.call(copy);
      add(body, at, bytes);
    });
    body.release(at);
  }

  /**
   * Runs `emit` for each group, and `each` in it for each tensor of the batch, with the index of
   * both.
   */
  forEachGroup(emit: (group: number, each: (one: (both: Push) => void) => void) => void): void {
    const { body, sizes, context } = this;
    const { constant, get, add: plus, mul } = integers(body);
    forEachIndex(body, [constant(sizes.groups)], ([group]) => {
      emit(group as number, (one) =>
        forEachIndex(body, [context.size(sizes.batch)], ([n]) =>
          one(plus(mul(get(n as number), constant(sizes.groups)), get(group as number))),
        ),
      );
    });
  }

  /** Runs `emit` for each row of the result, with the address where its windows begin. */
  forEachRow(emit: (start: Push) => void): void {
    const { body, sizes, padded, context } = this;
    const { constant, mul } = integers(body);
    const outer = sizes.axes.slice(0, -1);
    const lengths = outer.map(({ output }) => context.size(output));
    const steps = outer.map(({ stride }, axis) =>
      mul(constant(stride), padded.strides[axis] as Push),
    );
    forEachIndex(body, lengths, (indices) => emit(linear(body, this.channels, indices, steps)));
  }

  /**
   * Runs `emit` for each piece of a row of the result, with the address where its windows begin and
   * their number.
   */
  forEachPiece({ piece }: Blocks, emit: (start: Push, count: Push) => void): void {
    const { body, sizes, context } = this;
    const { constant, get, add: plus, sub, mul, min, let: let_ } = integers(body);
    const width = context.size(sizes.width);
    this.forEachRow((start) => {
      if (piece === undefined) {
        emit(start, width);
        return;
      }
      const [first, limit] = [body.local("i32"), let_(width)];
      const count = body.local("i32");
      forEach(body, { index: first, limit, step: constant(piece) }, () => {
        min(constant(piece), sub(get(limit), get(first)))();
        body.set(count);
        emit(plus(start, mul(get(first), constant(this.step))), get(count));
      });
      for (const local of [first, limit, count]) body.release(local);
    });
  }

  /** Bytes from one window to the next along the last axis. */
  get step(): number {
    return (this.sizes.axes.at(-1) as WindowAxis).stride * this.precision.size;
  }
}
