import type { KernelContext } from "../../tensor/kernel.ts";
import { type Body, i32, type ModuleBuilder } from "../../wasm/index.ts";
import { add, forEach, integers, type Push } from "../integers.ts";
import { panelFunction, tileRows, tileVectors } from "../panel.ts";
import { double, type Precision, single } from "../precision.ts";

/**
 * Terms of a sum that are taken at once: a panel of the input is 256 · 64 bytes, half a first level
 * of cache.
 */
const blockTerms = 256;

/** Bytes of a packed panel. */
export const panelBytes: number = blockTerms * tileVectors * 16;

/** How vectors of a type are computed with. */
export function precisionOf(type: "f64" | "f32"): Precision {
  return type === "f32" ? single : double;
}

/** Parameters of a row, all i32, in this order; strides in bytes. */
export const rowParameters = [
  "input",
  "offsets",
  "terms",
  "kernel",
  "bytesOfKernel",
  "outputs",
  "target",
  "bytesOfOutput",
  "width",
  "step",
  "panel",
] as const;

/**
 * One row of a convolution's result for all its output channels:
 * `target[o, j] = Σ_p kernel[o, p] · input[offsets[p] + j step]`.
 *
 * Terms are elements of the window in all input channels, `offsets` their distances in bytes. Up
 * to four vectors of results are computed at once, from a panel packed as that of a matrix product.
 */
export function rowFunction(context: KernelContext, type: "f64" | "f32"): number {
  const precision = precisionOf(type);
  const { builder } = context;
  const steps = Array.from({ length: tileVectors }, (_, i) =>
    stepFunction(builder, precision, i + 1),
  );
  const body = builder.function(
    `convolution_row_${type}`,
    rowParameters.map(() => "i32"),
    [],
  );
  const [input, offsets, terms, kernel, bytesOfKernel, outputs] = [0, 1, 2, 3, 4, 5];
  const [target, bytesOfOutput, width, step, panel] = [6, 7, 8, 9, 10];
  const { get, constant, add: plus, sub, mul, min } = integers(body);
  const [j, p, now] = [body.local("i32"), body.local("i32"), body.local("i32")];
  const full = tileVectors * precision.lanes;
  forEach(body, { index: j, limit: width, step: constant(full) }, () => {
    min(constant(full), sub(get(width), get(j)))();
    body.set(now);
    forEach(body, { index: p, limit: terms, step: constant(blockTerms) }, () => {
      const pushes: readonly Push[] = [
        plus(get(input), mul(get(j), get(step))),
        plus(get(offsets), mul(get(p), constant(4))),
        min(constant(blockTerms), sub(get(terms), get(p))),
        plus(get(kernel), mul(get(p), constant(precision.size))),
        get(bytesOfKernel),
        get(outputs),
        plus(get(target), mul(get(j), constant(precision.size))),
        get(bytesOfOutput),
        get(now),
        get(step),
        get(panel),
        get(p),
      ];
      callByWidth(body, now, precision.lanes, steps, pushes);
    });
  });
  return body.index;
}

/** Calls the function for as many vectors as a width needs. */
function callByWidth(
  body: Body,
  width: number,
  lanes: number,
  steps: readonly number[],
  pushes: readonly Push[],
): void {
  const done = body.block();
  steps.forEach((step, index) => {
    body.get(width);
    body.i32((index + 1) * lanes);
    body.op(i32.le_u);
    body.if();
    for (const push of pushes) push();
    body.call(step);
    body.br(done);
    body.end();
  });
  body.end();
}

/**
 * Packs one panel and multiplies all kernels by it. The last parameter says whether sums are added
 * to.
 */
function stepFunction(builder: ModuleBuilder, precision: Precision, vectors: number): number {
  const pack = packFunction(builder, precision, vectors);
  const pairs = panelFunction(builder, precision, tileRows, vectors);
  const last = panelFunction(builder, precision, 1, vectors);
  const body = builder.function(
    `convolution_step_${precision.name}_${vectors}`,
    [...rowParameters, "accumulate"].map(() => "i32"),
    [],
  );
  const [input, offsets, terms, kernel, bytesOfKernel, outputs] = [0, 1, 2, 3, 4, 5];
  const [target, bytesOfOutput, width, step, panel, accumulate] = [6, 7, 8, 9, 10, 11];
  const { get, constant, sub, mul, div, and } = integers(body);
  for (const local of [input, offsets, terms, step, panel]) body.get(local);
  body.call(pack);
  const multiply = (index: number, tiles: Push): void => {
    for (const local of [kernel, bytesOfKernel, panel, terms, target, bytesOfOutput]) {
      body.get(local);
    }
    tiles();
    body.get(accumulate);
    body.i32(0);
    body.op(i32.ne);
    sub(get(width), constant((vectors - 1) * precision.lanes))();
    body.call(index);
  };
  get(outputs)();
  body.i32(tileRows);
  body.op(i32.ge_u);
  body.if();
  multiply(pairs, div(get(outputs), constant(tileRows)));
  body.end();
  and(get(outputs), constant(1))();
  body.if();
  add(body, kernel, mul(sub(get(outputs), constant(1)), get(bytesOfKernel)));
  add(body, target, mul(sub(get(outputs), constant(1)), get(bytesOfOutput)));
  multiply(last, constant(1));
  body.end();
  return body.index;
}

/**
 * `target[p, j] = input[offsets[p] + j step]` for whole vectors, also beyond the width that counts.
 * Parameters: input, offsets, terms (at least 1), step in bytes, target.
 */
function packFunction(builder: ModuleBuilder, precision: Precision, vectors: number): number {
  const name = `convolution_pack_${precision.name}_${vectors}`;
  const body = builder.function(name, Array(5).fill("i32"), []);
  const [input, offsets, terms, step, target] = [0, 1, 2, 3, 4];
  const { get, constant, add: plus } = integers(body);
  const from = body.local("i32");
  const rounds = (emit: () => void): void => {
    const again = body.loop();
    plus(get(input), () => {
      body.get(offsets);
      body.memory(i32.load);
    })();
    body.set(from);
    emit();
    add(body, offsets, constant(4));
    add(body, target, constant(vectors * 16));
    add(body, terms, constant(-1));
    body.get(terms);
    body.brIf(again);
    body.end();
  };
  const stepIs = (elements: number, emit: () => void): void => {
    body.get(step);
    body.i32(elements * precision.size);
    body.op(i32.eq);
    body.if();
    rounds(emit);
    body.else();
  };
  const unaligned = precision.loadSplat >> 16;
  stepIs(1, () => {
    for (let vector = 0; vector < vectors; vector++) {
      body.get(target);
      body.get(from);
      body.memory(precision.load, vector * 16, unaligned);
      body.memory(precision.store, vector * 16);
    }
  });
  stepIs(2, () => {
    for (let vector = 0; vector < vectors; vector++) {
      body.get(target);
      for (const offset of [0, 16]) {
        body.get(from);
        body.memory(precision.load, vector * 32 + offset, unaligned);
      }
      body.shuffle(evenLanes(precision));
      body.memory(precision.store, vector * 16);
    }
  });
  rounds(() => {
    for (let j = 0; j < vectors * precision.lanes; j++) {
      body.get(target);
      body.get(from);
      body.memory(precision.scalar.load);
      body.memory(precision.scalar.store, j * precision.size);
      add(body, from, get(step));
    }
  });
  body.end();
  body.end();
  return body.index;
}

/** Bytes of every other lane of two vectors. */
function evenLanes({ size }: Precision): number[] {
  return Array.from({ length: 16 }, (_, byte) => {
    const lane = Math.floor(byte / size);
    return 2 * lane * size + (byte % size);
  });
}
