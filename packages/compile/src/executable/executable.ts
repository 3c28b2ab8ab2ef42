/// <reference lib="esnext.disposable" preserve="true" />
import { ArgumentError, type TypedArray, type Value } from "@chainrule/core";
import type { CompiledModule } from "./compiledModule.ts";
import type { Explained } from "./explain.ts";
import type { InputValues, Slots, Targets } from "./slots.ts";

/** A compiled program. */
export interface Executable {
  /**
   * Runs the program on values of its inputs; all are checked before it starts. An input that is given no value keeps
   * the one it has.
   * Throws BindingError, and leaves everything as it was, if values are missing, unknown, or do not fit.
   */
  (values?: InputValues): Record<string, Value>;
  /**
   * The same, results written into typed arrays of their element types; only named outputs are read. Allocates nothing
   * if values are typed arrays of their inputs' types, as long as those before (one element for a scalar; a number
   * costs a box of the engine's).
   */
  into(outputs: Targets, values?: InputValues): void;
  /** Runs on what the inputs hold, without allocation. Throws BindingError if one has had no value. */
  run(): void;
  /** Checks and writes values of inputs without running. */
  set(values: InputValues): void;
  /**
   * The present value of an input, state or output, as a copy; of an input if an output has its name too.
   * Throws BindingError for an output that no run has computed for the sizes there are.
   */
  get(name: string): Value;
  /**
   * The elements of an input, output or state in the program's memory, to write and to read; doubles where a program
   * is computed by scalars, whatever their type. Valid until memory grows or a named size changes: ask again then.
   */
  view(name: string): TypedArray;
  /** Schedule, operations and memory plan. */
  explain(): Explained;
  /** The module in WebAssembly's text format. Throws ArgumentError where the interpreter runs. */
  wat(): string;
  /** The module, to instantiate again or to save; undefined where the interpreter runs. */
  readonly module: CompiledModule | undefined;
  /**
   * Lets go of memory and ends threads; further calls throw ArgumentError. Without it both go when nobody holds the
   * executable.
   */
  dispose(): void;
  /** `dispose`, for `using`. */
  [Symbol.dispose](): void;
}

/** What makes an executable go. */
export interface Works {
  readonly slots: Slots;
  run(): void;
  explain(): Explained;
  wat(): string;
  /** Ends what would go on without it, such as threads. */
  stop?(): void;
}

/** An executable by its works. */
export function makeExecutable(works: Works, module: CompiledModule | undefined): Executable {
  let live: Works | undefined = works;
  const use = (): Works => {
    if (live === undefined) {
      throw new ArgumentError("run: an executable must not be used after dispose, got a call");
    }
    return live;
  };
  const execute = (values: InputValues = {}): Record<string, Value> => {
    const { slots, run } = use();
    slots.prepare(values);
    run();
    slots.computed();
    return slots.read();
  };
  const dispose = (): void => {
    live?.stop?.();
    live = undefined;
  };
  const none: InputValues = {};
  return Object.assign(execute, {
    into: (outputs: Targets, values: InputValues = none): void => {
      const { slots, run } = use();
      slots.prepare(values, outputs);
      run();
      slots.computed();
      slots.readInto(outputs);
    },
    run: (): void => {
      const { slots, run } = use();
      slots.checkReady();
      run();
      slots.computed();
    },
    set: (values: InputValues) => use().slots.set(values),
    get: (name: string) => use().slots.get(name),
    view: (name: string) => use().slots.open(name),
    explain: () => use().explain(),
    wat: () => use().wat(),
    module,
    dispose,
    // Older pages have no such symbol; there the property is of no use.
    [Symbol.dispose ?? "Symbol.dispose"]: dispose,
  }) as Executable;
}
