import { type Expr, type Tensor, topological } from "@chainrule/core";
import { normalize } from "@chainrule/core/rewrite";
import type { CompiledModule } from "../executable/compiledModule.ts";
import { kernels } from "../kernels/ops/index.ts";
import type { Layout, Slot } from "../plan/layout.ts";
import { placeBuffers } from "../plan/placeBuffers.ts";
import { describeSteps } from "./describeSteps.ts";
import { lives } from "./lives.ts";
import { lower } from "./lowering.ts";
import { mergeLoops } from "./mergeLoops.ts";
import { isPrimitive } from "./primitives.ts";
import { groupRows } from "./rowGroups.ts";
import { Scheduler } from "./schedule.ts";
import { sizeNeeds } from "./sizeNeeds.ts";
import { allSteps, type Step } from "./step.ts";
import { scheduleUpdates } from "./updates.ts";
import { wholeView } from "./view.ts";
import { writeModule } from "./writeModule.ts";

/** A program of tensors: named inputs and outputs, and what replaces inputs after a run. */
export interface TensorParts {
  readonly inputs: Readonly<Record<string, Expr>>;
  readonly outputs: Readonly<Record<string, Expr>>;
  readonly updates: ReadonlyMap<Expr, Expr>;
}

/** How a program is compiled; other settings are for tests, which hold that no bit depends on them. */
export interface TensorOptions {
  /** Whether loops take in more than one node; true by default. */
  readonly fuse?: boolean;
  /** Whether memory of values that are over is used again; true by default. */
  readonly reuse?: boolean;
  /** Threads that share the work; 1 by default. */
  readonly threads?: number;
  /** Bytes that loops over the same rows touch before the next one runs. */
  readonly near?: number;
}

/** They stay in a cache: more than the nearest holds cost no time, less cost calls. */
const NEAR = 32_768;

/** The steps of a program and the memory they need. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly layout: Layout;
  readonly constants: ReadonlyMap<Tensor, number>;
  /** Number of windows. */
  readonly windows: number;
  readonly threads: number;
}

/** A program as steps over buffers. */
export function planTensors(parts: TensorParts, options: TensorOptions = {}): Plan {
  const { fuse = true, reuse = true, threads = 1, near = NEAR } = options;
  const outputs = Object.values(parts.outputs);
  const next = [...parts.updates.values()];
  const settings = {
    fuse,
    threads,
    kernelOf: kernelFor,
    lower: (exprs: readonly Expr[]) =>
      lower(normalize([...exprs]), (node) => isPrimitive(node, kernels)),
  };
  const roots = settings.lower([...outputs, ...next]);
  const scheduler = new Scheduler(roots, settings);
  const { buffers } = scheduler;
  const inputs = Object.entries(parts.inputs);
  const places = new Map<Expr, number>();
  for (const [, node] of inputs) {
    if (places.has(node)) continue;
    const buffer = buffers.lasting(node);
    places.set(node, buffer);
    scheduler.bind(node, wholeView(buffer, node));
  }
  for (const node of topological(roots).nodes) scheduler.add(node);
  const results = outputs.map((_, i) => {
    const node = roots[i] as Expr;
    const own = scheduler.ownBuffer(node);
    if (own !== undefined) {
      buffers.keep(own);
      return own;
    }
    const buffer = buffers.lasting(node);
    scheduler.storeIn(node, wholeView(buffer, node));
    return buffer;
  });
  const states = [...parts.updates.keys()].map((state, i) => ({
    buffer: places.get(state) as number,
    next: roots[outputs.length + i] as Expr,
  }));
  scheduleUpdates(scheduler, states);
  if (fuse) {
    mergeLoops(scheduler.steps, (buffer) => !buffers.isLasting(buffer));
    groupRows(scheduler.steps, { buffers, threads, near });
  }
  const slot = (name: string, { dtype, shape }: Expr, buffer: number): Slot => ({
    name,
    dtype,
    shape,
    storage: dtype,
    buffer,
  });
  const layout: Layout = {
    sizes: namedSizes(scheduler.steps, [...inputs.map(([, node]) => node), ...outputs]),
    buffers: lives(scheduler.steps, buffers),
    inputs: inputs.map(([name, node]) => slot(name, node, places.get(node) as number)),
    outputs: Object.entries(parts.outputs).map(([name, node], i) =>
      slot(name, node, results[i] as number),
    ),
    state: inputs.flatMap(([, node], i) => (parts.updates.has(node) ? [i] : [])),
    reuse,
  };
  return {
    steps: scheduler.steps,
    layout,
    constants: buffers.constants,
    windows: buffers.windows,
    threads,
  };
}

function kernelFor(node: Expr): ReturnType<typeof kernels.get> {
  const kernel = kernels.get(node.op);
  return kernel?.takes?.(node) === false ? undefined : kernel;
}

/** Named sizes in the order they are met. */
function namedSizes(steps: readonly Step[], nodes: readonly Expr[]): string[] {
  const names = new Set<string>();
  const take = (shape: Expr["shape"]): void => {
    for (const dim of shape) if (typeof dim === "string") names.add(dim);
  };
  for (const node of nodes) take(node.shape);
  for (const step of allSteps(steps)) {
    if (step.kind === "loop") {
      take(step.space);
      for (const { source } of step.reads) if (source.kind === "dimension") names.add(source.name);
    } else if ("node" in step) {
      take(step.node.shape);
      for (const arg of step.node.args) take(arg.shape);
    }
  }
  return [...names];
}

/** Compiles a program of tensors. */
export function tensorModule(parts: TensorParts, options: TensorOptions = {}): CompiledModule {
  const plan = planTensors(parts, options);
  const { steps, layout, constants } = plan;
  const placement = layout.sizes.length === 0 ? placeBuffers(layout, new Map()) : undefined;
  const { bytes, hostKernels, ways, functions } = writeModule(plan, placement);
  const all = allSteps(steps);
  const hosts = all.filter((step) => step.kind === "host");
  return {
    bytes,
    layout,
    placement,
    constants,
    kernels: hostKernels,
    hosts: hosts.map(({ node, args }) => ({
      node,
      args: args.map(({ shape, dtype }) => ({ shape, dtype })),
      results: node.op.items?.(node.args, node.attributes) ?? [node],
    })),
    threads: plan.threads,
    needs: sizeNeeds([...Object.values(parts.outputs), ...parts.updates.values()]),
    explanation: {
      steps: describeSteps(steps),
      native: ways.native,
      library: ways.library,
      host: ways.host + hosts.length,
      functions,
      moduleBytes: bytes.length,
      memoryBytes: placement?.bytes ?? 0,
      slots: layout.buffers.length - layout.inputs.length - layout.outputs.length,
    },
  };
}
