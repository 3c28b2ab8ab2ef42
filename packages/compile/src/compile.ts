import { ArgumentError, type Program } from "@chainrule/core";
import type { CompiledModule } from "./executable/compiledModule.ts";
import type { Executable } from "./executable/executable.ts";
import { instantiate } from "./executable/instantiate.ts";
import { type CheckedParts, type CompileParts, checkParts } from "./parts.ts";
import { scalarModule } from "./scalar/scalarModule.ts";
import { scalarProgram } from "./scalar/scalarProgram.ts";
import { tensorModule } from "./tensor/tensorModule.ts";

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
}

/**
 * Compiles a program into one WebAssembly module, run by one call.
 *
 * Named sizes stay open: one module serves every batch. State (`updates`) stays in the module's memory: an input that
 * is given no value keeps the one it has.
 * Throws ArgumentError if an output needs an input that is not named, or the host has no WebAssembly.
 */
export function compile(target: CompileParts | Program, options: CompileOptions = {}): Executable {
  return instantiate(compiledModule(target, options), options.sizes ?? {});
}

/** A program as a module that has not been instantiated. */
export function compiledModule(
  target: CompileParts | Program,
  options: CompileOptions = {},
): CompiledModule {
  const parts = checkParts(target);
  const as = options.as ?? (parts.elements <= FEW_ELEMENTS ? undefined : "tensors");
  if (as === "tensors") return tensorModule(parts, options);
  if (as === "scalars") return scalarModule(scalarProgram(parts, options));
  return tinyModule(parts, options) ?? tensorModule(parts, options);
}

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
