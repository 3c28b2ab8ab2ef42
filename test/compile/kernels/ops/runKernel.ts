import { type Engine, engine, ModuleBuilder, validate } from "@chainrule/compile";
import {
  type Bindable,
  type DType,
  type Expr,
  evaluate,
  Tensor,
  type TypedArray,
  topological,
  type Value,
} from "@chainrule/core";
import { expect } from "vitest";
import { faultError, kernels } from "../../../../packages/compile/src/kernels/ops/index.ts";
import { hostMath, mathLibrary } from "../../../../packages/compile/src/math/index.ts";
import { elementBytes } from "../../../../packages/compile/src/plan/elementBytes.ts";
import { countOf, lengthOf } from "../../../../packages/compile/src/plan/size.ts";
import type { Kernel, KernelContext } from "../../../../packages/compile/src/tensor/kernel.ts";

type Sizes = ReadonlyMap<string, number>;

const views: Readonly<Record<DType, (memory: ArrayBuffer, at: number, n: number) => TypedArray>> = {
  f64: (memory, at, n) => new Float64Array(memory, at, n),
  f32: (memory, at, n) => new Float32Array(memory, at, n),
  i32: (memory, at, n) => new Int32Array(memory, at, n),
  bool: (memory, at, n) => new Uint8Array(memory, at, n),
};

/** Bytes around each stretch that nothing may write to. */
const GUARD = 64;

/** What stretches hold before anything is written: no number that could pass for a result. */
const FILLER = 0xa5;

/**
 * The values of a node by its kernel, in a module of its own: arguments, results and scratch memory
 * at fixed addresses, not aligned beyond their elements.
 */
export function runKernel(
  node: Expr,
  args: readonly Value[],
  sizes: Sizes = new Map(),
): { readonly values: readonly Value[]; readonly exports: Readonly<Record<string, unknown>> } {
  const kernel = kernels.get(node.op) as Kernel;
  if (kernel.takes?.(node) === false) throw new Error(`runKernel: ${node.op.name} is not taken`);
  const builder = new ModuleBuilder();
  const library = mathLibrary(builder, kernel.math?.(node) ?? []);
  const results = node.op.items?.(node.args, node.attributes) ?? [node];
  const stretches: { readonly at: number; readonly bytes: number }[] = [];
  let end = GUARD;
  const place = (bytes: number, align: number): number => {
    const at = Math.ceil(end / 16) * 16 + (align % 16);
    stretches.push({ at, bytes });
    end = at + bytes + GUARD;
    return at;
  };
  const bytesOf = ({ shape, dtype }: { shape: Expr["shape"]; dtype: DType }): number =>
    lengthOf(countOf(shape), sizes) * elementBytes[dtype];
  const inputs = node.args.map((arg) => place(bytesOf(arg), elementBytes[arg.dtype]));
  const outputs = results.map((result) => place(bytesOf(result), elementBytes[result.dtype]));
  const scratch = (kernel.scratch?.(node) ?? []).map((size) => place(lengthOf(size, sizes), 16));
  builder.memory({ minimum: Math.ceil(end / 65536) + 1 });
  builder.export("memory", "memory");
  const shared = new Map<string, number>();
  const body = builder.function("run", [], []);
  const push = (value: number) => () => body.i32(value);
  const context: KernelContext = {
    builder,
    body,
    input: (index) => push(inputs[index] as number),
    output: (index = 0) => push(outputs[index] as number),
    size: (size) => push(lengthOf(size, sizes)),
    scratch: (index) => push(scratch[index] as number),
    math: (name, lane) => library.index(name, lane),
    shared(key, make) {
      const index = shared.get(key) ?? make();
      shared.set(key, index);
      return index;
    },
  };
  kernel.emit(node, context);
  builder.export("run", "function", body.index);
  const bytes = builder.build();
  validate(bytes);
  const host = engine() as Engine;
  const { exports } = new host.Instance(new host.Module(bytes), { math: hostMath });
  const memory = (exports["memory"] as { buffer: ArrayBuffer }).buffer;
  const all = new Uint8Array(memory, 0, end).fill(FILLER);
  args.forEach((value, i) => {
    const { dtype } = node.args[i] as Expr;
    const data = typeof value === "number" ? [value] : value.data;
    views[dtype](memory, inputs[i] as number, data.length).set(data);
  });
  const given = inputs.map((at, i) => all.slice(at, at + bytesOf(node.args[i] as Expr)));
  const values = (): Value[] =>
    results.map(({ shape, dtype }, i) => {
      const lengths = shape.map((dim) => (typeof dim === "number" ? dim : (sizes.get(dim) ?? 0)));
      const count = lengthOf(countOf(shape), sizes);
      const data = views[dtype](memory, outputs[i] as number, count).slice();
      return lengths.length === 0 ? (data[0] as number) : new Tensor(lengths, data, dtype);
    });
  const run = (): void => {
    try {
      (exports["run"] as () => void)();
    } catch (error) {
      throw faultError(exports) ?? error;
    }
  };
  run();
  const first = values();
  // Whatever the last run left in results and scratch memory must not matter.
  run();
  expect(values()).toEqual(first);
  inputs.forEach((at, i) => {
    expect(all.slice(at, at + (given[i] as Uint8Array).length)).toEqual(given[i]);
  });
  let from = 0;
  for (const { at, bytes: length } of [...stretches, { at: end, bytes: 0 }]) {
    for (let i = from; i < at; i++) {
      if (all[i] !== FILLER)
        throw new Error(`runKernel: byte ${i} outside of its memory is written`);
    }
    from = at + length;
  }
  return { values: first, exports };
}

/** The node that an expression's kernel computes, below what its builder puts around it. */
export function kernelNode(expression: Expr): Expr {
  const nodes = topological([expression]).nodes.filter(({ op }) => kernels.has(op));
  const [node] = nodes;
  if (node === undefined || nodes.length !== 1) {
    throw new Error(`kernelNode: there must be one node with a kernel, got ${nodes.length}`);
  }
  return node;
}

/** Values of a node whose arguments are variables: by its kernel and by the interpreter. */
export function bothValues(
  node: Expr,
  args: readonly Value[],
  sizes: Sizes = new Map(),
): { readonly got: readonly number[]; readonly expected: readonly number[] } {
  const bindings = new Map<Expr, Bindable>(node.args.map((arg, i) => [arg, args[i] as Value]));
  const expected = evaluate(node, bindings as never, { sizes: Object.fromEntries(sizes) });
  const numbers = (value: Value): number[] =>
    typeof value === "number" ? [value] : [...value.data];
  const { values } = runKernel(node, args, sizes);
  return { got: numbers(values[0] as Value), expected: numbers(expected as Value) };
}

/** What the kernel and the interpreter throw; undefined for nothing. */
export function bothErrors(
  node: Expr,
  args: readonly Value[],
  sizes: Sizes = new Map(),
): { readonly got: unknown; readonly expected: unknown } {
  const bindings = new Map<Expr, Bindable>(node.args.map((arg, i) => [arg, args[i] as Value]));
  return {
    got: thrownBy(() => runKernel(node, args, sizes)),
    expected: thrownBy(() => {
      evaluate(node, bindings as never, { sizes: Object.fromEntries(sizes) });
    }),
  };
}

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
