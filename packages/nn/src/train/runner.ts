import { compile, type Executable } from "@chainrule/compile";
import {
  ArgumentError,
  allocate,
  type Bindable,
  type Expr,
  evaluate,
  Tensor,
  type TypedArray,
  type Value,
} from "@chainrule/core";

/** A program to be run again and again, which keeps its state. */
export interface RunnerParts {
  /** All inputs by name, state included. */
  readonly inputs: Readonly<Record<string, Expr>>;
  readonly outputs: Readonly<Record<string, Expr>>;
  readonly updates: ReadonlyMap<Expr, Expr>;
}

/** Runs a program: values in, values out; inputs that are given no value keep the one they have. */
export interface Runner {
  readonly engine: Engine;
  run(values: Readonly<Record<string, Bindable>>): Readonly<Record<string, Value>>;
  /** The memory of inputs, to write to before `rerun`; none before the first run, or if there is none. */
  views(names: readonly string[]): Readonly<Record<string, TypedArray>> | undefined;
  /** Runs on what the inputs hold. */
  rerun(): Readonly<Record<string, Value>>;
  /** A copy of the elements of an input of known shape, such as a state. */
  get(name: string): TypedArray;
  set(name: string, elements: TypedArray): void;
  /** What runs it; none for the interpreter. */
  readonly executable: Executable | undefined;
}

/** How programs are run: compiled to WebAssembly, or interpreted by core's reference semantics. */
export type Engine = "compiled" | "interpreted";

/** A runner of the engine asked for. */
export function runner(parts: RunnerParts, engine: Engine): Runner {
  if (engine === "compiled") return compiledRunner(parts);
  if (engine === "interpreted") return interpretedRunner(parts);
  throw new ArgumentError(
    `trainer: engine must be "compiled" or "interpreted", got ${JSON.stringify(engine)}`,
  );
}

function compiledRunner({ inputs, outputs, updates }: RunnerParts): Runner {
  const executable = compile({ inputs, outputs, updates });
  const results = Object.keys(outputs);
  // Memory is placed when the first batch tells the named sizes; what is set before waits here.
  let waiting: Record<string, TypedArray> | undefined = {};
  return {
    engine: "compiled",
    executable,
    run: (values) => {
      if (waiting === undefined) return executable(values);
      const all = { ...waiting, ...values };
      const first = executable(all);
      waiting = undefined;
      return first;
    },
    views: (names) => {
      if (waiting !== undefined) return undefined;
      return Object.fromEntries(names.map((name) => [name, executable.view(name)]));
    },
    rerun: () => {
      executable.run();
      const out: Record<string, Value> = {};
      for (const name of results) out[name] = executable.get(name);
      return out;
    },
    get: (name) => (waiting?.[name] ?? executable.view(name)).slice(),
    set: (name, elements) => {
      if (waiting === undefined) executable.set({ [name]: elements });
      else waiting[name] = elements.slice();
    },
  };
}

function interpretedRunner({ inputs, outputs, updates }: RunnerParts): Runner {
  const held = new Map<Expr, Bindable>();
  const names = Object.keys(outputs);
  const roots = [...Object.values(outputs), ...updates.values()];
  const nodeOf = (name: string): Expr => {
    const node = inputs[name];
    if (node === undefined) {
      throw new ArgumentError(`run: values must belong to an input, got "${name}"`);
    }
    return node;
  };
  const run: Runner["run"] = (values) => {
    const bindings = new Map(held);
    for (const [name, value] of Object.entries(values)) bindings.set(nodeOf(name), value);
    const results = evaluate(roots, bindings);
    for (const [name, value] of Object.entries(values)) held.set(nodeOf(name), value);
    for (const [i, state] of [...updates.keys()].entries()) {
      held.set(state, results[names.length + i] as Value);
    }
    return Object.fromEntries(names.map((name, i) => [name, results[i] as Value]));
  };
  return {
    engine: "interpreted",
    executable: undefined,
    run,
    views: () => undefined,
    rerun: () => run({}),
    get: (name) => elementsOf(nodeOf(name), held.get(nodeOf(name))),
    set: (name, elements) => {
      const node = nodeOf(name);
      const { shape } = node;
      const own = elements.slice() as TypedArray;
      held.set(node, shape.length === 0 ? (own[0] as number) : own);
    },
  };
}

function elementsOf({ dtype }: Expr, value: Bindable | undefined): TypedArray {
  if (value === undefined) throw new ArgumentError("run: a state must have a value, got none");
  const source = value instanceof Tensor ? value.data : value;
  const list = typeof source === "number" ? [source] : (source as TypedArray);
  const out = allocate(dtype, list.length);
  out.set(list as ArrayLike<number>);
  return out;
}
