import type { Expr } from "@chainrule/core";
import { countOf, fixed, fixedValue, type Size, sizeOf, stridesOf, times } from "../plan/size.ts";
import { type Body, f32, f64, i32, type ModuleBuilder } from "../wasm/index.ts";
import { type Access, Accesses, type Addresses, pushSize, type Walk } from "./access.ts";
import { type LoopAxes, loopAxes, stays } from "./axes.ts";
import type { ElementCode } from "./elementCode.ts";
import {
  across,
  combine,
  identityOf,
  type Lane,
  lanesOf,
  load,
  localType,
  positions,
  prepare,
  pushConstant,
  splat,
  store,
} from "./loopCode.ts";
import type { LoopReduction, LoopStep, Operand } from "./step.ts";
import { isMemory, type View, wholeView } from "./view.ts";

/** What loops are written with. */
export interface LoopContext extends Addresses {
  readonly builder: ModuleBuilder;
  readonly elements: ElementCode;
}

/** A read of a loop, and where its element is while it stays the same along the innermost axis. */
interface Read {
  readonly view: View;
  readonly access: Access | undefined;
  /** Walk of positions, for the numbers 0, 1, …. */
  readonly walk: Walk | undefined;
  /** Element in the lane of one, and in a vector. */
  held: { single: number; vector: number | undefined } | undefined;
}

interface Reduction {
  readonly spec: LoopReduction;
  readonly access: Access;
  /** Number of innermost axes that are all combined; 0 where the innermost stays. */
  readonly suffix: number;
  /** Whether an axis outside of these is combined too, so that results add up in memory. */
  readonly gathers: boolean;
  /** Whether there is one element to combine, so that it is the result. */
  readonly plain: boolean;
  readonly single: number;
  readonly vector: number;
}

/**
 * A loop as a function of a range of its outermost axis: `(from, to)`.
 *
 * The innermost axis runs in vectors, its rest one by one. Elements combined along innermost axes are held in a
 * vector and a single one, brought together at the end; the order depends on the shape alone.
 */
export function emitLoop(step: LoopStep, name: string, context: LoopContext): number {
  return new LoopWriter(step, name, context).emit();
}

class LoopWriter {
  readonly #step: LoopStep;
  readonly #context: LoopContext;
  readonly #body: Body;
  readonly #accesses: Accesses;
  readonly #axes: LoopAxes;
  readonly #reads: readonly Read[];
  readonly #stores: readonly { readonly operand: Operand; readonly access: Access }[];
  readonly #reductions: readonly Reduction[];
  readonly #indices: number[];
  readonly #single: "f64" | "f32";
  readonly #vector: "f64x2" | "f32x4";

  constructor(step: LoopStep, name: string, context: LoopContext) {
    this.#step = step;
    this.#context = context;
    const body = context.builder.function(name, ["i32", "i32"], []);
    this.#body = body;
    this.#single = step.type;
    this.#vector = step.type === "f32" ? "f32x4" : "f64x2";
    const { reads, stores, reductions } = step;
    this.#axes = axesOf(step);
    const own = this.#axes.strides;
    const accesses = new Accesses(body, context);
    this.#accesses = accesses;
    this.#reads = reads.map((view, i): Read => {
      const along = own[i] as readonly Size[];
      const { kind } = view.source;
      const access = isMemory(view) ? accesses.access(view, along) : undefined;
      const walk = kind === "iota" ? accesses.walk(along) : undefined;
      return { view, access, walk, held: undefined };
    });
    this.#stores = stores.map(({ operand, view }, i) => {
      const along = own[reads.length + i] as readonly Size[];
      return { operand, access: accesses.access(view, along) };
    });
    this.#reductions = reductions.map((spec, i) => {
      const along = own[reads.length + stores.length + i] as readonly Size[];
      return this.#reduction(spec, along);
    });
    this.#indices = this.#axes.sizes.map(() => body.local("i32"));
  }

  emit(): number {
    this.#level(0);
    return this.#body.index;
  }

  #reduction(spec: LoopReduction, along: readonly Size[]): Reduction {
    const body = this.#body;
    const shape = this.#step.space.filter((_, axis) => !spec.axes.includes(axis));
    const view = wholeView(spec.buffer, { shape, dtype: spec.dtype });
    const access = this.#accesses.access(view, along);
    const reduced = this.#axes.origins.map((axis) => spec.axes.includes(axis));
    const suffix = reduced.length - 1 - reduced.lastIndexOf(false);
    const gathers = reduced.slice(0, reduced.length - suffix).includes(true);
    const held = suffix > 0;
    const plain = !reduced.includes(true);
    const single = held ? body.local(this.#single) : -1;
    const vector = held ? body.local("v128") : -1;
    return { spec, access, suffix, gathers, plain, single, vector };
  }

  /** The loops from an axis inwards. */
  #level(axis: number): void {
    const body = this.#body;
    const { sizes } = this.#axes;
    const rank = sizes.length;
    this.#begin(axis);
    if (rank === 0) {
      this.#hold();
      this.#elements(this.#single);
      this.#release();
      return;
    }
    if (axis === rank - 1) {
      this.#innermost();
      this.#finish(axis);
      return;
    }
    const index = this.#indices[axis] as number;
    const limit = body.local("i32");
    if (axis === 0) {
      body.get(0);
      body.set(index);
      body.get(1);
    } else {
      body.i32(0);
      body.set(index);
      pushSize(body, sizes[axis] as Size, this.#context);
    }
    body.set(limit);
    body.countedLoop(index, limit, 1, () => this.#level(axis + 1));
    body.release(limit);
    this.#finish(axis);
  }

  /** What is combined over the axes from this one inwards begins. */
  #begin(axis: number): void {
    const rank = this.#axes.sizes.length;
    for (const { spec, suffix, single, vector } of this.#reductions) {
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
    for (const { spec, suffix, single, vector, access, gathers } of this.#reductions) {
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

  /** The innermost axis: vectors, then single elements. */
  #innermost(): void {
    const body = this.#body;
    const rank = this.#axes.sizes.length;
    const last = rank - 1;
    const index = this.#indices[last] as number;
    const limit = body.local("i32");
    if (rank === 1) {
      body.get(0);
      body.set(index);
      body.get(1);
    } else {
      body.i32(0);
      body.set(index);
      pushSize(body, this.#axes.sizes[last] as Size, this.#context);
    }
    body.set(limit);
    for (const walk of this.#accesses.walks) this.#moveTo(walk, rank === 1 ? 1 : last);
    this.#hold();
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
      this.#elements(vector);
      this.#advance(lanes);
    });
    body.release(whole);
    body.countedLoop(index, limit, 1, () => {
      this.#elements(this.#single);
      this.#advance(1);
    });
    body.release(limit);
    this.#release();
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

  /** Reads once what stays the same along the innermost axis. */
  #hold(): void {
    const body = this.#body;
    for (const read of this.#reads) {
      const { access, view } = read;
      const moves = access === undefined ? undefined : !stays(access.inner);
      if (moves === true || view.source.kind === "literal" || view.source.kind === "iota") continue;
      const single = body.local(this.#single);
      if (access !== undefined) load(body, this.#accesses, access, this.#single);
      else this.#pushDimension(view);
      body.set(single);
      let vector: number | undefined;
      if (this.#axes.sizes.length > 0) {
        vector = body.local("v128");
        body.get(single);
        splat(body, this.#vector);
        body.set(vector);
      }
      read.held = { single, vector };
    }
  }

  #release(): void {
    for (const read of this.#reads) {
      if (read.held === undefined) continue;
      this.#body.release(read.held.single);
      if (read.held.vector !== undefined) this.#body.release(read.held.vector);
    }
  }

  #pushDimension({ source }: View): void {
    const { name } = source as { name: string };
    pushSize(this.#body, sizeOf(name), this.#context);
    this.#body.op(this.#single === "f64" ? f64.convert_i32_s : f32.convert_i32_s);
  }

  #pushRead(index: number, lane: Lane): void {
    const body = this.#body;
    const { access, view, walk, held } = this.#reads[index] as Read;
    const { source, offset } = view;
    if (source.kind === "literal") {
      pushConstant(body, lane, source.value);
      return;
    }
    if (held !== undefined) {
      body.get(lanesOf[lane] === 1 ? held.single : (held.vector as number));
      return;
    }
    if (access !== undefined) {
      load(body, this.#accesses, access, lane);
      return;
    }
    if (walk?.local === undefined) body.i32(0);
    else body.get(walk.local);
    for (const term of offset) {
      pushSize(body, term, this.#context);
      body.op(i32.add);
    }
    const inner = walk?.steps.at(-1) ?? fixed(0);
    positions(body, lane, () => pushSize(body, inner, this.#context));
  }

  /** The elements at the present indices, as many as the lane has. */
  #elements(lane: Lane): void {
    const body = this.#body;
    const { values } = this.#step;
    const locals = values.map(() => -1);
    const last = this.#lastUses();
    const reads = new Map<number, number>();
    // Elements are read before the code that uses them, which may use them in a branch only.
    const prepareRead = ({ kind, index }: Operand): void => {
      if (kind === "value" || reads.has(index)) return;
      const { view, held } = this.#reads[index] as Read;
      if (held !== undefined || view.source.kind === "literal") return;
      const local = body.local(localType(lane));
      this.#pushRead(index, lane);
      body.set(local);
      reads.set(index, local);
    };
    const push = ({ kind, index }: Operand): void => {
      const local = kind === "value" ? locals[index] : reads.get(index);
      if (local === undefined) this.#pushRead(index, lane);
      else body.get(local);
    };
    values.forEach(({ node, args }, i) => {
      args.forEach(prepareRead);
      this.#context.elements.emit(body, node, lane, (argument) => push(args[argument] as Operand));
      const local = body.local(localType(lane));
      body.set(local);
      locals[i] = local;
      const ended = args.filter(({ kind, index }) => kind === "value" && last[index] === i);
      for (const index of new Set(ended.map((operand) => operand.index))) {
        body.release(locals[index] as number);
      }
      if (last[i] === i) body.release(local);
    });
    for (const { operand } of [...this.#stores, ...this.#step.reductions]) prepareRead(operand);
    const kept = (operand: Operand): { local: number; own: boolean } => {
      const { kind, index } = operand;
      const known = kind === "value" ? locals[index] : reads.get(index);
      if (known !== undefined) return { local: known, own: false };
      const local = body.local(localType(lane));
      push(operand);
      body.set(local);
      return { local, own: true };
    };
    for (const { operand, access } of this.#stores) {
      const { local, own } = kept(operand);
      store(body, this.#accesses, { access, lane, local });
      if (own) body.release(local);
    }
    for (const reduction of this.#reductions) this.#combine(reduction, lane, push);
    for (const local of reads.values()) body.release(local);
    values.forEach((_, i) => {
      if (last[i] === values.length) body.release(locals[i] as number);
    });
  }

  #combine(
    { spec, single, vector, access, plain }: Reduction,
    lane: Lane,
    push: (operand: Operand) => void,
  ): void {
    const body = this.#body;
    const wide = lanesOf[lane] > 1;
    const value = (): void => {
      push(spec.operand);
      prepare(body, spec.combine, lane);
    };
    if (single < 0) {
      if (!plain) load(body, this.#accesses, access, lane);
      value();
      if (!plain) combine(body, spec.combine, lane);
      const local = body.local(localType(lane));
      body.set(local);
      store(body, this.#accesses, { access, lane, local });
      body.release(local);
      return;
    }
    const local = wide ? vector : single;
    body.get(local);
    value();
    combine(body, spec.combine, lane);
    body.set(local);
  }

  /** For each value the last value that uses it; the number of values where stores or reductions do. */
  #lastUses(): number[] {
    const { values, stores, reductions } = this.#step;
    const last = values.map((_, i) => i);
    values.forEach(({ args }, i) => {
      for (const operand of args) if (operand.kind === "value") last[operand.index] = i;
    });
    for (const { operand } of [...stores, ...reductions]) {
      if (operand.kind === "value") last[operand.index] = values.length;
    }
    return last;
  }
}

/** The axes a loop walks, and the strides of its reads, stores and reductions along them, in this order. */
export function axesOf({ space, reads, stores, reductions }: LoopStep): LoopAxes {
  const strides = [
    ...reads.map((view) => view.strides),
    ...stores.map(({ view }) => view.strides),
    ...reductions.map(({ axes }) => keptStrides(space, axes)),
  ];
  return loopAxes(space, strides, reductions.length === 0);
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
