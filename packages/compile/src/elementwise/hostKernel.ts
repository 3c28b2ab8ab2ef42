import { type Attributes, type Expr, type Op, roundTo } from "@chainrule/core";

/** A kernel of the interpreter, imported where no code is written for an op. */
export interface HostKernel {
  /** Tells kernels apart: op (also from others of its name), element types, attributes. */
  readonly name: string;
  readonly arity: number;
  /** The node's value, rounded to its element type, from those of its arguments. */
  readonly call: (...values: number[]) => number;
}

/** Name of the module under which host kernels are imported. */
export const hostKernelModule = "kernels";

const known = new WeakMap<
  Op,
  { readonly serial: number; readonly made: Map<string, HostKernel> }
>();
let serial = 0;

/** The interpreter's own kernel of a node, or its evaluation of scalars where it is not elementwise. */
export function hostKernel(node: Expr): HostKernel {
  const { op, key, dtype, args } = node;
  let own = known.get(op);
  if (own === undefined) {
    own = { serial: serial++, made: new Map() };
    known.set(op, own);
  }
  const types = `${dtype} ${args.map((arg) => arg.dtype).join()} ${key}`;
  let kernel = own.made.get(types);
  if (kernel === undefined) {
    const name = `${op.name} ${own.serial} ${types}`;
    kernel = { name, arity: args.length, call: kernelOf(node) };
    own.made.set(types, kernel);
  }
  return kernel;
}

function kernelOf(node: Expr): HostKernel["call"] {
  const { op, dtype, attributes } = node;
  const rule = op.elementwise;
  if (rule === undefined) {
    const context = { sizes: new Map(), call: unsupported, needs: unsupported } as never;
    return (...values) => op.evaluate(values, node, context) as number;
  }
  const chosen = dtype === "i32" && rule.integer !== undefined ? rule.integer : rule.kernel;
  const kernel = chosen as unknown as (...all: (number | Attributes)[]) => number;
  return (...values) => roundTo(dtype, kernel(...values, attributes));
}

function unsupported(): never {
  throw new Error("compile: a scalar op must not ask for a sub-graph");
}
