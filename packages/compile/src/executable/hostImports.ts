import {
  apply,
  type Expr,
  evaluate,
  Tensor,
  type Type,
  type Value,
  variable,
} from "@chainrule/core";
import { item } from "@chainrule/core/control";
import { hostKernelModule } from "../elementwise/index.ts";
import { hostMath, hostMathModule } from "../math/index.ts";
import { hostStepModule } from "../tensor/writeModule.ts";
import type { EngineImports } from "../wasm/index.ts";
import type { Arena } from "./arena.ts";
import type { CompiledModule, HostNode } from "./compiledModule.ts";

/** What a module imports. `arena` gives the memory, which exists once the module is instantiated. */
export function hostImports({ kernels, hosts }: CompiledModule, arena: () => Arena): EngineImports {
  const steps = hosts.map((one) => stepOf(one, arena));
  return {
    [hostMathModule]: { ...hostMath },
    [hostKernelModule]: Object.fromEntries(kernels.map(({ name, call }) => [name, call])),
    [hostStepModule]: Object.fromEntries(steps.map((step, i) => [String(i), step])),
  };
}

/** A node computed by the interpreter, from memory to memory. */
function stepOf({ node, args, results }: HostNode, arena: () => Arena): (...at: number[]) => void {
  const inputs = args.map(({ shape, dtype }, i) => variable(`x${i}`, shape, dtype) as Expr);
  const alone = apply(node.op, inputs, node.attributes);
  const outputs = node.op.items === undefined ? [alone] : results.map((_, i) => item(alone, i));
  return (...at) => {
    const memory = arena();
    const values = new Map<Expr, Tensor>();
    args.forEach((type, i) => {
      values.set(inputs[i] as Expr, tensorAt(memory, type, at[i] as number));
    });
    const made = evaluate(outputs, values, { sizes: Object.fromEntries(memory.sizes) });
    made.forEach((value, i) => {
      write(memory, results[i] as Type, at[args.length + i] as number, value);
    });
  };
}

function tensorAt(memory: Arena, { shape, dtype }: Type, address: number): Tensor {
  const lengths = shape.map((dim) => (typeof dim === "number" ? dim : memory.sizes.get(dim)));
  const data = memory.at(dtype, shape, address).slice();
  return new Tensor(lengths as number[], data, dtype);
}

function write(memory: Arena, { shape, dtype }: Type, address: number, value: Value): void {
  const target = memory.at(dtype, shape, address);
  if (typeof value === "number") target[0] = value;
  else target.set(value.data);
}
