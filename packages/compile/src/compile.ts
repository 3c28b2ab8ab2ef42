import { ArgumentError, describe, type Program } from "@chainrule/core";
import { type AsyncExecutable, asyncExecutable } from "./executable/asyncExecutable.ts";
import type { CompiledModule } from "./executable/compiledModule.ts";
import type { ProgramEngine } from "./executable/engine.ts";
import { engineExecutable } from "./executable/engineExecutable.ts";
import { usableEngine } from "./executable/engineSupport.ts";
import type { Executable } from "./executable/executable.ts";
import type { EngineName } from "./executable/explain.ts";
import { instantiate, instantiateAsync } from "./executable/instantiate.ts";
import { interpreted } from "./executable/interpreted.ts";
import { type CheckedParts, type CompileParts, checkParts } from "./parts.ts";
import { scalarModule } from "./scalar/scalarModule.ts";
import { scalarProgram } from "./scalar/scalarProgram.ts";
import { tensorModule } from "./tensor/tensorModule.ts";
import { hasThreads } from "./threads/threadPool.ts";

/** Options of `compile`. */
export interface CompileOptions {
  /** Lengths of named sizes that no input fixes. Scalar programs are compiled for them. */
  readonly sizes?: Readonly<Record<string, number>>;
  /**
   * Whether tensors are taken apart into scalars, computed straight through (for scalar graphs and tiny models), or
   * computed by loops over memory. By default whichever is faster, told by the number of elements.
   */
  readonly as?: "scalars" | "tensors";
  /** Whether loops take in more than one node; true by default. No bit of a result depends on it. */
  readonly fuse?: boolean;
  /** Whether memory of values that are over is used again; true by default. No bit of a result depends on it. */
  readonly reuse?: boolean;
  /**
   * Threads that share long loops, products and maps; 1 by default. No bit of a result depends on it. Where the host
   * has no threads with shared memory there is one.
   */
  readonly threads?: number;
  /** What runs the program: WebAssembly where the host has it, by default. */
  readonly engine?: EngineName;
  /** Told why the interpreter runs where WebAssembly was wanted; by default a warning is printed, once. */
  readonly onFallback?: (reason: string) => void;
}

/** Options of a program that an engine of another package runs. */
export interface EngineOptions extends Pick<CompileOptions, "sizes"> {
  readonly engine: ProgramEngine;
}

/**
 * Compiles a program into one WebAssembly module, run by one call.
 *
 * Named sizes stay open: one module serves every batch. State (`updates`) stays in the module's memory: an input that
 * is given no value keeps the one it has.
 * With an engine of another package calls return promises, as those of `compileAsync`.
 * Where the host has no WebAssembly with SIMD the interpreter runs, with the same answers, and says so once.
 * Throws ArgumentError if an output needs an input that is not named, or the module is so large that the thread
 * takes it only by `compileAsync`; EvaluationError if memory does not suffice.
 */
export function compile(target: CompileParts | Program, options: EngineOptions): AsyncExecutable;
export function compile(target: CompileParts | Program, options?: CompileOptions): Executable;
export function compile(
  target: CompileParts | Program,
  options: CompileOptions | EngineOptions = {},
): Executable | AsyncExecutable {
  if (hasEngine(options)) {
    const { executable, ready } = elsewhere(target, options);
    // It loads while the caller goes on; what fails is told by the first call.
    ready().catch(() => undefined);
    return executable;
  }
  if (isInterpreted(options)) return interpreted(checkParts(target), options.sizes);
  return instantiate(compiledModule(target, options), options.sizes);
}

/** As `compile`; the host compiles the module aside, whatever its size, and calls return promises. */
export async function compileAsync(
  target: CompileParts | Program,
  options: CompileOptions | EngineOptions = {},
): Promise<AsyncExecutable> {
  if (hasEngine(options)) {
    const { executable, ready } = elsewhere(target, options);
    await ready();
    return executable;
  }
  if (isInterpreted(options)) {
    return asyncExecutable(interpreted(checkParts(target), options.sizes));
  }
  return asyncExecutable(await instantiateAsync(compiledModule(target, options), options.sizes));
}

function hasEngine(options: CompileOptions | EngineOptions): options is EngineOptions {
  return typeof options.engine === "object" && options.engine !== null;
}

function elsewhere(
  target: CompileParts | Program,
  { engine, sizes }: EngineOptions,
): ReturnType<typeof engineExecutable> {
  if (typeof engine.name !== "string" || typeof engine.program !== "function") {
    throw new ArgumentError(
      `compile: an engine must have a name and a function program, got ${describe(engine)}`,
    );
  }
  return engineExecutable(engine, checkParts(target), sizes);
}

let hasWarned = false;

/** Whether the interpreter is to run: because it is asked for, or because nothing else can, which is told. */
function isInterpreted({ engine, onFallback = warnOnce }: CompileOptions): boolean {
  if (engine === "interpreter") return true;
  if (engine !== undefined && engine !== "webassembly") {
    throw new ArgumentError(
      `compile: engine must be "webassembly", "interpreter" or an engine of another package, got ${describe(engine)}`,
    );
  }
  const usable = usableEngine();
  if (typeof usable !== "string") return false;
  onFallback(`compile: ${usable}, so programs run by the interpreter, which is slower`);
  return true;
}

function warnOnce(reason: string): void {
  if (hasWarned) return;
  hasWarned = true;
  const host = globalThis as { readonly console?: { warn(text: string): void } };
  host.console?.warn(reason);
}

/** A program as a module that has not been instantiated. */
export function compiledModule(
  target: CompileParts | Program,
  options: CompileOptions = {},
): CompiledModule {
  const parts = checkParts(target);
  const { threads = 1 } = options;
  if (!Number.isSafeInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    throw new ArgumentError(
      `compile: threads must be a whole number from 1 to ${MOST_THREADS}, got ${describe(threads)}`,
    );
  }
  const as = options.as ?? (parts.elements <= FEW_ELEMENTS ? undefined : "tensors");
  const settings = { ...options, threads: hasThreads() ? threads : 1 };
  if (as === "tensors") return tensorModule(parts, settings);
  if (as === "scalars") return scalarModule(scalarProgram(parts, options));
  return tinyModule(parts, options) ?? tensorModule(parts, settings);
}

/** More threads than any machine that runs this has cores. */
const MOST_THREADS = 256;

/** Scalar operations up to which tensors are taken apart; beyond, loops are as fast and their code is short. */
const TINY = 3000;

/** Elements of all tensors, of known shapes, up to which it is tried. */
const FEW_ELEMENTS = 2000;

/** The scalar form where it exists and is small. */
function tinyModule(parts: CheckedParts, options: CompileOptions): CompiledModule | undefined {
  const limits = parts.areScalars ? options : { ...options, maxNodes: TINY };
  try {
    return scalarModule(scalarProgram(parts, limits));
  } catch (error) {
    if (parts.areScalars || !(error instanceof ArgumentError)) throw error;
    return undefined;
  }
}
