import { concat, type Expr, place, reshape, topological } from "@chainrule/core";
import { isElementwise } from "../elementwise/index.ts";
import { fixed, times } from "../plan/size.ts";
import { Buffers } from "./buffers.ts";
import { isControl, scheduleControl } from "./control.ts";
import { classOf, combineOf } from "./elements.ts";
import type { Kernel } from "./kernel.ts";
import { Loops, readIn } from "./loops.ts";
import { leafView, movedView, sameAxes } from "./nodeViews.ts";
import { inMemory, itemKey, type Place } from "./places.ts";
import { isProduct, Products, summedProducts } from "./products.ts";
import type { LoopClass, LoopStep, Operand, Step } from "./step.ts";
import { isContiguous, isMemory, type Range, sliceView, type View, wholeView } from "./view.ts";

/** How a schedule is made. */
export interface ScheduleOptions {
  /** Whether loops take in more than one node. */
  readonly fuse: boolean;
  /** Threads that need scratch memory of their own. */
  readonly threads: number;
  readonly kernelOf: (node: Expr) => Kernel | undefined;
  /** Expressions by ops that the schedule knows. */
  readonly lower: (outputs: readonly Expr[]) => readonly Expr[];
}

/**
 * The steps of a graph, in an order in which each finds its arguments.
 *
 * Nodes come in topological order. An elementwise node joins the loop that computes one of its arguments if
 * nothing that it needs comes later; moved elements are views; reductions are done by the loop of their argument.
 */
export class Scheduler {
  readonly steps: Step[] = [];
  readonly #loops: Loops;
  readonly buffers: Buffers;
  readonly #places = new Map<Expr, Place>();
  readonly #items = new Map<Expr, readonly Place[]>();
  readonly #options: ScheduleOptions;
  readonly #products: Products;
  readonly #readItems: ReadonlySet<string>;
  readonly #summed: ReadonlySet<Expr>;

  /** A schedule for the nodes that the outputs depend on. */
  constructor(
    outputs: readonly Expr[],
    options: ScheduleOptions,
    buffers: Buffers = new Buffers(),
  ) {
    this.#options = options;
    this.buffers = buffers;
    this.#loops = new Loops(this.steps, options.fuse);
    this.#products = new Products(buffers, options.threads);
    const { nodes } = topological(outputs);
    this.#summed = summedProducts(outputs, nodes);
    const items = nodes.filter(({ op }) => op.name === "item");
    this.#readItems = new Set(
      items.map(({ args: [tuple], attributes }) => itemKey(tuple, attributes)),
    );
  }

  /** A schedule of its own in the same memory, for what runs inside one of the steps. */
  nested(outputs: readonly Expr[]): Scheduler {
    return new Scheduler(outputs, this.#options, this.buffers);
  }

  /** Whether loops take in more than one node. */
  get fuses(): boolean {
    return this.#options.fuse;
  }

  /** Expressions by ops that the schedule knows. */
  lowered(outputs: readonly Expr[]): readonly Expr[] {
    return this.#options.lower(outputs);
  }

  /** Which results of a node with several are read. */
  readItems(node: Expr): (index: number) => boolean {
    return (index) => this.#readItems.has(itemKey(node, { index }));
  }

  /** A node whose value is there before the first step. */
  bind(node: Expr, view: View): void {
    this.#places.set(node, inMemory(view, -1));
  }

  /** Schedules a node; its arguments have been. */
  add(node: Expr): void {
    if (this.#places.has(node) || this.#items.has(node) || this.#summed.has(node)) return;
    if (node.op.name === "item") {
      const found = this.#items.get(node.args[0] as Expr)?.[node.attributes["index"] as number];
      this.#places.set(node, found as Place);
      return;
    }
    const view = movedView(node, (arg) => this.viewOf(arg)) ?? leafView(node, this.buffers);
    if (view !== undefined) {
      const step = node.args.length === 0 ? -1 : this.#stepOf(node.args[0] as Expr);
      this.#places.set(node, inMemory(view, step));
    } else if (node.op === reshape.op) this.#copied(node, node.args[0] as Expr, node.shape);
    else if (node.op === concat.op) this.#addConcat(node);
    else if (node.op === place.op) this.#addPlace(node);
    else if (isControl(node) && this.#options.kernelOf(node) === undefined) {
      this.#addResults(node, scheduleControl(this, node));
    } else if (isElementwise(node)) this.#addValue(node);
    else if (this.#summed.has(node.args[0] as Expr)) {
      this.#addProduct(node, node.args[0] as Expr);
    } else if (combineOf(node) !== undefined) this.#addReduction(node);
    else if (isProduct(node)) this.#addProduct(node, node);
    else this.#addKernel(node);
  }

  /** Where a node's elements can be read, brought to memory if they are not there. */
  viewOf(node: Expr): View {
    const known = this.#placeOf(node);
    if (known.view !== undefined) return known.view;
    const { loop } = known;
    if (loop === undefined) throw new Error(`viewOf: ${node.op.name} must have a place, got none`);
    const buffer = this.buffers.add(node);
    const view = wholeView(buffer, node);
    this.#loops.at(loop.step).stores.push({ operand: { kind: "value", index: loop.index }, view });
    known.view = view;
    known.step = loop.step;
    return view;
  }

  /** Puts a node's elements where a view of its shape says. */
  storeIn(node: Expr, target: View): void {
    const { loop } = this.#placeOf(node);
    if (loop === undefined) this.#loops.copy(this.viewOf(node), target);
    else {
      const operand: Operand = { kind: "value", index: loop.index };
      this.#loops.at(loop.step).stores.push({ operand, view: target });
    }
  }

  /** The buffer that a node's elements fill, if they are the only ones in need of it after the run. */
  ownBuffer(node: Expr): number | undefined {
    return this.buffers.filledBy(node, this.#placeOf(node).view);
  }

  /** The loop that computes a node, if one does, and its position. */
  loopOf(node: Expr): { readonly step: number; readonly index: number } | undefined {
    return this.#placeOf(node).loop;
  }

  /** A node's elements row-major from some address on, copied if they lie otherwise. */
  contiguous(node: Expr): View {
    const view = this.viewOf(node);
    if (isMemory(view) && isContiguous(view)) return view;
    const target = wholeView(this.buffers.add(node), node);
    this.#loops.copy(view, target);
    return target;
  }

  #placeOf(node: Expr): Place {
    const place = this.#places.get(node);
    if (place === undefined) {
      throw new Error(`schedule: ${node.op.name} must come before its users, got it later`);
    }
    return place;
  }

  #stepOf(node: Expr): number {
    this.viewOf(node);
    return this.#placeOf(node).step;
  }

  /** An elementwise node joins a loop, or begins one. */
  #addValue(node: Expr): void {
    const type = classOf(node);
    let earliest = 0;
    let wanted = -1;
    for (const arg of node.args) {
      const known = this.#placeOf(arg);
      const joins = known.loop !== undefined && sameAxes(arg, node);
      if (joins) {
        const { step } = known.loop as { step: number };
        earliest = Math.max(earliest, step);
        wanted = Math.max(wanted, step);
      } else earliest = Math.max(earliest, this.#stepOf(arg) + 1);
    }
    const step = this.#loopFor(node, type, earliest, node.args, wanted);
    const loop = this.#loops.at(step);
    const args = node.args.map((arg) => this.#operand(arg, step, loop));
    const index = loop.values.push({ node, args }) - 1;
    this.#places.set(node, { view: undefined, step: -1, loop: { step, index } });
  }

  #loopFor(
    space: Expr,
    type: LoopClass,
    earliest: number,
    reads: readonly Expr[],
    wanted = -1,
  ): number {
    const sources = new Set(reads.flatMap((arg) => this.#placeOf(arg).view?.source ?? []));
    return this.#loops.find({ space, type, earliest, sources, wanted });
  }

  /** What a loop takes a node's elements from: a value of its own, or memory. */
  #operand(node: Expr, step: number, loop: LoopStep): Operand {
    const known = this.#placeOf(node);
    if (known.loop?.step === step && sameAxes(node, loop)) {
      return { kind: "value", index: known.loop.index };
    }
    return readIn(loop, this.viewOf(node));
  }

  #addReduction(node: Expr): void {
    const [arg] = node.args as readonly [Expr];
    const type = classOf(node);
    const known = this.#placeOf(arg);
    let step = known.loop?.step ?? -1;
    const joins =
      step >= 0 && this.#options.fuse && this.#loops.at(step).type === type && arg.shape.length > 0;
    if (!joins) {
      this.viewOf(arg);
      step = this.#loopFor(arg, type, this.#placeOf(arg).step + 1, [arg]);
    }
    const loop = this.#loops.at(step);
    const buffer = this.buffers.add(node);
    const operand = this.#operand(arg, step, loop);
    const axes = node.attributes["axes"] as readonly number[];
    const combine = combineOf(node) as NonNullable<ReturnType<typeof combineOf>>;
    loop.reductions.push({ operand, combine, axes, dtype: node.dtype, buffer });
    this.#places.set(node, inMemory(wholeView(buffer, node), step));
  }

  #addConcat(node: Expr): void {
    const buffer = this.buffers.add(node);
    const whole = wholeView(buffer, node);
    const axis = node.attributes["axis"] as number;
    let start = 0;
    for (const arg of node.args) {
      const size = arg.shape[axis] as number;
      this.#loops.copy(this.viewOf(arg), sliceView(whole, { axis, start, step: 1, size }));
      start += size;
    }
    this.#places.set(node, inMemory(whole, this.steps.length - 1));
  }

  /** Zeros with the argument written into a range of them. */
  #addPlace(node: Expr): void {
    const [arg] = node.args as readonly [Expr];
    const { axis, start, step, size } = node.attributes as unknown as Range;
    const buffer = this.buffers.add(node);
    this.steps.push({ kind: "clear", buffer, bytes: this.buffers.bytes(buffer) });
    const whole = wholeView(buffer, node);
    this.#loops.copy(this.viewOf(arg), sliceView(whole, { axis, start, step, size }));
    this.#places.set(node, inMemory(whole, this.steps.length - 1));
  }

  #copied(node: Expr, arg: Expr, shape: Expr["shape"]): void {
    const buffer = this.buffers.add(node);
    const source = this.viewOf(arg);
    this.#loops.copy(source, { ...wholeView(buffer, { shape: arg.shape, dtype: arg.dtype }) });
    const view = wholeView(buffer, { shape, dtype: node.dtype });
    this.#places.set(node, inMemory(view, this.steps.length - 1));
  }

  /** A product, or the sum of a stack of products. */
  #addProduct(node: Expr, product: Expr): void {
    const views = product.args.map((arg) => this.viewOf(arg));
    const args = product.args.map((arg, i) =>
      this.#products.takes(views[i] as View) ? (views[i] as View) : this.contiguous(arg),
    );
    const step = this.#products.step(node, product, args as [View, View]);
    this.steps.push(step);
    this.#places.set(node, inMemory(wholeView(step.result, node), this.steps.length - 1));
  }

  #addKernel(node: Expr): void {
    const args = node.args.map((arg) => this.contiguous(arg));
    const types = node.op.items?.(node.args, node.attributes);
    const results = (types ?? [node]).map((type) => this.buffers.add(type));
    const kernel = this.#options.kernelOf(node);
    if (kernel === undefined) this.steps.push({ kind: "host", node, args, results });
    else {
      const scratch = (kernel.scratch?.(node) ?? []).map((bytes) =>
        this.buffers.raw(times(fixed(this.#options.threads), bytes)),
      );
      this.steps.push({ kind: "kernel", node, kernel, args, results, scratch });
    }
    const views = (types ?? [node]).map((type, i) => wholeView(results[i] as number, type));
    if (types !== undefined) this.#addResults(node, views);
    else this.#places.set(node, inMemory(views[0] as View, this.steps.length - 1));
  }

  /** The results of the newest step, which `item` reads. */
  #addResults(node: Expr, views: readonly View[]): void {
    const step = this.steps.length - 1;
    this.#items.set(
      node,
      views.map((view) => inMemory(view, step)),
    );
  }
}
