import type { Value } from "@chainrule/core";
import type { Executable } from "./executable.ts";
import type { Explained } from "./explain.ts";
import type { InputValues, Targets } from "./slots.ts";

/**
 * A program whose calls return promises: the interface of engines that take their time or run elsewhere.
 *
 * Calls are carried out in the order they were made; what would throw rejects.
 */
export interface AsyncExecutable {
  /** As `Executable`: runs on values of inputs. */
  (values?: InputValues): Promise<Record<string, Value>>;
  into(outputs: Targets, values?: InputValues): Promise<void>;
  run(): Promise<void>;
  set(values: InputValues): Promise<void>;
  get(name: string): Promise<Value>;
  explain(): Explained;
  dispose(): void;
}

/** An executable behind the interface of engines that take their time. */
export function asyncExecutable(executable: Executable): AsyncExecutable {
  const { into, run, set, get, explain, dispose } = executable;
  const execute = async (values?: InputValues): Promise<Record<string, Value>> =>
    executable(values);
  return Object.assign(execute, {
    into: async (outputs: Targets, values?: InputValues): Promise<void> => into(outputs, values),
    run: async (): Promise<void> => run(),
    set: async (values: InputValues): Promise<void> => set(values),
    get: async (name: string): Promise<Value> => get(name),
    explain,
    dispose,
  });
}
