import { ArgumentError, type Program } from "@chainrule/core";
import { type CompileOptions, compiledModule } from "./compile.ts";
import type { CompiledModule } from "./executable/compiledModule.ts";
import type { Executable } from "./executable/executable.ts";
import type { InputValues } from "./executable/slots.ts";
import type { CompileParts } from "./parts.ts";
import { type SavedModule, saveModule } from "./saved/saveModule.ts";

/** Options of `exportModule`; those of `compile` hold where a program is given. */
export interface ExportOptions extends Omit<CompileOptions, "engine" | "onFallback" | "threads"> {
  /** Of the files, without ending; `model` by default. */
  readonly name?: string;
  /** Values that inputs of fixed shape begin with when the module is loaded, such as trained parameters. */
  readonly values?: InputValues;
}

/**
 * A program as files that run with no compiler present: a `.wasm` module, a loader in JavaScript, and its types.
 *
 * Throws ArgumentError if ops need the interpreter, with all their names, or an executable has several threads.
 */
export function exportModule(
  target: CompileParts | Program | Executable,
  options: ExportOptions = {},
): SavedModule {
  const { name = "model", values = {} } = options;
  return saveModule(moduleOf(target, options), name, values);
}

function moduleOf(
  target: CompileParts | Program | Executable,
  options: ExportOptions,
): CompiledModule {
  if (typeof target !== "function") return compiledModule(target, options);
  if (target.module !== undefined) return target.module;
  throw new ArgumentError(
    "exportModule: a program must be compiled, got one that the interpreter runs",
  );
}
