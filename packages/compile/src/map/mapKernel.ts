import type { Dim, Expr, Shape } from "@chainrule/core";
import { mapAttributes } from "@chainrule/core/control";
import type { ElementwiseContext } from "../elementwise/index.ts";
import { bitsOf, type MathLane } from "../math/index.ts";
import { elementBytes } from "../plan/elementBytes.ts";
import { countOf, fixed, fixedValue, sizeOf, times } from "../plan/size.ts";
import { Writer } from "../scalar/writer.ts";
import type { Kernel, KernelContext } from "../tensor/kernel.ts";
import { type Body, i32 } from "../wasm/index.ts";
import { rowsOf } from "./access.ts";
import { type MapPlan, mapPlan } from "./mapPlan.ts";
import { CELL, type RowLayout, RowPlaces, SharedPlaces } from "./rowPlaces.ts";

/**
 * A map as straight-line code of its body on several rows at once, rows left over one by one.
 *
 * What does not depend on the row is computed once. Rows give the same bits alone and among others.
 */
export const mapKernel: Kernel = {
  takes: (node) => hasFixedRows(node) && planOf(node) !== undefined,
  scratch: (node) => [fixed(scratchOf(planOf(node) as MapPlan).bytes)],
  math: (node) => {
    const { one, several } = planOf(node) as MapPlan;
    return [...one.math, ...several.math];
  },
  emit: (node, context) => emitMap(node, planOf(node) as MapPlan, context),
  operations: (node) => {
    const { rows } = planOf(node) as MapPlan;
    return times(fixed(rows.order.length), sizeOf(mapAttributes(node.attributes).size));
  },
};

function planOf({ attributes }: Expr): MapPlan | undefined {
  const { body, mapped } = mapAttributes(attributes);
  return mapPlan(body, mapped);
}

function hasFixedRows({ attributes }: Expr): boolean {
  const { body } = mapAttributes(attributes);
  const fixedShape = ({ shape }: { readonly shape: Shape }): boolean =>
    shape.every((dim: Dim) => typeof dim === "number");
  return body.inputs.every(fixedShape) && body.outputs.every(fixedShape);
}

/** Scratch memory: cells, slots of rows, slots of what is computed once. */
function scratchOf({ cells, rows, shared }: MapPlan): {
  readonly rows: number;
  readonly shared: number;
  readonly bytes: number;
} {
  const start = cells.size * CELL;
  const next = start + rows.slotCount * CELL;
  return { rows: start, shared: next, bytes: next + shared.slotCount * CELL };
}

function layoutOf({ attributes }: Expr): RowLayout {
  const { body, mapped } = mapAttributes(attributes);
  const bytes = ({ shape, dtype }: Pick<Expr, "shape" | "dtype">): number =>
    elementBytes[dtype] * (fixedValue(countOf(shape)) as number);
  return {
    arguments: body.inputs.map((type, i) => (i < mapped ? bytes(type) : 0)),
    results: body.outputs.map(bytes),
  };
}

function emitMap(node: Expr, plan: MapPlan, context: KernelContext): void {
  const layout = layoutOf(node);
  const count = sizeOf(mapAttributes(node.attributes).size);
  const pushAll = (): void => {
    layout.arguments.forEach((_, i) => {
      context.input(i)();
    });
    layout.results.forEach((_, i) => {
      context.output(i)();
    });
    context.scratch(0)();
  };
  for (const index of sharedFunctions(plan, layout, context)) {
    pushAll();
    context.body.call(index);
  }
  const { several, one } = plan;
  const rows = fixedValue(count);
  const wide = rows === undefined || rows >= rowsOf(several.lane);
  const rest = rows === undefined || rows % rowsOf(several.lane) !== 0;
  const walk = walkFunction(plan, layout, context, {
    several: wide ? rowFunctions(plan, layout, context, several.lane) : [],
    one: rest ? rowFunctions(plan, layout, context, one.lane) : [],
  });
  pushAll();
  context.size(count)();
  context.body.call(walk);
}

/** A function with the pointers of a row, or of what is the same for all, and of scratch memory. */
function partFunction(name: string, layout: RowLayout, { builder }: KernelContext): Body {
  const count = layout.arguments.length + layout.results.length + 1;
  return builder.function(name, Array(count).fill("i32"), []);
}

/** What is computed once. */
function sharedFunctions(plan: MapPlan, layout: RowLayout, context: KernelContext): number[] {
  const { tape, shared, one } = plan;
  const rows = new RowPlaces(plan, one.lane, layout, scratchOf(plan).shared);
  const places = new SharedPlaces(plan, rows);
  const writer = new Writer({ tape, parts: shared, codes: one, places });
  return shared.bounds.slice(1).map((_, part) => {
    const body = partFunction(`map_shared${part}`, layout, context);
    writer.write(elementwiseIn(body, context), part);
    return body.index;
  });
}

/** The body for as many rows as the lane takes. */
function rowFunctions(
  plan: MapPlan,
  layout: RowLayout,
  context: KernelContext,
  lane: MathLane,
): number[] {
  const { tape, rows, one, several } = plan;
  const codes = lane === one.lane ? one : several;
  const places = new RowPlaces(plan, lane, layout, scratchOf(plan).rows);
  const writer = new Writer({ tape, parts: rows, codes, places });
  const indices = rows.bounds.slice(1).map((_, part) => {
    const body = partFunction(`map_${lane}_${part}`, layout, context);
    writer.write(elementwiseIn(body, context), part);
    return body.index;
  });
  const direct = directResults(plan);
  if (direct.length === 0) return indices;
  const body = partFunction(`map_${lane}_copies`, layout, context);
  const own = elementwiseIn(body, context);
  for (const index of direct) {
    for (const place of places.resultsOf(index)) {
      places.beginResult(body, place);
      writer.pushAlone(own, index);
      places.storeResult(body, place);
    }
  }
  return [...indices, body.index];
}

/** Results that no row computes: arguments, numbers, what is computed once. */
function directResults({ results, rows }: MapPlan): number[] {
  const own = new Set(rows.order);
  return [...new Set(results.flat())].filter((index) => !own.has(index));
}

/** Calls the parts for all rows: several at once as long as there are, then one by one. */
function walkFunction(
  { several }: MapPlan,
  layout: RowLayout,
  { builder }: KernelContext,
  parts: { readonly several: readonly number[]; readonly one: readonly number[] },
): number {
  const strides = [...layout.arguments, ...layout.results, 0];
  const count = strides.length;
  const body = builder.function("map", Array(count + 1).fill("i32"), []);
  const at = body.local("i32");
  const whole = body.local("i32");
  const step = rowsOf(several.lane);
  const each = (functions: readonly number[], rows: number): void => {
    for (const index of functions) {
      for (let i = 0; i < count; i++) body.get(i);
      body.call(index);
    }
    strides.forEach((stride, i) => {
      if (stride === 0) return;
      body.get(i);
      body.i32(stride * rows);
      body.op(i32.add);
      body.set(i);
    });
  };
  if (parts.several.length > 0) {
    body.get(count);
    body.i32(-step);
    body.op(i32.and);
    body.set(whole);
    body.countedLoop(at, whole, step, () => each(parts.several, step));
  }
  if (parts.one.length > 0) body.countedLoop(at, count, 1, () => each(parts.one, 1));
  return body.index;
}

function elementwiseIn(body: Body, context: KernelContext): ElementwiseContext {
  return {
    body,
    math: (name, lane) => context.math(name, lane),
    vectors: (value) => {
      const bits = typeof value === "bigint" ? BigInt.asUintN(64, value) : bitsOf(value);
      return context.shared(`vector ${bits}`, () => context.builder.vector(bits));
    },
  };
}
