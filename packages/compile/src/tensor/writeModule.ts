import type { Tensor } from "@chainrule/core";
import type { HostKernel } from "../elementwise/index.ts";
import type { MathFunction, MathLane } from "../math/index.ts";
import type { Buffer, Layout } from "../plan/layout.ts";
import type { Placement } from "../plan/placeBuffers.ts";
import type { Size } from "../plan/size.ts";
import { type Body, i32, ModuleBuilder, pageSize } from "../wasm/index.ts";
import { type Address, pushAddress, pushSize, pushStart } from "./access.ts";
import { ElementCode } from "./elementCode.ts";
import { type CallContext, emitKernel, emitProduct } from "./emitCalls.ts";
import { emitChoice, emitRepeat } from "./emitControl.ts";
import { emitLoop, gathersInMemory, outermost, resultCount } from "./emitLoop.ts";
import { emitRows } from "./emitRows.ts";
import { emitFill } from "./fill.ts";
import { identityOf } from "./loopCode.ts";
import { emitPartBounds, emitWork, partCount, partFrom, partNames, share } from "./part.ts";
import { type Split, splitOf } from "./split.ts";
import { allSteps, type HostStep, type KernelStep, type LoopStep, type Step } from "./step.ts";

/** Name of the module under which threads import their memory and what tells them to work. */
export const threadModule = "threads";

/** Pages that shared memory may grow to: all that addresses of 32 bits reach. */
export const mostPages = 65_536;

/** Name of the module under which nodes that the interpreter computes are imported, by the number of their step. */
export const hostStepModule = "steps";

/** What is written into a module. */
export interface Writing {
  readonly steps: readonly Step[];
  readonly layout: Layout;
  readonly constants: ReadonlyMap<Tensor, number>;
  readonly windows: number;
  /** Threads that share the work; 1 for none but the caller's. */
  readonly threads: number;
}

/** The module's bytes, and the kernels of the interpreter it imports. */
export interface Written {
  readonly bytes: Uint8Array;
  readonly hostKernels: readonly HostKernel[];
  /** Elementwise operations in loops, by where they are done. */
  readonly ways: Readonly<Record<"native" | "library" | "host", number>>;
  readonly functions: number;
}

/** Writes the steps as functions and a function `run` that calls them; addresses are fixed if `placement` is given. */
export function writeModule(plan: Writing, placement: Placement | undefined): Written {
  return new ModuleWriter(plan, placement).write();
}

class ModuleWriter implements CallContext {
  readonly builder: ModuleBuilder = new ModuleBuilder();
  readonly elements: ElementCode = new ElementCode();
  readonly #plan: Writing;
  readonly #placement: Placement | undefined;
  readonly #globals = new Map<string, number>();
  readonly #shared = new Map<string, number>();
  readonly #windows: number[] = [];
  readonly #imports = new Map<HostStep, number>();
  readonly #ways = { native: 0, library: 0, host: 0 };
  #steps = 0;
  /** Import by which all threads are told to do their parts of a step. */
  #dispatch = -1;
  /** Functions of the steps that are divided, with the parameters part and parts. */
  readonly #parts: number[] = [];

  constructor(plan: Writing, placement: Placement | undefined) {
    this.#plan = plan;
    this.#placement = placement;
  }

  write(): Written {
    const { builder, elements } = this;
    const { steps, layout, windows, threads } = this.#plan;
    const pages = Math.ceil((this.#placement?.bytes ?? pageSize) / pageSize);
    if (threads > 1) {
      const limits = { minimum: pages, maximum: mostPages, shared: true };
      builder.importMemory(threadModule, "memory", limits);
      this.#dispatch = builder.importFunction(threadModule, "run", ["i32"], []);
    }
    for (const step of allSteps(steps)) {
      if (step.kind === "host") this.#import(step);
      else if (step.kind === "loop") this.#announce(step);
      else if (step.kind === "kernel") elements.needMath(step.kernel.math?.(step.node) ?? []);
    }
    elements.begin(builder);
    for (let i = 0; i < windows; i++) this.#windows.push(builder.global("i32", true, 0));
    for (const name of layout.sizes) this.#global(`size:${name}`);
    if (this.#placement === undefined) {
      layout.buffers.forEach((_, buffer) => {
        this.#global(`at:${buffer}`);
      });
    }
    if (threads > 1) {
      for (const name of partNames)
        this.#globals.set(`size:${name}`, builder.global("i32", true, 0));
    }
    const run = this.#sequence("run", steps, threads > 1);
    if (threads === 1) builder.memory({ minimum: pages });
    else emitWork(builder, this.#parts);
    builder.export("memory", "memory");
    builder.export("run", "function", run);
    for (const [tensor, buffer] of this.#plan.constants) this.#constant(tensor, buffer);
    return {
      bytes: builder.build(),
      hostKernels: elements.hosts,
      ways: this.#ways,
      functions: builder.functionCount,
    };
  }

  addressOf(buffer: number): Address {
    const address = this.#placement?.addresses[buffer];
    if (address !== undefined) return { kind: "fixed", address };
    return { kind: "global", index: this.#globals.get(`at:${buffer}`) as number };
  }

  windowGlobal(window: number): number {
    return this.#windows[window] as number;
  }

  scratchShare(buffer: number): Size {
    return share((this.#plan.layout.buffers[buffer] as Buffer).bytes, this.#plan.threads);
  }

  math(name: MathFunction, lane: MathLane): number {
    return this.elements.math(name, lane);
  }

  sizeGlobal(name: string): number {
    return this.#globals.get(`size:${name}`) as number;
  }

  #global(name: string): void {
    const index = this.builder.global("i32", true, 0);
    this.builder.export(name, "global", index);
    this.#globals.set(name, index);
  }

  /** Constants lie in the module where their place is known; otherwise the host writes them. */
  #constant({ data }: Tensor, buffer: number): void {
    const address = this.#placement?.addresses[buffer];
    if (address === undefined || data.length === 0) return;
    this.builder.data(address, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }

  #announce({ values, type }: LoopStep): void {
    for (const { node } of values) {
      const way = this.elements.need(node, type);
      this.#ways[way === "instructions" ? "native" : way]++;
      this.elements.need(node, type === "f32" ? "f32x4" : "f64x2");
    }
  }

  /** A step of the interpreter takes the addresses of its arguments, then of its results. */
  #import(step: HostStep): void {
    const params = [...step.args, ...step.results].map(() => "i32" as const);
    const name = String(this.#imports.size);
    this.#imports.set(step, this.builder.importFunction(hostStepModule, name, params, []));
  }

  /** Steps one after another, as a function; gives its index. */
  #sequence(name: string, steps: readonly Step[], divided = false): number {
    const calls = steps.map((step) => {
      const split = divided && !this.#callsHost(step) ? splitOf(step) : undefined;
      return split === undefined ? this.#step(step) : this.#divided(step, split);
    });
    const body = this.builder.function(name, [], []);
    for (const call of calls) call(body);
    return body.index;
  }

  /** Whether a step calls the host, as other threads must not. */
  #callsHost(step: Step): boolean {
    const loops = step.kind === "rows" ? step.loops : step.kind === "loop" ? [step] : [];
    return loops.some((loop) => this.elements.callsHost(loop));
  }

  /** Writes the functions of a step; gives what calls them. */
  #step(step: Step): (run: Body) => void {
    const i = this.#steps++;
    switch (step.kind) {
      case "loop":
        return this.#loop([step], outermost(step), emitLoop(step, `loop${i}`, this));
      case "rows":
        return this.#loop(step.loops, step.rows, emitRows(step, `rows${i}`, this));
      case "host":
        return (run) => this.#host(step, run);
      case "clear":
        return (run) => {
          pushAddress(run, step.buffer, this);
          run.i32(0);
          pushSize(run, step.bytes, this);
          run.memoryFill();
        };
      case "copy":
        return (run) => {
          pushAddress(run, step.to, this);
          pushAddress(run, step.from, this);
          pushSize(run, step.bytes, this);
          run.memoryCopy();
        };
      case "product":
        return this.#called(`product${i}`, (body) => emitProduct(body, step, undefined, this));
      case "kernel": {
        const name = `${step.node.op.name}${i}`;
        return this.#called(name, (body) => emitKernel(body, step, undefined, this));
      }
      case "repeat": {
        const inside = {
          condition: step.condition && this.#sequence(`condition${i}`, step.condition.steps),
          body: this.#sequence(`round${i}`, step.body),
        };
        return this.#called(`repeat${i}`, (body) => emitRepeat(body, step, inside, this));
      }
      case "choose": {
        const yes = this.#sequence(`then${i}`, step.consequent);
        const no = this.#sequence(`else${i}`, step.alternative);
        return this.#called(`choose${i}`, (body) => emitChoice(body, step, { yes, no }, this));
      }
    }
  }

  /** A step that all threads do a part of. */
  #divided(step: Step, split: Split): (run: Body) => void {
    const i = this.#steps++;
    const before: ((run: Body) => void)[] = [];
    let inside: (part: Body) => void;
    if (step.kind === "loop" || step.kind === "rows") {
      const rows = step.kind === "rows";
      const index = rows
        ? emitRows(step, `rows${i}`, this, true)
        : emitLoop(step, `loop${i}`, this, split.axis);
      for (const loop of rows ? step.loops : [step]) before.push((run) => this.#fill(loop, run));
      inside = (part) => {
        pushSize(part, partFrom, this);
        pushSize(part, partFrom, this);
        pushSize(part, partCount, this);
        part.op(i32.add);
        part.call(index);
      };
    } else {
      inside = this.#called(`step${i}`, (body) => {
        if (step.kind === "product") emitProduct(body, step, split, this);
        else emitKernel(body, step as KernelStep, split, this);
      });
    }
    const part = this.builder.function(`part${i}`, ["i32", "i32"], []);
    emitPartBounds(part, split, this);
    inside(part);
    const number = this.#parts.push(part.index) - 1;
    return (run) => {
      for (const write of before) write(run);
      run.i32(number);
      run.call(this.#dispatch);
    };
  }

  #host(step: HostStep, run: Body): void {
    for (const view of step.args) pushStart(run, view, this);
    for (const result of step.results) pushAddress(run, result, this);
    run.call(this.#imports.get(step) as number);
  }

  #called(name: string, write: (body: Body) => void): (run: Body) => void {
    const body = this.builder.function(name, [], []);
    write(body);
    return (run) => run.call(body.index);
  }

  /** A call of what runs loops from their first round to their last. */
  #loop(loops: readonly LoopStep[], rounds: Size, index: number): (run: Body) => void {
    return (run) => {
      for (const loop of loops) this.#fill(loop, run);
      run.i32(0);
      pushSize(run, rounds, this);
      run.call(index);
    };
  }

  /** What adds up in memory begins with what changes nothing. */
  #fill({ space, reductions }: LoopStep, run: Body): void {
    for (const { buffer, axes, dtype, combine } of reductions) {
      if (!gathersInMemory(space, axes)) continue;
      const count = resultCount(space, axes);
      emitFill(run, { buffer, count, dtype, value: identityOf(combine) }, this);
    }
  }

  shared(key: string, make: () => number): number {
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#shared.set(key, made);
    return made;
  }
}
