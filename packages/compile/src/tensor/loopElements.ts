import { fixed, type Size, sizeOf } from "../plan/size.ts";
import { type Body, f32, f64, i32, type ModuleBuilder } from "../wasm/index.ts";
import { type Access, type Accesses, type Addresses, pushSize, type Walk } from "./access.ts";
import { type LoopAxes, stays } from "./axes.ts";
import type { ElementCode } from "./elementCode.ts";
import {
  combine,
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

/** The vector of a loop's elements. */
export function vectorOf(type: LoopStep["type"]): "f64x2" | "f32x4" {
  return type === "f32" ? "f32x4" : "f64x2";
}

/** Where a loop's code goes. */
export interface LoopPlace {
  readonly context: LoopContext;
  readonly body: Body;
  readonly accesses: Accesses;
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

/** What a loop combines, and where it is held meanwhile. */
export interface Reduction {
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

/** The code of the elements at one index, or at as many as a vector holds. */
export class LoopElements {
  readonly reductions: readonly Reduction[];
  readonly #step: LoopStep;
  readonly #context: LoopContext;
  readonly #body: Body;
  readonly #accesses: Accesses;
  readonly #axes: LoopAxes;
  readonly #reads: readonly Read[];
  readonly #stores: readonly { readonly operand: Operand; readonly access: Access }[];
  readonly #single: "f64" | "f32";
  readonly #vector: "f64x2" | "f32x4";

  constructor(step: LoopStep, axes: LoopAxes, { context, body, accesses }: LoopPlace) {
    this.#step = step;
    this.#context = context;
    this.#body = body;
    this.#accesses = accesses;
    this.#axes = axes;
    this.#single = step.type;
    this.#vector = vectorOf(step.type);
    const { reads, stores, reductions } = step;
    const own = axes.strides;
    this.#reads = reads.map((view, i): Read => {
      const along = own[i] as readonly Size[];
      const access = isMemory(view) ? accesses.access(view, along) : undefined;
      const walk = view.source.kind === "iota" ? accesses.walk(along) : undefined;
      return { view, access, walk, held: undefined };
    });
    this.#stores = stores.map(({ operand, view }, i) => {
      const along = own[reads.length + i] as readonly Size[];
      return { operand, access: accesses.access(view, along) };
    });
    this.reductions = reductions.map((spec, i) => {
      const along = own[reads.length + stores.length + i] as readonly Size[];
      return this.#reduction(spec, along);
    });
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

  /** Reads once what stays the same along the innermost axis. */
  hold(): void {
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

  release(): void {
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
  emit(lane: Lane): void {
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
    for (const reduction of this.reductions) this.#combine(reduction, lane, push);
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
