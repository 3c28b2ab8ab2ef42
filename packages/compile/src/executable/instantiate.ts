import { ArgumentError } from "@chainrule/core";
import { faultError } from "../kernels/ops/index.ts";
import { mostPages, threadModule } from "../tensor/writeModule.ts";
import { ThreadPool } from "../threads/threadPool.ts";
import {
  type Engine,
  type EngineInstance,
  type EngineMemory,
  type EngineModule,
  pageSize,
  toWat,
} from "../wasm/index.ts";
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
  finish(instance: EngineInstance, compiled: EngineModule, sizes: Sizes): Executable;
}

/**
 * A module with memory of its own, ready to run. `sizes` are lengths of named sizes that no input fixes.
 *
 * Throws ArgumentError if the host has no WebAssembly with SIMD, or takes so large a module only by
 * `compileAsync`; EvaluationError if memory does not suffice.
 */
export function instantiate(module: CompiledModule, sizes: Sizes = {}): Executable {
  const host = engineFor(module);
  const { imports, finish } = connection(module, host);
  let compiled: EngineModule;
  let instance: EngineInstance;
  try {
    compiled = new host.Module(module.bytes);
    instance = new host.Instance(compiled, imports);
  } catch (error) {
    throw reasonOf(module, error);
  }
  return finish(instance, compiled, sizes);
}

/** The same without keeping the thread busy: the host compiles aside. */
export async function instantiateAsync(
  module: CompiledModule,
  sizes: Sizes = {},
): Promise<Executable> {
  const host = engineFor(module);
  const { imports, finish } = connection(module, host);
  let compiled: EngineModule;
  let instance: EngineInstance;
  try {
    compiled = await host.compile(module.bytes);
    instance = await host.instantiate(compiled, imports);
  } catch (error) {
    throw reasonOf(module, error);
  }
  return finish(instance, compiled, sizes);
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

/** Threads end when nobody holds their executable any more. */
const pools: FinalizationRegistry<ThreadPool> = new FinalizationRegistry((pool) => pool.stop());

function connection(module: CompiledModule, host: Engine): Connection {
  let arena: Arena | undefined;
  let pool: ThreadPool | undefined;
  const memory = module.threads > 1 ? sharedMemory(module, host) : undefined;
  const threads = { memory, run: (step: number) => pool?.run(step) };
  return {
    imports: {
      ...hostImports(module, () => arena as Arena),
      ...(memory === undefined ? {} : { [threadModule]: threads }),
    },
    finish(instance, compiled, sizes) {
      if (memory !== undefined) {
        const { exports } = instance;
        pool = new ThreadPool({ module: compiled, memory, exports, threads: module.threads });
      }
      const store = new Arena(module, instance);
      arena = store;
      const works = {
        slots: new Slots(module.layout, store, sizes),
        run: runOf(instance),
        explain: () => explainModule(module, store, store.placement),
        wat: () => toWat(module.bytes),
        stop: () => pool?.stop(),
      };
      const executable = makeExecutable(works, module);
      if (pool !== undefined) pools.register(executable, pool);
      return executable;
    },
  };
}

/** Memory that threads share. It may grow to all that addresses reach. */
function sharedMemory({ layout, placement }: CompiledModule, host: Engine): EngineMemory {
  const bytes = placement?.bytes ?? pageSize;
  try {
    const initial = Math.ceil(bytes / pageSize);
    return new host.Memory({ initial, maximum: mostPages, shared: true });
  } catch {
    throw outOfMemory(layout, bytes, new Map());
  }
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
