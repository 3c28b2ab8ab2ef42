import {
  type Engine,
  engine,
  hostMath,
  hostMathModule,
  ModuleBuilder,
  mathLibrary,
} from "@chainrule/compile";
import type { DType, Expr } from "@chainrule/core";
import { kernels } from "../../packages/compile/src/kernels/ops/index.ts";
import { elementBytes } from "../../packages/compile/src/plan/elementBytes.ts";
import { countOf, lengthOf } from "../../packages/compile/src/plan/size.ts";
import type { Kernel, KernelContext } from "../../packages/compile/src/tensor/kernel.ts";

const none: ReadonlyMap<string, number> = new Map();

/** A node without named sizes as a module of its own, its arguments filled without pattern. */
export function kernelModule(node: Expr): {
  readonly run: () => void;
  readonly operations: number;
} {
  const kernel = kernels.get(node.op) as Kernel;
  const builder = new ModuleBuilder();
  const library = mathLibrary(builder, kernel.math?.(node) ?? []);
  let end = 64;
  const place = (bytes: number): number => {
    const at = Math.ceil(end / 64) * 64;
    end = at + bytes;
    return at;
  };
  const bytesOf = ({ shape, dtype }: { shape: Expr["shape"]; dtype: DType }): number =>
    lengthOf(countOf(shape), none) * elementBytes[dtype];
  const inputs = node.args.map((arg) => place(bytesOf(arg)));
  const output = place(bytesOf(node));
  const scratch = (kernel.scratch?.(node) ?? []).map((size) => place(lengthOf(size, none)));
  builder.memory({ minimum: Math.ceil(end / 65536) + 1 });
  builder.export("memory", "memory");
  const shared = new Map<string, number>();
  const body = builder.function("run", [], []);
  const push = (value: number) => () => body.i32(value);
  const context: KernelContext = {
    builder,
    body,
    input: (index) => push(inputs[index] as number),
    output: () => push(output),
    size: (size) => push(lengthOf(size, none)),
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
  const host = engine() as Engine;
  const module = new host.Module(builder.build());
  const { exports } = new host.Instance(module, { [hostMathModule]: hostMath });
  const { buffer } = exports["memory"] as { buffer: ArrayBuffer };
  node.args.forEach(({ shape, dtype }, i) => {
    const count = lengthOf(countOf(shape), none);
    const at = inputs[i] as number;
    if (dtype === "i32")
      new Int32Array(buffer, at, count).set(Array.from({ length: count }, (_, j) => j % 64));
    else if (dtype === "f32") fill(new Float32Array(buffer, at, count));
    else {
      const data = new Float64Array(buffer, at, count);
      fill(data);
      // Square matrices are made positive definite.
      const n = shape.at(-1) as number;
      if (count === n * n) for (let j = 0; j < n; j++) data[j * (n + 1)] = n;
    }
  });
  return {
    run: exports["run"] as () => void,
    operations: lengthOf(kernel.operations?.(node) ?? countOf(node.shape), none),
  };
}

function fill(data: Float32Array | Float64Array): void {
  for (let i = 0; i < data.length; i++) data[i] = ((i * 0.6180339887498949) % 1) - 0.5;
}
