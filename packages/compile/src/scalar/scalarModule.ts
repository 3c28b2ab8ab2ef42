import type { CompiledModule } from "../executable/compiledModule.ts";
import type { Slot } from "../plan/layout.ts";
import { fixed } from "../plan/size.ts";
import { emitScalar } from "./emit.ts";
import type { NamedElements, ScalarProgram } from "./scalarProgram.ts";

/** A scalar program as a module: all elements are doubles at fixed addresses. */
export function scalarModule(program: ScalarProgram): CompiledModule {
  const { bytes, memory, native, library, host, functions, hosts } = emitScalar(program);
  const { inputs, outputs } = program;
  const all = [...inputs, ...outputs];
  const slot =
    (first: number) =>
    ({ name, node, elements }: NamedElements, i: number): Slot => ({
      name,
      dtype: node.dtype,
      shape: elements.shape,
      storage: "f64",
      buffer: first + i,
    });
  return {
    bytes,
    layout: {
      sizes: [],
      buffers: all.map(({ elements }) => ({
        bytes: fixed(elements.items.length * 8),
        from: 0,
        to: Number.POSITIVE_INFINITY,
      })),
      inputs: inputs.map(slot(0)),
      outputs: outputs.map(slot(inputs.length)),
      state: [...program.updates.keys()],
      reuse: true,
    },
    placement: { addresses: [...memory.inputs, ...memory.outputs], bytes: memory.bytes },
    constants: new Map(),
    kernels: hosts,
    hosts: [],
    needs: [],
    threads: 1,
    explanation: {
      steps: [
        {
          text: "scalars, straight through",
          depth: 0,
          operations: fixed(native + library + host),
          bytes: all.map(({ elements }) => fixed(elements.items.length * 8)),
        },
      ],
      native,
      library,
      host,
      functions,
      moduleBytes: bytes.length,
      memoryBytes: memory.bytes,
      slots: memory.slots,
    },
  };
}
