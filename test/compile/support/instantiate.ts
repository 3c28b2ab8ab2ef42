import {
  type Engine,
  type EngineImports,
  type EngineMemory,
  engine,
  type ModuleBuilder,
  validate,
} from "@chainrule/compile";

export type Numeric = (...values: number[]) => number;

/** The engine of the host, which tests need. */
function required(): Engine {
  const host = engine();
  if (host === undefined) throw new Error("tests: the host must have WebAssembly, got none");
  return host;
}

/** A memory of one page to four that threads could share. */
export function sharedMemory(): EngineMemory {
  return new (required().Memory)({ initial: 1, maximum: 4, shared: true });
}

/** Exports of a module that our validator and the engine accept. */
export function instantiate(
  builder: ModuleBuilder,
  imports: EngineImports = {},
): Record<string, Numeric> {
  const bytes = builder.build();
  validate(bytes);
  const host = required();
  return new host.Instance(new host.Module(bytes), imports).exports as Record<string, Numeric>;
}

/** What the engine says of a module. */
export function engineAccepts(bytes: Uint8Array): boolean {
  return required().validate(bytes);
}

/** One function of a module that our validator and the engine accept, and the module's memory of 16 MiB. */
export function instantiateIn(
  builder: ModuleBuilder,
  index: number,
  imports: EngineImports = {},
): { readonly exports: Numeric; readonly buffer: ArrayBuffer } {
  builder.memory({ minimum: 256 });
  builder.export("memory", "memory");
  builder.export("run", "function", index);
  const exports = instantiate(builder, imports) as unknown as Record<string, unknown>;
  const { buffer } = exports["memory"] as EngineMemory;
  return { exports: exports["run"] as Numeric, buffer: buffer as ArrayBuffer };
}
