import type { Expr, Tensor, Type } from "@chainrule/core";
import type { HostKernel } from "../elementwise/index.ts";
import type { Layout } from "../plan/layout.ts";
import type { Placement } from "../plan/placeBuffers.ts";
import type { Size } from "../plan/size.ts";

/** A node that the interpreter computes, on tensors in the module's memory. */
export interface HostNode {
  readonly node: Expr;
  readonly args: readonly Type[];
  readonly results: readonly Type[];
}

/** A length that a named size must have at least, and what needs it. */
export interface SizeNeed {
  readonly name: string;
  readonly least: number;
  readonly op: string;
}

/** One of the things that a program does one after another. */
export interface PlannedStep {
  /** What is done, in words. */
  readonly text: string;
  /** How many loops and choices it lies in. */
  readonly depth: number;
  /** Arithmetic operations of one round; undefined where a kernel does not tell. */
  readonly operations: Size | undefined;
  /** Bytes of what one round reads and writes, as terms of a sum; each element counts once. */
  readonly bytes: readonly Size[];
}

/** What a compiled program is made of. */
export interface Explanation {
  readonly steps: readonly PlannedStep[];
  /** Operations on numbers, by where they are done: instructions, calls in the module, calls of the host. */
  readonly native: number;
  readonly library: number;
  readonly host: number;
  readonly functions: number;
  /** Bytes of the module, and of its memory in use; the latter depends on named sizes, and is 0 before they are known. */
  readonly moduleBytes: number;
  readonly memoryBytes: number;
  /** Places for values that cross functions. */
  readonly slots: number;
}

/** A module with all that is needed to run it. */
export interface CompiledModule {
  readonly bytes: Uint8Array;
  readonly layout: Layout;
  /** Where the buffers lie, if no named size decides it. */
  readonly placement: Placement | undefined;
  /** Contents of buffers that the module itself does not hold. */
  readonly constants: ReadonlyMap<Tensor, number>;
  /** Imported as `kernels.<name>`. */
  readonly kernels: readonly HostKernel[];
  /** Imported as `steps.<position>`; each is given the addresses of its arguments, then of its results. */
  readonly hosts: readonly HostNode[];
  readonly needs: readonly SizeNeed[];
  /** Threads that share the work. With more than 1, memory is shared and imported. */
  readonly threads: number;
  readonly explanation: Explanation;
}
