import { ArgumentError, Program, topological } from "@chainrule/core";
import type { CompiledModule } from "./executable/compiledModule.ts";
import type { Executable } from "./executable/executable.ts";
import { instantiate } from "./executable/instantiate.ts";
import { checkParts } from "./parts.ts";
import { scalarModule } from "./scalar/scalarModule.ts";
import { type CompileParts, partsOf, scalarProgram } from "./scalar/scalarProgram.ts";
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
  const parts = checkParts(target instanceof Program ? partsOf(target) : target);
  const as = options.as ?? (prefersScalars(parts) ? undefined : "tensors");
  if (as === "tensors") return tensorModule(parts, options);
  if (as === "scalars") return scalarModule(scalarProgram(parts, options));
  return tinyModule(parts, options) ?? tensorModule(parts, options);
}

/** Scalar operations up to which tensors are taken apart; beyond, loops are as fast and their code is short. */
const TINY = 3000;

/** Elements of all nodes up to which it is tried. */
const FEW_ELEMENTS = 2000;

/** Whether a program may be better computed as scalars: all are, or tensors have few elements of known shape. */
function prefersScalars(parts: ReturnType<typeof checkParts>): boolean {
  const roots = [...Object.values(parts.outputs), ...parts.updates.values()];
  let elements = 0;
  for (const { shape } of topological(roots).nodes) {
    let count = 1;
    for (const dim of shape) {
      if (typeof dim === "string") return false;
      count *= dim;
    }
    if (shape.length > 0) elements += count;
    if (elements > FEW_ELEMENTS) return false;
  }
  return true;
}

/** The scalar form where it exists and is small. */
function tinyModule(
  parts: ReturnType<typeof checkParts>,
  options: CompileOptions,
): CompiledModule | undefined {
  const roots = [...Object.values(parts.outputs), ...parts.updates.values()];
  const allScalars = topological(roots).nodes.every(
    ({ shape, op }) => shape.length === 0 && op.items === undefined,
  );
  try {
    const limits = allScalars ? options : { ...options, maxNodes: TINY };
    return scalarModule(scalarProgram(parts, limits));
  } catch (error) {
    if (allScalars || !(error instanceof ArgumentError)) throw error;
    return undefined;
  }
}
