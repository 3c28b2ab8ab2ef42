import {
  ArgumentError,
  allocate,
  type Bindable,
  BindingError,
  bind,
  type Expr,
  isScalar,
  type Program,
  Tensor,
  type Value,
} from "@chainrule/core";
import { emitScalar, type ScalarModule } from "./scalar/emit.ts";
import {
  type CompileParts,
  type NamedElements,
  type ScalarOptions,
  type ScalarProgram,
  scalarProgram,
} from "./scalar/scalarProgram.ts";
import { type EngineMemory, engine, toWat } from "./wasm/index.ts";

/** Options of `compile`. */
export interface CompileOptions extends ScalarOptions {}

/** What a compiled program is made of. */
export interface Explanation {
  /** Operations that are instructions, calls inside the module, and calls of the host. */
  readonly native: number;
  readonly library: number;
  readonly host: number;
  readonly functions: number;
  /** Bytes of the module, and of its memory in use. */
  readonly moduleBytes: number;
  readonly memoryBytes: number;
  /** Values that cross functions, in places used again. */
  readonly slots: number;
}

/** A compiled program. */
export interface Executable {
  /** Runs the program on values of its inputs; all are checked before it starts. */
  (values?: Readonly<Record<string, Bindable>>): Record<string, Value>;
  /** Runs on the numbers that the views of the inputs hold, without allocation. */
  run(): void;
  /** The elements of an input, output or state in the program's memory: to write and to read. */
  view(name: string): Float64Array;
  explain(): Explanation & { readonly text: string };
  /** The module in WebAssembly's text format. */
  wat(): string;
}

/**
 * Compiles a program into one WebAssembly module, run by one call.
 *
 * Tensors are taken apart into scalars (`scalarize`), so this is for scalar graphs and small tensors:
 * the operations run straight through, without loops. State (`updates`) stays in the module's memory:
 * an input that is given no value keeps the one it has.
 * Throws ArgumentError if the program has an op without scalar form, or the host has no WebAssembly.
 */
export function compile(target: CompileParts | Program, options: CompileOptions = {}): Executable {
  const host = engine();
  if (host === undefined) {
    throw new ArgumentError("compile: the host must have WebAssembly, got none; use evaluate");
  }
  const program = scalarProgram(target, options);
  const module = emitScalar(program);
  const instance = new host.Instance(new host.Module(module.bytes), module.imports);
  const { buffer } = instance.exports["memory"] as EngineMemory;
  const start = instance.exports["run"] as () => void;
  const slots = new Slots(program, module, buffer as ArrayBuffer);
  const execute = (values: Readonly<Record<string, Bindable>> = {}): Record<string, Value> => {
    slots.write(values);
    start();
    return slots.read();
  };
  return Object.assign(execute, {
    run: start,
    view: (name: string) => slots.view(name),
    explain: () => explain(module),
    wat: () => toWat(module.bytes),
  });
}

/** Inputs and outputs in the module's memory. */
class Slots {
  readonly #inputs = new Map<string, { input: NamedElements; view: Float64Array }>();
  readonly #outputs: readonly { output: NamedElements; view: Float64Array }[];
  readonly #set = new Set<string>();

  constructor({ inputs, outputs }: ScalarProgram, { memory }: ScalarModule, buffer: ArrayBuffer) {
    const view = ({ elements }: NamedElements, offset: number): Float64Array =>
      new Float64Array(buffer, offset, elements.items.length);
    inputs.forEach((input, i) => {
      this.#inputs.set(input.name, { input, view: view(input, memory.inputs[i] as number) });
    });
    this.#outputs = outputs.map((output, i) => ({
      output,
      view: view(output, memory.outputs[i] as number),
    }));
  }

  /** Checks all values, then writes them: a bad one leaves everything as it was. */
  write(values: Readonly<Record<string, Bindable>>): void {
    const checked = Object.entries(values).map(([name, value]) => {
      const slot = this.#inputs.get(name);
      if (slot === undefined) {
        const known = [...this.#inputs.keys()].slice(0, 10).join(", ") || "there is none";
        throw new BindingError(`run: values must belong to an input (${known}), got "${name}"`);
      }
      const { node, elements } = slot.input;
      const plain = typeof value === "number" && node.dtype === "f64" && isScalar(node);
      return { slot, value: plain ? value : checkedValue(node, elements.shape, value) };
    });
    const given = new Set(checked.map(({ slot }) => slot.input.name));
    const missing = [...this.#inputs.keys()].filter(
      (name) => !given.has(name) && !this.#set.has(name),
    );
    if (missing.length > 0) {
      throw new BindingError(
        `run: every input must have a value, got none for ${missing.slice(0, 10).join(", ")}`,
      );
    }
    for (const { slot, value } of checked) {
      if (typeof value === "number") slot.view[0] = value;
      else slot.view.set(value.data);
      this.#set.add(slot.input.name);
    }
  }

  read(): Record<string, Value> {
    const out: Record<string, Value> = {};
    for (const { output, view } of this.#outputs) {
      const { node, elements, name } = output;
      if (elements.shape.length === 0) out[name] = view[0] as number;
      else {
        const data = allocate(node.dtype, view.length);
        data.set(view);
        out[name] = new Tensor(elements.shape, data, node.dtype);
      }
    }
    return out;
  }

  view(name: string): Float64Array {
    const output = this.#outputs.find((one) => one.output.name === name);
    const slot = this.#inputs.get(name) ?? output;
    if (slot === undefined) {
      throw new ArgumentError(`view: the name must be an input or output, got "${name}"`);
    }
    this.#set.add(name);
    return slot.view;
  }
}

/** A value of the right shape and element type; named sizes are those the program was compiled for. */
function checkedValue(node: Expr, shape: readonly number[], value: Bindable): Value {
  const sizes: Record<string, number> = {};
  node.shape.forEach((dim, axis) => {
    if (typeof dim === "string") sizes[dim] = shape[axis] as number;
  });
  return bind("run", [node], new Map([[node, value]]), { sizes }).values.get(node) as Value;
}

function explain(module: ScalarModule): Explanation & { readonly text: string } {
  const { native, library, host, functions, bytes, memory } = module;
  const facts: Explanation = {
    native,
    library,
    host,
    functions,
    moduleBytes: bytes.length,
    memoryBytes: memory.bytes,
    slots: memory.slots,
  };
  const text = [
    `${native + library + host} operations: ${native} instructions, ${library} calls of the module's mathematics, ${host} calls of the host`,
    `${functions} functions in ${bytes.length} bytes; ${memory.bytes} bytes of memory, ${memory.slots} slots for values between functions`,
  ].join("\n");
  return { ...facts, text };
}
