import type { Expr } from "@chainrule/core";
import type { Push } from "../kernels/integers.ts";
import type { MathFunction, MathLane } from "../math/index.ts";
import type { Size } from "../plan/size.ts";
import type { Body, ModuleBuilder } from "../wasm/index.ts";

/** What a kernel writes its code with. Elements are stored as their types: 8 bytes, 4, 4, and 1 for truth values. */
export interface KernelContext {
  readonly builder: ModuleBuilder;
  /** The function of this step: no parameters, no results. Kernels may add further functions to the builder. */
  readonly body: Body;
  /** Pushes the address of argument `index`, whose elements lie row-major. */
  input(index: number): Push;
  /** Pushes the address of a result (the first by default), whose elements are to lie row-major. It overlaps no argument. */
  output(index?: number): Push;
  /** Pushes a length as i32. */
  size(size: Size): Push;
  /** Pushes the address of scratch memory `index` that the kernel asked for, a multiple of 16. */
  scratch(index: number): Push;
  /** Index of a function of the mathematics library that the kernel asked for. */
  math(name: MathFunction, lane: MathLane): number;
  /** A function made once a module: the same key gives the index that `make` gave first. */
  shared(key: string, make: () => number): number;
}

/** Code of an op that is no plain loop over elements: products, convolutions, sorting out by index. */
export interface Kernel {
  /** Whether the kernel takes this node; by default all. Others are computed by the interpreter. */
  readonly takes?: (node: Expr) => boolean;
  /** Bytes of scratch memory, one entry a stretch. */
  readonly scratch?: (node: Expr) => readonly Size[];
  /** Functions of the mathematics library it calls. */
  readonly math?: (
    node: Expr,
  ) => readonly { readonly name: MathFunction; readonly lane: MathLane }[];
  readonly emit: (node: Expr, context: KernelContext) => void;
  /** Arithmetic operations, for `explain`. */
  readonly operations?: (node: Expr) => Size;
}
