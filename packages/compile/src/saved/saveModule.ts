import {
  ArgumentError,
  type Bindable,
  bind,
  type Expr,
  type Value,
  variable,
} from "@chainrule/core";
import type { CompiledModule } from "../executable/compiledModule.ts";
import type { InputValues } from "../executable/slots.ts";
import { arrayOf } from "../executable/viewOf.ts";
import { faultNames } from "../kernels/ops/index.ts";
import type { Slot } from "../plan/layout.ts";
import { encodeUtf8 } from "../wasm/bytes.ts";
import { withCustomSection } from "../wasm/index.ts";
import { loaderText } from "./loaderText.ts";
import { typesText } from "./typesText.ts";

/** A program that runs without a compiler: what its three files hold. */
export interface SavedModule {
  /** The module; custom sections hold its layout and values. */
  readonly wasm: Uint8Array;
  /** JavaScript (an ES module) that loads it, in Node and in pages. */
  readonly loader: string;
  /** TypeScript declarations of the loader. */
  readonly types: string;
  /** All of it by name of file. */
  readonly files: Readonly<Record<string, Uint8Array | string>>;
}

/** Version of the custom sections. */
const VERSION = 1;

/** Contents of buffers, one after another. */
interface Stored {
  readonly buffer: number;
  readonly bytes: Uint8Array;
  readonly input?: string;
}

/**
 * A compiled module as files. Inputs among `values` begin with these, also when it is loaded.
 *
 * Throws ArgumentError if ops need the interpreter, with all their names, or a value is none of a fixed input.
 */
export function saveModule(module: CompiledModule, name: string, values: InputValues): SavedModule {
  if (!/^[\w-][\w.-]*$/.test(name)) {
    throw new ArgumentError(`exportModule: the name must be one of a file, got "${name}"`);
  }
  if (module.threads > 1) {
    throw new ArgumentError(
      `exportModule: a module must be compiled for one thread, got ${module.threads}`,
    );
  }
  refuseInterpreted(module);
  const { layout } = module;
  const stored = [...storedConstants(module), ...storedValues(module, values)];
  let at = 0;
  const data = stored.map(({ buffer, bytes, input }) => {
    const start = at;
    at += bytes.length;
    return { buffer, at: start, length: bytes.length, ...(input === undefined ? {} : { input }) };
  });
  const all = new Uint8Array(at);
  stored.forEach(({ bytes }, i) => {
    all.set(bytes, data[i]?.at);
  });
  const header = {
    version: VERSION,
    sizes: layout.sizes,
    // JSON knows no ∞: what lives always ends at null.
    buffers: layout.buffers.map(({ bytes, from, to }) => ({
      ...bytes,
      from,
      to: Number.isFinite(to) ? to : null,
    })),
    inputs: layout.inputs,
    outputs: layout.outputs,
    reuse: layout.reuse,
    placement: module.placement ?? null,
    needs: module.needs,
    faults: faultNames,
    data,
  };
  const text = encodeUtf8(JSON.stringify(header));
  const wasm = withCustomSection(
    withCustomSection(module.bytes, "chainrule", text),
    "chainrule data",
    all,
  );
  const loader = loaderText(name);
  const types = typesText(layout);
  const files = { [`${name}.wasm`]: wasm, [`${name}.js`]: loader, [`${name}.d.ts`]: types };
  return { wasm, loader, types, files };
}

function refuseInterpreted({ kernels, hosts }: CompiledModule): void {
  // A kernel's name begins with that of its op.
  const names = [
    ...kernels.map(({ name }) => name.split(" ")[0] as string),
    ...hosts.map(({ node }) => node.op.name),
  ];
  if (names.length === 0) return;
  const list = [...new Set(names)].join(", ");
  throw new ArgumentError(
    `exportModule: every op must have code of its own, got ops that the interpreter computes: ${list}`,
  );
}

/** Constants that the module does not hold itself: those whose place depends on named sizes. */
function storedConstants({ constants, placement }: CompiledModule): Stored[] {
  if (placement !== undefined) return [];
  return [...constants].map(([{ data }, buffer]) => ({
    buffer,
    bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  }));
}

function storedValues({ layout }: CompiledModule, values: InputValues): Stored[] {
  const slots = new Map<Expr, Slot>();
  const given = new Map<Expr, Bindable>();
  for (const [name, value] of Object.entries(values)) {
    const slot = layout.inputs.find((one) => one.name === name);
    if (slot === undefined || slot.shape.some((dim) => typeof dim === "string")) {
      throw new ArgumentError(
        `exportModule: values must belong to inputs of fixed shape, got "${name}"`,
      );
    }
    const node = variable(name, slot.shape, slot.dtype) as Expr;
    slots.set(node, slot);
    given.set(node, value);
  }
  const bound = bind("exportModule", [...given.keys()], given);
  return [...bound.values].map(([node, value]) => storedValue(slots.get(node) as Slot, value));
}

function storedValue({ name, storage, buffer }: Slot, value: Value): Stored {
  const elements = typeof value === "number" ? [value] : value.data;
  const data = new (arrayOf(storage))(elements.length);
  data.set(elements);
  return { buffer, bytes: new Uint8Array(data.buffer), input: name };
}
