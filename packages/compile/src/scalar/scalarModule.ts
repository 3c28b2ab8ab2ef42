import type { CompiledModule } from "../executable/compiledModule.ts";
import type { Slot } from "../plan/layout.ts";
import { fixed, type Size } from "../plan/size.ts";
import { emitScalar } from "./emit.ts";
import { DOUBLE } from "./memory.ts";
import type { NamedElements, ScalarProgram } from "./scalarProgram.ts";

const one = fixed(DOUBLE);

/** Bytes of some doubles; most programs have thousands of single ones. */
function bytesOf(count: number): Size {
  return count === 1 ? one : fixed(count * DOUBLE);
}

/** A scalar program as a module: all elements are doubles at fixed addresses. */
export function scalarModule(program: ScalarProgram): CompiledModule {
  const { bytes, memory, native, library, host, functions, hosts } = emitScalar(program);
  const { inputs, outputs } = program;
  const all = [...inputs, ...outputs];
  const sizes = all.map(({ elements }) => bytesOf(elements.items.length));
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
      buffers: sizes.map((bytes) => ({ bytes, from: 0, to: Number.POSITIVE_INFINITY })),
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
          bytes: sizes,
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
