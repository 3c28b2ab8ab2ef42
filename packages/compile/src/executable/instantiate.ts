import { ArgumentError } from "@chainrule/core";
import { faultError } from "../kernels/ops/index.ts";
import { type Engine, type EngineInstance, toWat } from "../wasm/index.ts";
import { Arena } from "./arena.ts";
import type { CompiledModule } from "./compiledModule.ts";
import { usableEngine } from "./engineSupport.ts";
import { type Executable, makeExecutable } from "./executable.ts";
import { explainModule } from "./explain.ts";
import { hostImports } from "./hostImports.ts";
import { MOST_BYTES, outOfMemory } from "./outOfMemory.ts";
import { Slots } from "./slots.ts";

/** Lengths of named sizes that no input fixes. */
type Sizes = Readonly<Record<string, number>>;

/** Makes an instance that is one step away from being an executable: what it imports needs its memory. */
interface Connection {
  readonly imports: ReturnType<typeof hostImports>;
  finish(instance: EngineInstance, sizes: Sizes): Executable;
}

/**
 * A module with memory of its own, ready to run. `sizes` are lengths of named sizes that no input fixes.
 *
 * Throws ArgumentError if the host has no WebAssembly with SIMD, or takes so large a module only by
 * `compileAsync`; EvaluationError if memory does not suffice.
 */
export function instantiate(module: CompiledModule, sizes: Sizes = {}): Executable {
  const host = engineFor(module);
  const { imports, finish } = connection(module);
  let instance: EngineInstance;
  try {
    instance = new host.Instance(new host.Module(module.bytes), imports);
  } catch (error) {
    throw reasonOf(module, error);
  }
  return finish(instance, sizes);
}

/** The same without keeping the thread busy: the host compiles aside. */
export async function instantiateAsync(
  module: CompiledModule,
  sizes: Sizes = {},
): Promise<Executable> {
  const host = engineFor(module);
  const { imports, finish } = connection(module);
  let instance: EngineInstance;
  try {
    instance = await host.instantiate(await host.compile(module.bytes), imports);
  } catch (error) {
    throw reasonOf(module, error);
  }
  return finish(instance, sizes);
}

/** Throws what is known to be wrong before the host has read a byte. */
function engineFor({ layout, placement }: CompiledModule): Engine {
  const host = usableEngine();
  if (typeof host === "string") {
    throw new ArgumentError(`compile: the host must have WebAssembly with SIMD, got: ${host}`);
  }
  const bytes = placement?.bytes ?? 0;
  if (bytes > MOST_BYTES) throw outOfMemory(layout, bytes, new Map());
  return host;
}

function connection(module: CompiledModule): Connection {
  let arena: Arena | undefined;
  return {
    imports: hostImports(module, () => arena as Arena),
    finish(instance, sizes) {
      const store = new Arena(module, instance);
      arena = store;
      const works = {
        slots: new Slots(module.layout, store, sizes),
        run: runOf(instance),
        explain: () => explainModule(module, store, store.placement),
        wat: () => toWat(module.bytes),
      };
      return makeExecutable(works, module);
    },
  };
}

/** Why a host does not take a module, in the words of this library where they are known. */
function reasonOf({ bytes, layout, placement }: CompiledModule, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { message } = error;
  if (/main thread/.test(message)) {
    return new ArgumentError(
      `compile: this thread takes only small modules at once, use compileAsync; got ${bytes.length} bytes (${message})`,
    );
  }
  // V8: "could not allocate memory", JavaScriptCore: "Out of memory", SpiderMonkey: "out of memory".
  const isMemory = error instanceof RangeError && /memory/i.test(message);
  if (isMemory && placement !== undefined) return outOfMemory(layout, placement.bytes, new Map());
  return error;
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
