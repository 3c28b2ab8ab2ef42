import type { KernelContext } from "../../tensor/kernel.ts";
import { type Body, i32, v128 } from "../../wasm/index.ts";
import { add, forEach, integers, type Push, whileAtLeast } from "../integers.ts";
import type { Precision } from "../precision.ts";
import type { ConvolutionFrame } from "./convolutionFrame.ts";
import { forEachIndex, linear } from "./indices.ts";
import { pushProduct, pushSum } from "./storage.ts";
import type { WindowAxis } from "./windows.ts";

/** Addresses of the input, the kernel and the result. */
export interface Addresses {
  readonly x: Push;
  readonly k: Push;
  readonly y: Push;
}

/**
 * A convolution, or its derivative by the kernel, product by product, padding passed over: where
 * factors are NaN or infinite, zeros in its place would make NaN.
 */
export function emitDirect(
  frame: ConvolutionFrame,
  { x, k, y }: Addresses,
  wanted: "y" | "k",
): void {
  const { body, sizes, context, plane } = frame;
  const { constant, get, add: plus, sub, mul, let: let_ } = integers(body);
  const { size } = context;
  const { axes } = sizes;
  const last = axes.at(-1) as WindowAxis;
  const row = context.shared(`convolution direct ${frame.precision.name} ${wanted}`, () =>
    directRowFunction(context, frame.precision, wanted),
  );
  const { batch, groups, outputs: made, channels } = sizes;
  const counts = [size(batch), constant(groups), size(made), size(channels)];
  const windows = axes.map(({ window }) => constant(window));
  const outer = axes.slice(0, -1);
  const outputs = outer.map(({ output }) => size(output));
  const inputStrides = stridesOf(body, axes, size, frame.precision);
  const windowStrides = axes.map((_, axis) =>
    axes.slice(axis + 1).reduce((count, { window }) => count * window, 1),
  );
  const windowElements = axes.reduce((count, { window }) => count * window, 1);
  const positions = axes.map(() => body.local("i32"));
  const target = body.local("i32");
  forEachIndex(body, [...counts, ...windows], ([n, g, o, c, ...r]) => {
    const both = plus(mul(get(n as number), constant(sizes.groups)), get(g as number));
    const result = plus(mul(both, size(sizes.outputs)), get(o as number));
    const kernel = plus(mul(get(g as number), size(sizes.outputs)), get(o as number));
    const term = plus(
      mul(get(c as number), constant(windowElements)),
      linear(body, constant(0), r, windowStrides.map(constant)),
    );
    const factor = let_(plus(k, frame.bytes(plus(mul(kernel, size(sizes.terms)), term))));
    const channel = let_(
      plus(x, mul(plus(mul(both, size(sizes.channels)), get(c as number)), plane)),
    );
    plus(y, frame.bytes(mul(result, size(sizes.windows))))();
    body.set(target);
    forEachIndex(body, outputs, (q) => {
      const outside = body.block();
      axes.forEach(({ stride, dilation, before, input }, axis) => {
        const moved = mul(get(r[axis] as number), constant(dilation));
        const index = q[axis];
        const from = index === undefined ? moved : plus(moved, mul(get(index), constant(stride)));
        sub(from, constant(before))();
        body.set(positions[axis] as number);
        if (index === undefined) return;
        body.get(positions[axis] as number);
        size(input)();
        body.op(i32.ge_u);
        body.brIf(outside);
      });
      get(target)();
      linear(body, get(channel), positions.slice(0, -1), inputStrides)();
      get(factor)();
      size(last.output)();
      get(positions.at(-1) as number)();
      body.i32(last.stride);
      size(last.input)();
      body.call(row);
      body.end();
      add(body, target, frame.bytes(size(last.output)));
    });
    body.release(factor);
    body.release(channel);
  });
  for (const local of [...positions, target]) body.release(local);
}

/** Bytes from one element of the input to the next along each axis. */
function stridesOf(
  body: Body,
  axes: readonly WindowAxis[],
  size: KernelContext["size"],
  precision: Precision,
): Push[] {
  const { constant, mul } = integers(body);
  return axes.map((_, axis) =>
    axes
      .slice(axis + 1)
      .reduce((bytes, { input }) => mul(bytes, size(input)), constant(precision.size)),
  );
}

/**
 * `y[j] += k x[p + j step]`, or `k += y[j] x[p + j step]`, where the place lies in the row of x.
 * Parameters: addresses of y, of the row of x and of the one element of k, windows, p, step,
 * elements of x's row.
 */
function directRowFunction(
  { builder }: KernelContext,
  { name, size, scalar }: Precision,
  result: "y" | "k",
): number {
  const body = builder.function(`convolution_direct_${name}_${result}`, Array(7).fill("i32"), []);
  const [y, x, k, count, place, step, length] = [0, 1, 2, 3, 4, 5, 6];
  const { get, constant, add: plus, mul } = integers(body);
  const j = body.local("i32");
  const [target, other] = result === "y" ? [y, k] : [k, y];
  forEach(body, { index: j, limit: count, step: constant(1) }, () => {
    body.get(place);
    body.get(length);
    body.op(i32.lt_u);
    body.if();
    body.get(target);
    body.get(target);
    body.memory(scalar.load);
    body.get(other);
    body.memory(scalar.load);
    plus(get(x), mul(get(place), constant(size)))();
    body.memory(scalar.load);
    pushProduct(body, name);
    pushSum(body, name);
    body.memory(scalar.store);
    body.end();
    add(body, y, constant(size));
    add(body, place, get(step));
  });
  return body.index;
}

/**
 * Whether some elements are NaN or infinite: whether the sum of their products with 0 is NaN.
 * Parameters: address, count.
 */
export function nonfiniteFunction(
  { builder }: KernelContext,
  { name, size, lanes, load, add: sum, mul, loadSplat }: Precision,
): number {
  const body = builder.function(`nonfinite_${name}`, ["i32", "i32"], ["i32"]);
  const [at, count] = [0, 1];
  const { constant } = integers(body);
  const total = body.local("v128");
  const accumulate = (emitLoad: () => void): void => {
    body.get(total);
    emitLoad();
    body.i64x2(0n);
    body.op(mul);
    body.op(sum);
    body.set(total);
  };
  whileAtLeast(body, count, lanes, () => {
    accumulate(() => {
      body.get(at);
      body.memory(load, 0, loadSplat >> 16);
    });
    add(body, at, constant(16));
  });
  whileAtLeast(body, count, 1, () => {
    accumulate(() => {
      body.get(at);
      body.memory(loadSplat);
    });
    add(body, at, constant(size));
  });
  // Finite products are zeros; NaN has bits that no zero has, beyond the sign.
  body.get(total);
  body.i64x2(name === "f64" ? 0x7fffffffffffffffn : 0x7fffffff7fffffffn);
  body.op(v128.and);
  body.op(v128.any_true);
  return body.index;
}
