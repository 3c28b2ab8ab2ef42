import { ArgumentError } from "@chainrule/core";
import { faultError } from "../kernels/ops/index.ts";
import { type EngineInstance, engine } from "../wasm/index.ts";
import { Arena } from "./arena.ts";
import type { CompiledModule } from "./compiledModule.ts";
import { type Executable, makeExecutable } from "./executable.ts";
import { hostImports } from "./hostImports.ts";

/**
 * A module with memory of its own, ready to run. `sizes` are lengths of named sizes that no input fixes.
 *
 * Throws ArgumentError if the host has no WebAssembly.
 */
export function instantiate(
  module: CompiledModule,
  sizes: Readonly<Record<string, number>> = {},
): Executable {
  const host = engine();
  if (host === undefined) {
    throw new ArgumentError("compile: the host must have WebAssembly, got none; use evaluate");
  }
  const holder: { arena: Arena | undefined } = { arena: undefined };
  const imports = hostImports(module, () => holder.arena as Arena);
  const instance: EngineInstance = new host.Instance(new host.Module(module.bytes), imports);
  const arena = new Arena(module, instance);
  holder.arena = arena;
  return makeExecutable(module, arena, runOf(instance), sizes);
}

/** Runs the program; what a kernel refuses becomes the interpreter's error. */
function runOf({ exports }: EngineInstance): () => void {
  const run = exports["run"] as () => void;
  return () => {
    try {
      run();
    } catch (error) {
      throw faultError(exports) ?? error;
    }
  };
}
