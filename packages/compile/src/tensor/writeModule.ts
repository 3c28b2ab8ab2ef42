import type { Dim, Expr, Tensor } from "@chainrule/core";
import type { HostKernel } from "../elementwise/index.ts";
import type { Push } from "../kernels/integers.ts";
import { type Matrices, matmulStep, type ProductType } from "../kernels/ops/index.ts";
import type { Layout } from "../plan/layout.ts";
import type { Placement } from "../plan/placeBuffers.ts";
import { countOf, fixed, type Size, sizeOf, times } from "../plan/size.ts";
import { type Body, ModuleBuilder, pageSize } from "../wasm/index.ts";
import { type Address, type Addresses, pushAddress, pushSize, pushStart } from "./access.ts";
import { ElementCode } from "./elementCode.ts";
import { emitChoice, emitRepeat } from "./emitControl.ts";
import { axesOf, emitLoop, gathersInMemory, resultCount } from "./emitLoop.ts";
import { emitFill } from "./fill.ts";
import { bytesOf, type KernelContext } from "./kernel.ts";
import { identityOf } from "./loopCode.ts";
import { matrixOf, termsOf } from "./products.ts";
import {
  allSteps,
  type HostStep,
  type KernelStep,
  type LoopStep,
  type ProductStep,
  type Step,
} from "./step.ts";
import { broadcastView, type View, wholeView } from "./view.ts";

/** Name of the module under which nodes that the interpreter computes are imported, by the number of their step. */
export const hostStepModule = "steps";

/** What is written into a module. */
export interface Writing {
  readonly steps: readonly Step[];
  readonly layout: Layout;
  readonly constants: ReadonlyMap<Tensor, number>;
  readonly windows: number;
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

class ModuleWriter implements Addresses {
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

  constructor(plan: Writing, placement: Placement | undefined) {
    this.#plan = plan;
    this.#placement = placement;
  }

  write(): Written {
    const { builder, elements } = this;
    const { steps, layout, windows } = this.#plan;
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
    const run = this.#sequence("run", steps);
    const bytes = this.#placement?.bytes ?? pageSize;
    builder.memory({ minimum: Math.ceil(bytes / pageSize) });
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
  #sequence(name: string, steps: readonly Step[]): number {
    const calls = steps.map((step) => this.#step(step));
    const body = this.builder.function(name, [], []);
    for (const call of calls) call(body);
    return body.index;
  }

  /** Writes the functions of a step; gives what calls them. */
  #step(step: Step): (run: Body) => void {
    const i = this.#steps++;
    switch (step.kind) {
      case "loop":
        return this.#loop(step, i);
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
        return this.#called(`product${i}`, (body) => this.#product(step, body));
      case "kernel":
        return this.#called(`${step.node.op.name}${i}`, (body) => this.#kernel(step, body));
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

  #loop(step: LoopStep, i: number): (run: Body) => void {
    const index = emitLoop(step, `loop${i}`, this);
    const { space, reductions } = step;
    const filled = reductions.filter(({ axes }) => gathersInMemory(space, axes));
    const outer = outermost(step);
    return (run) => {
      for (const { buffer, axes, dtype, combine } of filled) {
        const count = resultCount(space, axes);
        emitFill(run, { buffer, count, dtype, value: identityOf(combine) }, this);
      }
      run.i32(0);
      pushSize(run, outer, this);
      run.call(index);
    };
  }

  #product({ node, summed, args, result, scratch }: ProductStep, body: Body): void {
    const { k, lead } = termsOf(node, args, summed);
    const stack = node.shape.slice(0, -2);
    const [m, n] = node.shape.slice(-2) as [Dim, Dim];
    const inner = (node.args[0] as Expr).shape.at(-1) as Dim;
    const matrices = (view: View, rows: Dim, columns: Dim): Matrices => {
      const wide = broadcastView(view, [...stack, rows, columns]);
      const { transposed, stride } = matrixOf(wide) as NonNullable<ReturnType<typeof matrixOf>>;
      const address = (): void => pushStart(body, wide, this);
      return { address, stride, transposed, lead: wide.strides.slice(0, lead.length) };
    };
    const target = wholeView(result, {
      shape: [...(summed ? [] : stack), m, n],
      dtype: node.dtype,
    });
    if (summed && lead.length > 0) {
      pushAddress(body, result, this);
      body.i32(0);
      pushSize(body, times(fixed(bytesOf(node.dtype)), countOf(target.shape)), this);
      body.memoryFill();
    }
    const context = {
      builder: this.builder,
      body,
      size:
        (size: Size): Push =>
        () =>
          pushSize(body, size, this),
      shared: (key: string, make: () => number) => this.#sharedFunction(key, make),
    };
    matmulStep(context, {
      type: node.dtype as ProductType,
      m: sizeOf(m),
      n: sizeOf(n),
      k,
      lead,
      a: matrices(args[0], m, inner),
      b: matrices(args[1], inner, n),
      c: matrices(target, m, n),
      accumulate: summed && lead.length > 0,
      scratch: () => pushAddress(body, scratch, this),
    });
  }

  #kernel({ node, kernel, args, results, scratch }: KernelStep, body: Body): void {
    const context: KernelContext = {
      builder: this.builder,
      body,
      input: (index) => () => pushStart(body, args[index] as View, this),
      output:
        (index = 0) =>
        () =>
          pushAddress(body, results[index] as number, this),
      size: (size) => () => pushSize(body, size, this),
      scratch: (index) => () => pushAddress(body, scratch[index] as number, this),
      math: (name, lane) => this.elements.math(name, lane),
      shared: (key, make) => this.#sharedFunction(key, make),
    };
    kernel.emit(node, context);
  }

  #sharedFunction(key: string, make: () => number): number {
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#shared.set(key, made);
    return made;
  }
}

/** Rounds of a loop's outermost axis, as `emitLoop` counts them. */
function outermost(step: LoopStep): Size {
  const { sizes } = axesOf(step);
  return sizes[0] ?? { factor: 1, names: [] };
}
