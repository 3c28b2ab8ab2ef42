import {
  type CompileOptions,
  type CompileParts,
  compile,
  type Executable,
} from "@chainrule/compile";
import type { Clock } from "./clock.ts";

/** Programs by key, the one used last at the end. */
const programs = new Map<string, Executable>();

/** Programs kept: an eval alternates between two functions of one size. */
const KEPT = 8;

/**
 * The compiled program of a key, built when it is first asked for; the interpreter's where the compiler refuses it.
 *
 * Times: `trace` for graph and derivatives, `compile` (or `interpret`) for the module.
 */
export function executable(
  key: string,
  clock: Clock,
  build: () => CompileParts,
  options: CompileOptions = {},
): Executable {
  const known = programs.get(key);
  const program = known ?? compiled(clock.time("trace", build), clock, options);
  programs.delete(key);
  programs.set(key, program);
  for (const [old, unused] of programs) {
    if (programs.size <= KEPT) break;
    programs.delete(old);
    unused.dispose();
  }
  return program;
}

function compiled(parts: CompileParts, clock: Clock, options: CompileOptions): Executable {
  try {
    return clock.time("compile", () => compile(parts, options));
  } catch (error) {
    console.error(`gradbench: the interpreter runs, since ${error}`);
    return clock.time("interpret", () => compile(parts, { ...options, engine: "interpreter" }));
  }
}
