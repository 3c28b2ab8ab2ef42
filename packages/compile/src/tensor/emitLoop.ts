import type { Expr } from "@chainrule/core";
import { countOf, fixed, fixedValue, type Size, stridesOf, times } from "../plan/size.ts";
import { type Body, i32 } from "../wasm/index.ts";
import { Accesses, pushSize, type Walk } from "./access.ts";
import { type LoopAxes, loopAxes, stays } from "./axes.ts";
import { across, combine, identityOf, lanesOf, load, pushConstant, store } from "./loopCode.ts";
import { type LoopContext, LoopElements, vectorOf } from "./loopElements.ts";
import type { LoopStep } from "./step.ts";

/**
 * A loop as a function of a range of an axis, by default the outermost: `(from, to)`.
 *
 * The innermost axis runs in vectors, its rest one by one. Elements combined along innermost axes are held in a
 * vector and a single one, brought together at the end; the order depends on the shape alone.
 */
export function emitLoop(step: LoopStep, name: string, context: LoopContext, axis = 0): number {
  return new LoopWriter(step, name, context, axis).emit();
}

class LoopWriter {
  readonly #context: LoopContext;
  readonly #body: Body;
  readonly #accesses: Accesses;
  readonly #axes: LoopAxes;
  /** The axis whose range the parameters give. */
  readonly #ranged: number;
  readonly #elements: LoopElements;
  readonly #indices: number[];
  readonly #single: "f64" | "f32";
  readonly #vector: "f64x2" | "f32x4";

  constructor(step: LoopStep, name: string, context: LoopContext, ranged: number) {
    this.#context = context;
    this.#ranged = ranged;
    const body = context.builder.function(name, ["i32", "i32"], []);
    this.#body = body;
    this.#single = step.type;
    this.#vector = vectorOf(step.type);
    this.#axes = axesOf(step);
    this.#accesses = new Accesses(body, context);
    this.#elements = new LoopElements(step, this.#axes, {
      context,
      body,
      accesses: this.#accesses,
    });
    this.#indices = this.#axes.sizes.map(() => body.local("i32"));
  }

  emit(): number {
    this.#level(0);
    return this.#body.index;
  }

  /** The loops from an axis inwards. */
  #level(axis: number): void {
    const body = this.#body;
    const { sizes } = this.#axes;
    const rank = sizes.length;
    this.#begin(axis);
    if (rank === 0) {
      this.#elements.hold();
      this.#elements.emit(this.#single);
      this.#elements.release();
      return;
    }
    if (axis === rank - 1) {
      this.#innermost();
      this.#finish(axis);
      return;
    }
    const index = this.#indices[axis] as number;
    const limit = this.#range(axis);
    body.countedLoop(index, limit, 1, () => this.#level(axis + 1));
    body.release(limit);
    this.#finish(axis);
  }

  /** What is combined over the axes from this one inwards begins. */
  #begin(axis: number): void {
    const rank = this.#axes.sizes.length;
    for (const { spec, suffix, single, vector } of this.#elements.reductions) {
      if (single < 0 || suffix !== rank - axis) continue;
      const value = identityOf(spec.combine);
      pushConstant(this.#body, this.#single, value);
      this.#body.set(single);
      pushConstant(this.#body, this.#vector, value);
      this.#body.set(vector);
    }
  }

  /** … and ends: it is written, or added to what is in memory. */
  #finish(axis: number): void {
    const body = this.#body;
    const rank = this.#axes.sizes.length;
    for (const { spec, suffix, single, vector, access, gathers } of this.#elements.reductions) {
      if (single < 0 || suffix !== rank - axis) continue;
      if (rank > 0) {
        across(body, spec.combine, this.#vector, vector);
        body.get(single);
        combine(body, spec.combine, this.#single);
        body.set(single);
      }
      this.#moveTo(access.walk, axis);
      if (gathers) {
        load(body, this.#accesses, access, this.#single);
        body.get(single);
        combine(body, spec.combine, this.#single);
        body.set(single);
      }
      store(body, this.#accesses, { access, lane: this.#single, local: single });
    }
  }

  /** Sets a walk to the indices of the first `depth` axes. */
  #moveTo({ local, steps }: Walk, depth: number): void {
    if (local === undefined) return;
    const body = this.#body;
    let pushed = false;
    for (let axis = 0; axis < depth; axis++) {
      const step = steps[axis] as Size;
      if (stays(step)) continue;
      body.get(this.#indices[axis] as number);
      if (!(fixedValue(step) === 1)) {
        pushSize(body, step, this.#context);
        body.op(i32.mul);
      }
      if (pushed) body.op(i32.add);
      pushed = true;
    }
    if (!pushed) body.i32(0);
    body.set(local);
  }

  /** Sets the index of an axis to its first value and gives a local with its end: of one axis, the parameters. */
  #range(axis: number): number {
    const body = this.#body;
    const index = this.#indices[axis] as number;
    const limit = body.local("i32");
    if (axis === this.#ranged) {
      body.get(0);
      body.set(index);
      body.get(1);
    } else {
      body.i32(0);
      body.set(index);
      pushSize(body, this.#axes.sizes[axis] as Size, this.#context);
    }
    body.set(limit);
    return limit;
  }

  /** The innermost axis: vectors, then single elements. */
  #innermost(): void {
    const body = this.#body;
    const rank = this.#axes.sizes.length;
    const last = rank - 1;
    const index = this.#indices[last] as number;
    const limit = this.#range(last);
    const known = this.#ranged === last ? rank : last;
    for (const walk of this.#accesses.walks) this.#moveTo(walk, known);
    this.#elements.hold();
    const vector = this.#vector;
    const lanes = lanesOf[vector];
    const whole = body.local("i32");
    body.get(limit);
    body.get(index);
    body.op(i32.sub);
    body.i32(-lanes);
    body.op(i32.and);
    body.get(index);
    body.op(i32.add);
    body.set(whole);
    body.countedLoop(index, whole, lanes, () => {
      this.#elements.emit(vector);
      this.#advance(lanes);
    });
    body.release(whole);
    body.countedLoop(index, limit, 1, () => {
      this.#elements.emit(this.#single);
      this.#advance(1);
    });
    body.release(limit);
    this.#elements.release();
  }

  /** Moves all walks by some elements along the innermost axis. */
  #advance(count: number): void {
    const body = this.#body;
    for (const { local, steps } of this.#accesses.walks) {
      const step = steps.at(-1) as Size;
      if (local === undefined || stays(step)) continue;
      body.get(local);
      pushSize(body, times(fixed(count), step), this.#context);
      body.op(i32.add);
      body.set(local);
    }
  }
}

/** The axes a loop walks, and the strides of its reads, stores and reductions along them, in this order. */
export function axesOf({ space, reads, stores, reductions }: LoopStep): LoopAxes {
  const strides = [
    ...reads.map((view) => view.strides),
    ...stores.map(({ view }) => view.strides),
    ...reductions.map(({ axes }) => keptStrides(space, axes)),
  ];
  // Axes are combined one by one: the order of a sum must not depend on how its terms lie.
  const stay = (axis: number): boolean => reductions.every(({ axes }) => !axes.includes(axis));
  return loopAxes(space, strides, stay);
}

/** Rounds of a loop's outermost axis. */
export function outermost(step: LoopStep): Size {
  return axesOf(step).sizes[0] ?? fixed(1);
}

/** Strides of a reduction's result along the axes of the space it reduces. */
function keptStrides(space: Expr["shape"], axes: readonly number[]): Size[] {
  const kept = space.filter((_, axis) => !axes.includes(axis));
  const strides = stridesOf(kept);
  let at = 0;
  return space.map((_, axis) => (axes.includes(axis) ? fixed(0) : (strides[at++] as Size)));
}

/** Number of results of a reduction. */
export function resultCount(space: Expr["shape"], axes: readonly number[]): Size {
  return countOf(space.filter((_, axis) => !axes.includes(axis)));
}

/** Whether results add up in memory, so that they must hold what combining begins with. */
export function gathersInMemory(space: Expr["shape"], axes: readonly number[]): boolean {
  const reduced = space.flatMap((dim, axis) => (dim === 1 ? [] : [axes.includes(axis)]));
  const suffix = reduced.length - 1 - reduced.lastIndexOf(false);
  return reduced.slice(0, reduced.length - suffix).includes(true);
}
