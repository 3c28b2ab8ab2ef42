import { type Attributes, type Expr, roundTo } from "@chainrule/core";
import { hostMath, hostMathModule, type MathLibrary, mathLibrary } from "../math/index.ts";
import { type Body, f32, f64, ModuleBuilder, pageSize } from "../wasm/index.ts";
import { instructions, libraryFunctions } from "./instructions.ts";
import type { NamedElements, ScalarProgram } from "./scalarProgram.ts";

/** Bytes of a double. */
const BYTES = 8;

/**
 * Operations of one function. V8 compiles bounded functions well and refuses very large ones (50,000
 * locals); between 2000 and 8000 the speed did not change.
 */
const FUNCTION_SIZE = 4000;

/** Where the elements of inputs and outputs lie in memory. */
export interface MemoryPlan {
  /** Byte offset of the first element, by position. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Offset of the new values of inputs, by position. */
  readonly updates: ReadonlyMap<number, number>;
  /** Slots for values that cross functions. */
  readonly slots: number;
  readonly bytes: number;
}

/** A scalar program as a module. */
export interface ScalarModule {
  readonly bytes: Uint8Array;
  readonly imports: Record<string, Record<string, unknown>>;
  readonly memory: MemoryPlan;
  readonly functions: number;
  /** Operations that are instructions, calls inside the module, and calls of the host. */
  readonly native: number;
  readonly library: number;
  readonly host: number;
}

/** How a node is computed, decided once for all nodes of its op and attributes. */
type Way = "input" | "literal" | "native" | "library" | "host";

/** The code of a scalar program: straight-line functions over one memory. */
export function emitScalar(program: ScalarProgram): ScalarModule {
  const { nodes } = program;
  const ways = nodes.map(wayOf);
  const index = new Map(nodes.map((node, i) => [node, i]));
  const builder = new ModuleBuilder();
  const kernels = new Kernels();
  const needs = new Set(
    nodes.flatMap((node, i) => {
      const name = ways[i] === "library" ? libraryFunctions.get(node.op) : undefined;
      return name === undefined ? [] : [name];
    }),
  );
  for (let i = 0; i < nodes.length; i++) {
    if (ways[i] === "host") kernels.add(nodes[i] as Expr, builder);
  }
  const library = mathLibrary(
    builder,
    [...needs].map((name) => ({ name, lane: "f64" as const })),
  );
  const computed: number[] = [];
  for (let i = 0; i < nodes.length; i++) {
    if (ways[i] !== "input" && ways[i] !== "literal") computed.push(i);
  }
  const plan = planMemory(program, nodes, index, computed);
  const writer = new Writer({ nodes, ways, index, plan, library, kernels });
  const names: number[] = [];
  for (let start = 0; start < computed.length; start += FUNCTION_SIZE) {
    const body = builder.function(`part${names.length}`, [], []);
    names.push(body.index);
    writer.write(body, computed.slice(start, start + FUNCTION_SIZE), start);
  }
  const run = builder.function("run", [], []);
  for (const name of names) run.call(name);
  // What outputs and updates hold directly: inputs, literals, and the same value twice.
  const copies = builder.function("copies", [], []);
  for (const [node, offset] of plan.direct) writer.copy(copies, node, offset);
  run.call(copies.index);
  for (const [place, offset] of plan.memory.updates) {
    const size = (program.inputs[place] as NamedElements).elements.items.length;
    run.i32(plan.memory.inputs[place] as number);
    run.i32(offset);
    run.i32(size * BYTES);
    run.memoryCopy();
  }
  builder.memory({ minimum: Math.max(1, Math.ceil(plan.memory.bytes / pageSize)) });
  builder.export("memory", "memory");
  builder.export("run", "function", run.index);
  return {
    bytes: builder.build(),
    imports: { [hostMathModule]: { ...hostMath }, kernels: kernels.functions },
    memory: plan.memory,
    functions: names.length + 2,
    native: ways.filter((way) => way === "native").length,
    library: ways.filter((way) => way === "library").length,
    host: ways.filter((way) => way === "host").length,
  };
}

function wayOf(node: Expr): Way {
  if (node.args.length === 0) {
    return typeof node.attributes["value"] === "number" ? "literal" : "input";
  }
  if (node.dtype === "i32") return "host";
  if (instructions.has(node.op)) return "native";
  return libraryFunctions.has(node.op) ? "library" : "host";
}

/** Kernels of the interpreter, imported where no code is written for an op. */
class Kernels {
  readonly functions: Record<string, unknown> = {};
  readonly #indices = new Map<string, number>();

  add(node: Expr, builder: ModuleBuilder): void {
    const name = kernelName(node);
    if (this.#indices.has(name)) return;
    const params = node.args.map(() => "f64" as const);
    this.functions[name] = kernelOf(node);
    this.#indices.set(name, builder.importFunction("kernels", name, params, ["f64"]));
  }

  index(node: Expr): number {
    return this.#indices.get(kernelName(node)) as number;
  }
}

function kernelName({ op, key, dtype, args }: Expr): string {
  return `${op.name} ${dtype} ${args.map((arg) => arg.dtype).join()} ${key}`;
}

/** An elementwise kernel with its attributes and rounding, or the op's own evaluation of scalars. */
function kernelOf(node: Expr): (...values: number[]) => number {
  const { op, dtype, attributes } = node;
  const rule = op.elementwise;
  if (rule === undefined) {
    const context = { sizes: new Map(), call: unsupported, needs: unsupported } as never;
    return (...values) => op.evaluate(values, node, context) as number;
  }
  const chosen = dtype === "i32" && rule.integer !== undefined ? rule.integer : rule.kernel;
  const kernel = chosen as unknown as (...all: (number | Attributes)[]) => number;
  return (...values) => roundTo(dtype, kernel(...values, attributes));
}

function unsupported(): never {
  throw new Error("compile: a scalar op must not ask for a sub-graph");
}

interface Plan {
  readonly memory: MemoryPlan;
  /** Address of every input element. */
  readonly addresses: ReadonlyMap<Expr, number>;
  /** Addresses a computed node is written to: its slot, or its place in an output. */
  readonly stores: ReadonlyMap<number, readonly number[]>;
  /** Outputs and updates that no computed node writes. */
  readonly direct: readonly (readonly [Expr, number])[];
  /** Last user of a node, in order of computation. */
  readonly last: Int32Array;
  /** Slot address of nodes that later functions read; 0 for none. */
  readonly slots: Float64Array;
}

function planMemory(
  program: ScalarProgram,
  nodes: readonly Expr[],
  index: ReadonlyMap<Expr, number>,
  computed: readonly number[],
): Plan {
  let top = 0;
  const reserve = (count: number): number => {
    const at = top;
    top += count * BYTES;
    return at;
  };
  const addresses = new Map<Expr, number>();
  const inputs = program.inputs.map(({ elements }) => {
    const at = reserve(elements.items.length);
    elements.items.forEach((item, i) => {
      addresses.set(item, at + i * BYTES);
    });
    return at;
  });
  const stores = new Map<number, number[]>();
  const direct: [Expr, number][] = [];
  const order = new Int32Array(nodes.length).fill(-1);
  computed.forEach((node, i) => {
    order[node] = i;
  });
  const place = (items: readonly Expr[]): number => {
    const at = reserve(items.length);
    items.forEach((item, i) => {
      const node = index.get(item) as number;
      const address = at + i * BYTES;
      if ((order[node] as number) < 0) direct.push([item, address]);
      else {
        const known = stores.get(node);
        if (known === undefined) stores.set(node, [address]);
        else known.push(address);
      }
    });
    return at;
  };
  const outputs = program.outputs.map(({ elements }) => place(elements.items));
  const updates = new Map<number, number>();
  for (const [input, { items }] of program.updates) updates.set(input, place(items));
  const last = new Int32Array(nodes.length).fill(-1);
  computed.forEach((node, i) => {
    for (const arg of (nodes[node] as Expr).args) last[index.get(arg) as number] = i;
  });
  const slots = new Float64Array(nodes.length);
  const partOf = (position: number): number => Math.floor(position / FUNCTION_SIZE);
  const free: number[] = [];
  const ending = new Map<number, number[]>();
  let count = 0;
  computed.forEach((node, i) => {
    if (i % FUNCTION_SIZE === 0) {
      // Slots are given back when the function of the last reader is over.
      for (const slot of ending.get(partOf(i) - 1) ?? []) free.push(slot);
    }
    const reader = last[node] as number;
    if (reader < 0 || partOf(reader) === partOf(i)) return;
    let slot = free.pop();
    if (slot === undefined) {
      slot = reserve(1);
      count++;
    }
    slots[node] = slot;
    const list = ending.get(partOf(reader));
    if (list === undefined) ending.set(partOf(reader), [slot]);
    else list.push(slot);
    const known = stores.get(node);
    if (known === undefined) stores.set(node, [slot]);
    else known.push(slot);
  });
  const memory = { inputs, outputs, updates, slots: count, bytes: top };
  return { memory, addresses, stores, direct, last, slots };
}

interface WriterParts {
  readonly nodes: readonly Expr[];
  readonly ways: readonly Way[];
  readonly index: ReadonlyMap<Expr, number>;
  readonly plan: Plan;
  readonly library: MathLibrary;
  readonly kernels: Kernels;
}

/** Writes functions; values live in locals while their function reads them. */
class Writer {
  readonly #parts: WriterParts;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  write(body: Body, computed: readonly number[], start: number): void {
    const { nodes, index, plan } = this.#parts;
    const locals = new Map<number, number>();
    computed.forEach((at, i) => {
      const node = nodes[at] as Expr;
      const push = (argument: number): void => {
        this.#push(body, node.args[argument] as Expr, locals);
      };
      this.#emit(body, node, at, push);
      if (node.dtype === "f32") {
        // The kernel in double precision, rounded once: as the interpreter does.
        body.op(f32.demote_f64);
        body.op(f64.promote_f32);
      }
      for (const arg of new Set(node.args)) {
        const read = index.get(arg) as number;
        const local = locals.get(read);
        if (local !== undefined && plan.last[read] === start + i) body.release(local);
      }
      const stored = plan.stores.get(at) ?? [];
      const reader = plan.last[at] as number;
      const here = reader >= 0 && reader > start + i;
      if (!here && stored.length === 0) {
        body.drop();
        return;
      }
      const local = body.local("f64");
      body.set(local);
      if (here) locals.set(at, local);
      for (const address of stored) {
        body.i32(0);
        body.get(local);
        body.memory(f64.store, address);
      }
      if (!here) body.release(local);
    });
  }

  /** Copies what is no computed value of this run to an output. */
  copy(body: Body, node: Expr, address: number): void {
    body.i32(0);
    this.#push(body, node, new Map());
    body.memory(f64.store, address);
  }

  #push(body: Body, arg: Expr, locals: ReadonlyMap<number, number>): void {
    const { index, ways, plan } = this.#parts;
    const at = index.get(arg) as number;
    const local = locals.get(at);
    if (local !== undefined) body.get(local);
    else if (ways[at] === "literal") body.f64(arg.attributes["value"] as number);
    else {
      body.i32(0);
      const address = ways[at] === "input" ? (plan.addresses.get(arg) as number) : plan.slots[at];
      body.memory(f64.load, address as number);
    }
  }

  #emit(body: Body, node: Expr, at: number, push: (argument: number) => void): void {
    const { ways, library, kernels } = this.#parts;
    const way = ways[at];
    const emit = way === "native" ? instructions.get(node.op) : undefined;
    if (emit !== undefined) {
      emit(body, push);
      return;
    }
    for (let i = 0; i < node.args.length; i++) push(i);
    const name = libraryFunctions.get(node.op);
    if (way === "library" && name !== undefined) body.call(library.index(name, "f64"));
    else body.call(kernels.index(node));
  }
}
