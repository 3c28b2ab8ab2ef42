import {
  ArgumentError,
  allocate,
  type Bindable,
  BindingError,
  bind,
  describe,
  type Expr,
  Tensor,
  type TypedArray,
  type Value,
  variable,
} from "@chainrule/core";
import type { Layout, Slot } from "../plan/layout.ts";
import { toWat } from "../wasm/index.ts";
import type { Arena } from "./arena.ts";
import type { CompiledModule, Explanation } from "./compiledModule.ts";

/** Values of inputs by name. */
export type InputValues = Readonly<Record<string, Bindable>>;

/** A compiled program. */
export interface Executable {
  /**
   * Runs the program on values of its inputs; all are checked before it starts. An input that is given no value keeps
   * the one it has.
   * Throws BindingError, and leaves everything as it was, if values are missing, unknown, or do not fit.
   */
  (values?: InputValues): Record<string, Value>;
  /** The same, results written into typed arrays of their element types; only named outputs are read. */
  into(outputs: Readonly<Record<string, TypedArray>>, values?: InputValues): void;
  /** Runs on what the inputs hold, without any check or allocation. */
  run(): void;
  /** Checks and writes values of inputs without running. */
  set(values: InputValues): void;
  /** The present value of an input, state or output, as a copy; of an input if an output has its name too. */
  get(name: string): Value;
  /**
   * The elements of an input, output or state in the program's memory, to write and to read. Valid until memory grows,
   * which happens only when named sizes do.
   */
  view(name: string): TypedArray;
  explain(): Explanation & { readonly text: string };
  /** The module in WebAssembly's text format. */
  wat(): string;
}

/** An executable over an instance's memory. */
export function makeExecutable(
  module: CompiledModule,
  arena: Arena,
  run: () => void,
  sizes: Readonly<Record<string, number>>,
): Executable {
  const slots = new Slots(module.layout, arena, sizes);
  const execute = (values: InputValues = {}): Record<string, Value> => {
    slots.set(values);
    slots.checkSet();
    run();
    return slots.read();
  };
  return Object.assign(execute, {
    into: (outputs: Readonly<Record<string, TypedArray>>, values: InputValues = {}): void => {
      slots.checkTargets(outputs, values);
      slots.set(values);
      slots.checkSet();
      run();
      for (const name in outputs) (outputs[name] as TypedArray).set(slots.result(name));
    },
    run,
    set: (values: InputValues) => slots.set(values),
    get: (name: string) => slots.get(name),
    view: (name: string) => slots.open(name),
    explain: () => explain(module, arena),
    wat: () => toWat(module.bytes),
  });
}

interface Place {
  readonly slot: Slot;
  readonly node: Expr | undefined;
  view: TypedArray | undefined;
}

/** The named tensors of a module. */
class Slots {
  readonly #arena: Arena;
  readonly #sizes: Readonly<Record<string, number>>;
  readonly #inputs = new Map<string, Place>();
  readonly #outputs = new Map<string, Place>();
  readonly #missing = new Set<string>();
  #buffer: ArrayBufferLike | undefined;

  constructor({ inputs, outputs }: Layout, arena: Arena, sizes: Readonly<Record<string, number>>) {
    this.#arena = arena;
    this.#sizes = sizes;
    for (const slot of inputs) {
      const node = variable(slot.name, slot.shape, slot.dtype) as Expr;
      this.#inputs.set(slot.name, { slot, node, view: undefined });
      this.#missing.add(slot.name);
    }
    for (const slot of outputs) {
      this.#outputs.set(slot.name, { slot, node: undefined, view: undefined });
    }
  }

  /** Checks all values, then writes them: a bad one leaves everything as it was. */
  set(values: InputValues): void {
    const given = new Map<Expr, Bindable>();
    for (const name in values) {
      const place = this.#inputs.get(name);
      if (place === undefined) {
        const known = [...this.#inputs.keys()].slice(0, 10).join(", ") || "there is none";
        throw new BindingError(`run: values must belong to an input (${known}), got "${name}"`);
      }
      given.set(place.node as Expr, attached(name, values[name] as Bindable));
    }
    const bound = bind("run", [...given.keys()], given, { sizes: this.#sizes });
    this.#resize(bound.sizes, given);
    for (const name in values) {
      const place = this.#inputs.get(name) as Place;
      const value = bound.values.get(place.node as Expr) as Value;
      const view = this.#open(place);
      if (typeof value === "number") view[0] = value;
      else view.set(value.data);
      this.#missing.delete(name);
    }
  }

  /** Throws BindingError if an input has had no value yet. */
  checkSet(): void {
    if (this.#missing.size === 0) return;
    const names = [...this.#missing].slice(0, 10).join(", ");
    throw new BindingError(`run: every input must have a value, got none for ${names}`);
  }

  /** Throws unless each target is an array for an output. */
  checkTargets(outputs: Readonly<Record<string, TypedArray>>, _values: InputValues): void {
    for (const name in outputs) {
      const place = this.#outputs.get(name);
      if (place === undefined) {
        const known = [...this.#outputs.keys()].slice(0, 10).join(", ");
        throw new ArgumentError(`into: targets must belong to an output (${known}), got "${name}"`);
      }
      const target: unknown = outputs[name];
      const wanted = allocate(place.slot.dtype, 0).constructor.name;
      if (!ArrayBuffer.isView(target) || target.constructor.name !== wanted) {
        throw new ArgumentError(`into: ${name} must be a ${wanted}, got ${describe(target)}`);
      }
    }
  }

  read(): Record<string, Value> {
    const out: Record<string, Value> = {};
    for (const [name, place] of this.#outputs) out[name] = this.#valueOf(place);
    return out;
  }

  get(name: string): Value {
    return this.#valueOf(this.#placeOf(name));
  }

  /** The view of a slot that a caller may write to, which counts as giving it a value. */
  open(name: string): TypedArray {
    const view = this.#open(this.#placeOf(name));
    this.#missing.delete(name);
    return view;
  }

  /** The view of an output. */
  result(name: string): TypedArray {
    return this.#open(this.#outputs.get(name) as Place);
  }

  #open(place: Place): TypedArray {
    if (!this.#arena.isPlaced) {
      const open = [...this.#openSizes()].join(", ");
      throw new BindingError(
        `view: named sizes must be fixed by values first, got none for ${open}`,
      );
    }
    if (this.#buffer !== this.#arena.buffer) {
      // Memory has grown, which detaches what looked at it.
      for (const one of [...this.#inputs.values(), ...this.#outputs.values()]) one.view = undefined;
      this.#buffer = this.#arena.buffer;
    }
    place.view ??= this.#arena.view(place.slot);
    return place.view;
  }

  #placeOf(name: string): Place {
    const place = this.#inputs.get(name) ?? this.#outputs.get(name);
    if (place === undefined) {
      throw new ArgumentError(`view: the name must be an input or output, got "${name}"`);
    }
    return place;
  }

  #valueOf(place: Place): Value {
    const { slot } = place;
    const view = this.#open(place);
    if (slot.shape.length === 0) return view[0] as number;
    const data = allocate(slot.dtype, view.length);
    data.set(view);
    const shape = slot.shape.map((dim) =>
      typeof dim === "number" ? dim : (this.#arena.sizes.get(dim) as number),
    );
    return new Tensor(shape, data, slot.dtype);
  }

  #openSizes(): Set<string> {
    const names = [...this.#inputs.values(), ...this.#outputs.values()].flatMap(({ slot }) =>
      slot.shape.filter((dim) => typeof dim === "string"),
    );
    return new Set(names.filter((name) => this.#sizes[name] === undefined));
  }

  /** New lengths of named sizes: inputs that depend on them must all be given anew. */
  #resize(sizes: ReadonlyMap<string, number>, given: ReadonlyMap<Expr, Bindable>): void {
    const arena = this.#arena;
    const changed = [...sizes].filter(([name, size]) => arena.sizes.get(name) !== size);
    if (changed.length === 0 && arena.isPlaced) return;
    const all = new Map([...arena.sizes, ...sizes]);
    const names = new Set(changed.map(([name]) => name));
    for (const { slot, node } of this.#inputs.values()) {
      const kept = slot.shape.some((dim) => typeof dim === "string" && names.has(dim));
      if (!kept || given.has(node as Expr) || this.#missing.has(slot.name)) continue;
      throw new BindingError(
        `run: ${slot.name} must be given again when a size of its shape [${slot.shape.join(", ")}] changes, got nothing`,
      );
    }
    if (!arena.isNamed(all)) return;
    arena.resize(all);
    for (const one of [...this.#inputs.values(), ...this.#outputs.values()]) one.view = undefined;
  }
}

/** Throws BindingError for an array whose memory has gone elsewhere. */
function attached(name: string, value: Bindable): Bindable {
  const data = value instanceof Tensor ? value.data : value;
  const buffer = ArrayBuffer.isView(data) ? (data.buffer as { detached?: boolean }) : undefined;
  const gone = buffer?.detached ?? (buffer !== undefined && isDetached(data as TypedArray));
  if (gone) {
    throw new BindingError(`run: ${name} must have its memory, got an array that was detached`);
  }
  return value;
}

/** A detached buffer has no bytes, and an array over it can no longer be sliced. */
function isDetached({ buffer, length }: TypedArray): boolean {
  if (length > 0 || buffer.byteLength > 0) return false;
  try {
    buffer.slice(0, 0);
    return false;
  } catch {
    return true;
  }
}

function explain(module: CompiledModule, arena: Arena): Explanation & { readonly text: string } {
  const facts: Explanation = { ...module.explanation, memoryBytes: arena.bytes };
  const { native, library, host, functions, moduleBytes, memoryBytes, slots, steps } = facts;
  const text = [
    ...steps,
    `${native + library + host} operations: ${native} instructions, ${library} calls of the module's mathematics, ${host} calls of the host`,
    `${functions} functions in ${moduleBytes} bytes; ${memoryBytes} bytes of memory, ${slots} slots for values between functions`,
  ].join("\n");
  return { ...facts, text };
}
